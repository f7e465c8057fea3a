"""The way of a donor's money: contribution → call → grant → tranche → payment → report, each with the donor's own part."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from disbursements.models import Payment, Tranche
from disbursements.states import PaymentState, TrancheState
from funds.models import Contribution, Donor
from grants.models import Grant, GrantFunding, Report
from grants.states import ReportState
from kernel import identity
from kernel.money import Money
from kernel.pieces import ThreadLink
from transparency.giving.statement import Line, Movement
from transparency.selectors.giving.books import POSTED, Entries, currencies_of, entries_of, movements
from transparency.selectors.giving.names import GrantTold, told_to


@dataclass(frozen=True, slots=True)
class Part:
    """A donor's own part of a grant in minor units: promised, no longer promised, paid out, come back."""

    promised: int = 0
    taken_back: int = 0
    paid: int = 0
    refunded: int = 0

    @property
    def owed(self) -> int:
        return self.promised - self.taken_back - self.paid


@dataclass(frozen=True, slots=True)
class GrantThread:
    """What one contribution does in one grant, with what extensions added of it."""

    key: UUID
    """The grant's id: for the fund alone, never shown to a donor."""
    contribution: Contribution
    call: str
    grant: GrantTold
    part: Part
    currency: str

    @property
    def promised(self) -> Money:
        return Money(self.part.promised - self.part.taken_back, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.part.paid, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.part.refunded, self.currency)

    @property
    def owed(self) -> Money:
        return Money(self.part.owed, self.currency)


@dataclass(slots=True)
class SourceThread:
    """A contribution and all grants that it is in."""

    contribution: Contribution
    grants: list[GrantThread] = field(default_factory=list)

    @property
    def links(self) -> list[ThreadLink]:
        """The chain of the whole contribution with its sums."""
        one, currency = self.contribution, self.contribution.currency
        calls = {thread.call for thread in self.grants}
        promised, paid = (
            sum((getattr(thread, name) for thread in self.grants), Money(0, currency)) for name in ("promised", "paid")
        )
        place = (one.donor_id, one.reference)
        links = [
            ThreadLink(
                _("Contribution"),
                one.reference,
                money=Money(one.amount_minor, currency),
                here=True,
                opens=_received(one),
            )
        ]
        if calls:
            links += [
                ThreadLink(_("Calls"), " · ".join(sorted(calls))),
                ThreadLink(
                    _("Promised to grants"),
                    str(len(self.grants)),
                    money=promised,
                    opens=reverse("transparency:source_figure", args=[*place, "promised"]),
                ),
                ThreadLink(
                    _("Paid and received"),
                    "",
                    money=paid,
                    opens=reverse("transparency:source_figure", args=[*place, "paid"]),
                ),
            ]
        return links


@identity.system("transparency.giving")
def threads_of(donor: Donor) -> list[SourceThread]:
    """Every confirmed contribution with the grants that it is in, the latest first; a constant number of queries a currency."""
    rows = Contribution.objects.filter(donor=donor, account__isnull=False).order_by("-received_on", "reference")
    threads = {one.pk: SourceThread(one) for one in rows}
    funding = list(_funding(donor))
    told = told_to(donor, {row.grant_id: row.grant for row in funding}.values())
    parts: dict[tuple[UUID, UUID], Part] = {}
    for currency in currencies_of(donor):
        parts |= _parts(entries_of(donor, currency), funding)
    for (contribution, grant), row in _first_of_each(funding).items():
        source, call = threads[contribution], str(row.envelope.call.title)
        source.grants.append(
            GrantThread(grant, source.contribution, call, told[grant], parts[contribution, grant], row.grant.currency)
        )
    return list(threads.values())


@identity.system("transparency.giving")
def named(donor: Donor) -> tuple[dict[UUID, str], dict[UUID, GrantTold]]:
    """The codes of the donor's contributions, and its grants as it may read them, by their ids."""
    references = dict(Contribution.objects.filter(donor=donor).values_list("pk", "reference"))
    return references, told_to(donor, {row.grant_id: row.grant for row in _funding(donor)}.values())


def _funding(donor: Donor) -> Iterable[GrantFunding]:
    rows = GrantFunding.objects.filter(envelope__contribution__donor=donor).order_by("-leaf_id")
    return rows.select_related("grant__organisation", "grant__application", "envelope__call", "envelope__contribution")


def _first_of_each(funding: Iterable[GrantFunding]) -> dict[tuple[UUID, UUID], GrantFunding]:
    """One row by contribution and grant, in the order of the rows: what an extension added is a row of its own."""
    rows: dict[tuple[UUID, UUID], GrantFunding] = {}
    for row in funding:
        rows.setdefault((row.envelope.contribution_id, row.grant_id), row)
    return rows


def _parts(entries: Entries, funding: Iterable[GrantFunding]) -> dict[tuple[UUID, UUID], Part]:
    """By contribution and grant: what the books say of each funding."""
    sums: dict[tuple[UUID, UUID], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    by_reference = {row.grant.reference: row.grant_id for row in funding}
    for row in funding:
        sums[row.envelope.contribution_id, row.grant_id]["promised"] += row.amount_minor
    for row in entries.rows:
        debit, credit = entries.places.get(row.debit_id), entries.places.get(row.credit_id)
        if row.kind not in POSTED:
            continue
        if debit and debit.grant:
            sums[debit.contribution, debit.grant]["taken_back" if credit else "paid"] += row.amount_minor
        elif credit and debit is None and (grant := by_reference.get(str(row.facts.get("grant", "")))):
            sums[credit.contribution, grant]["refunded"] += row.amount_minor
    return {key: Part(**found) for key, found in sums.items()}


@dataclass(frozen=True, slots=True)
class PaymentTold:
    """A payment as a donor reads it: its own part, and the day, or only the month where the partner is withheld."""

    tranche: int
    day: date
    by_month: bool
    own: Money


@dataclass(frozen=True, slots=True)
class TrancheTold:
    """A tranche of the grant: what it waits for, and the donor's payments in it."""

    number: int
    state: str
    due: date
    payments: list[PaymentTold]


@dataclass(frozen=True, slots=True)
class ReportTold:
    """A report of the grant: for which period, due when, accepted or not. Its text is shown after a safety review only."""

    pk: UUID
    label: str
    kind: str
    first: date
    last: date
    due: date
    state: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class GrantPage:
    """Everything that a donor may read of one grant with its money."""

    grant: GrantTold
    threads: list[GrantThread]
    tranches: list[TrancheTold]
    reports: list[ReportTold]
    links: list[list[ThreadLink]]


@identity.system("transparency.giving")
def grant_thread(donor: Donor, code: str) -> GrantPage | None:
    """The grant that the donor knows by ``code``, down to payments and reports; None when there is none.

    The fund itself reads: payments and reports are walled, and of them only these columns go out.
    """
    threads = [thread for source in threads_of(donor) for thread in source.grants if thread.grant.code == code]
    if not threads:
        return None
    grant, told = Grant.objects.get(pk=threads[0].key), threads[0].grant
    payments = _payments(donor, grant, told)
    tranches = [
        TrancheTold(
            one.number,
            str(TrancheState(one.state).label) if one.state in _TOLD else str(TrancheState.PLANNED.label),
            one.due_on,
            [payment for payment in payments if payment.tranche == one.number],
        )
        for one in Tranche.objects.filter(grant=grant).order_by("number")
    ]
    reports = [_report(one) for one in Report.objects.filter(grant=grant).order_by("number", "extra")]
    links = [_links(donor, thread, tranches, reports) for thread in threads]
    return GrantPage(told, threads, tranches, reports, links)


_TOLD = (TrancheState.PLANNED, TrancheState.RECEIVED, TrancheState.CANCELLED)
"""Tranches between planning and receipt are told as planned: who holds what, and why, is between fund and partner."""


def _payments(donor: Donor, grant: Grant, told: GrantTold) -> list[PaymentTold]:
    own: dict[str, int] = defaultdict(int)
    for one in _movements_of(donor, grant):
        own[one.payment] += one.minor
    rows = Payment.objects.filter(tranche__grant=grant, state=PaymentState.CONFIRMED, key__in=own)
    found = rows.order_by("received_on").values_list("key", "tranche__number", "received_on")
    return [
        PaymentTold(number, day, told.withheld, Money(own[key], grant.currency)) for key, number, day in found if day
    ]


def paid_in_tranches(grant: UUID) -> dict[int, set[str]]:
    """The keys of confirmed payments by the number of their tranche: for the fund, never shown to a donor."""
    keys: dict[int, set[str]] = defaultdict(set)
    rows = Payment.objects.filter(tranche__grant=grant, state=PaymentState.CONFIRMED)
    for number, key in rows.values_list("tranche__number", "key"):
        keys[number].add(key)
    return keys


def _movements_of(donor: Donor, grant: Grant) -> Iterable[Movement]:
    entries = entries_of(donor, grant.currency)
    return (one for one in movements(entries) if one.grant == grant.pk and one.line is Line.PAID)


def _report(one: Report) -> ReportTold:
    accepted = one.state in (ReportState.ACCEPTED, ReportState.WAIVED)
    state = one.get_state_display() if accepted else _("awaited")
    return ReportTold(
        one.pk, one.label, one.get_kind_display(), one.period_start, one.period_end, one.due_on, str(state), accepted
    )


def _received(one: Contribution) -> str:
    return reverse("funds:contribution_received", args=[one.pk])


def _part(donor: Donor, thread: GrantThread, name: str) -> str:
    return reverse("transparency:part_figure", args=[donor.pk, thread.grant.code, thread.contribution.reference, name])


def _links(
    donor: Donor, thread: GrantThread, tranches: list[TrancheTold], reports: list[ReportTold]
) -> list[ThreadLink]:
    """The chain of one contribution in this grant."""
    place = reverse("transparency:donor_place", args=[donor.pk])
    contribution = thread.contribution
    paid = [payment for one in tranches for payment in one.payments]
    accepted = [one for one in reports if one.accepted]
    return [
        ThreadLink(
            _("Contribution"), contribution.reference, url=place,
            money=Money(contribution.amount_minor, contribution.currency), opens=_received(contribution),
        ),
        ThreadLink(_("Call"), thread.call),
        ThreadLink(_("Grant"), thread.grant.code, money=thread.promised, here=True, opens=_part(donor, thread, "promised")),
        ThreadLink(_("Tranches paid"), _("%(paid)s of %(all)s") % {"paid": len({p.tranche for p in paid}), "all": len(tranches)}),
        ThreadLink(_("Paid and received"), "", money=thread.paid, opens=_part(donor, thread, "paid")),
        ThreadLink(_("Reports accepted"), _("%(paid)s of %(all)s") % {"paid": len(accepted), "all": len(reports)}),
    ]  # fmt: skip
