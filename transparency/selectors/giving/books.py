"""The transfers that touched a donor's money, and the statement that they make."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from charter.calendar import add_months
from funds import books as words
from funds.models import Contribution, Donor
from funds.services import BANK
from funds.services.endings import DUE_TO_DONORS
from grants.models import Envelope, GrantFunding
from kernel import identity
from ledger.models import Transfer, TransferKind
from transparency.giving.statement import Held, Line, Movement, Statement, statement_of

POSTED = (TransferKind.POST, TransferKind.SETTLE)
_RECEIVED = words.RECEIVED(contribution="", reference="").key
_OUTSIDE = (BANK, "1050")
"""Accounts in which money has left the donor's: the bank, and providers that carry cash."""


class Kind(StrEnum):
    """Kinds of places."""

    SOURCE = "source"
    ENVELOPE = "envelope"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Place:
    """Where money of a contribution lies: free in its source account, in a call's envelope, or owed to a grant."""

    contribution: UUID
    envelope: UUID | None = None
    grant: UUID | None = None

    @property
    def kind(self) -> Kind:
        """Which of the three it is."""
        if self.grant is not None:
            return Kind.GRANT
        return Kind.SOURCE if self.envelope is None else Kind.ENVELOPE


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, both included, each by its first day: single days of payments are no one's to guess."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment in the period."""
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return timezone.make_aware(datetime.combine(add_months(self.last, 1), time.min))


@dataclass(frozen=True, slots=True)
class Entries:
    """Transfers of a donor's accounts, oldest first, with what each account is."""

    places: dict[UUID, Place]
    rows: list[Any]


def entries_of(donor: Donor, currency: str, *, until: datetime | None = None) -> Entries:
    """Every transfer that touched the donor's money in one currency before ``until``; four queries."""
    sources = Contribution.objects.filter(donor=donor, currency=currency, account__isnull=False)
    own = dict(sources.values_list("pk", "account"))
    places = {account: Place(pk) for pk, account in own.items()}
    rows = Envelope.objects.filter(contribution__in=own).values_list("account_id", "contribution_id", "pk")
    places |= {account: Place(source, envelope=pk) for account, source, pk in rows}
    funding = GrantFunding.objects.filter(envelope__contribution__in=own).values_list(
        "account_id", "envelope__contribution_id", "envelope_id", "grant_id"
    )
    places |= {account: Place(source, envelope, grant) for account, source, envelope, grant in funding}
    found = Transfer.objects.filter(Q(debit__in=places) | Q(credit__in=places)).order_by("pk")
    if until is not None:
        found = found.filter(posted_at__lt=until)
    columns = (
        "pk", "kind", "debit_id", "credit_id", "debit__code", "credit__code", "amount_minor", "posted_at", "pending_id",
        "reason", "facts",
    )  # fmt: skip
    return Entries(places, list(found.values_list(*columns, named=True)))


def movements(entries: Entries) -> Iterator[Movement]:
    """What came into the donor's accounts from outside, and what left them."""
    return (movement for _transfer, movement in moved(entries))


def moved(entries: Entries) -> Iterator[tuple[int, Movement]]:
    """The same, each with the id of its transfer."""
    for row in entries.rows:
        debit, credit = entries.places.get(row.debit_id), entries.places.get(row.credit_id)
        if row.kind not in POSTED or (debit is None) == (credit is None):
            continue
        place = debit or credit
        assert place is not None  # noqa: S101 -- exactly one side is the donor's
        if debit is not None:
            line = _line_out(row.credit__code)
        else:
            line = Line.RECEIVED if row.reason == _RECEIVED else Line.REFUNDED
        yield (
            row.pk,
            Movement(
                row.posted_at,
                line,
                row.amount_minor,
                place.contribution,
                place.grant,
                str(row.facts.get("payment", "")),
                str(row.facts.get("grant", "")),
            ),
        )


def _line_out(code: str) -> Line:
    """Why money left a donor's accounts, by the account that it went to."""
    if code.startswith(DUE_TO_DONORS):
        return Line.RETURNED
    return Line.PAID if code.startswith(_OUTSIDE) else Line.COSTS


@dataclass(frozen=True, slots=True)
class Standing:
    """What a transfer does to the money of one kind of places: it is there, or is reserved of what is there."""

    transfer: int
    kind: Kind
    minor: int
    reserved: bool = False


def standing(entries: Entries) -> Iterator[Standing]:
    """Why money lies where it lies after the last of the entries."""
    resolved = {row.pending_id for row in entries.rows if row.pending_id is not None}
    for row in entries.rows:
        debit, credit = entries.places.get(row.debit_id), entries.places.get(row.credit_id)
        if row.kind in POSTED:
            for place, minor in ((credit, row.amount_minor), (debit, -row.amount_minor)):
                if place is not None:
                    yield Standing(row.pk, place.kind, minor)
        elif row.kind == TransferKind.PEND and row.pk not in resolved and debit is not None:
            yield Standing(row.pk, debit.kind, row.amount_minor, reserved=True)


def _held(entries: Entries) -> Held:
    """Where the money lies after the last of the entries."""
    there, reserved = Counter[Kind](), Counter[Kind]()
    for one in standing(entries):
        (reserved if one.reserved else there)[one.kind] += one.minor
    return Held(
        free=there[Kind.SOURCE] - reserved[Kind.SOURCE],
        for_costs=reserved[Kind.SOURCE],
        for_calls=there[Kind.ENVELOPE] - reserved[Kind.ENVELOPE],
        for_awards=reserved[Kind.ENVELOPE],
        owed=there[Kind.GRANT] - reserved[Kind.GRANT],
        on_the_way=reserved[Kind.GRANT],
    )


def _promised(entries: Entries, since: datetime) -> int:
    """What was newly promised to signed grants from ``since`` on, less what was promised no more; minor units."""
    return sum(minor for _transfer, minor in promises(entries, since))


def promises(entries: Entries, since: datetime) -> Iterator[tuple[int, int]]:
    """The transfers that promised money to grants from ``since`` on, or took a promise back, with their signed minor units."""
    for row in entries.rows:
        debit, credit = entries.places.get(row.debit_id), entries.places.get(row.credit_id)
        if row.kind in POSTED and row.posted_at >= since and debit and credit:
            yield row.pk, row.amount_minor * ((credit.grant is not None) - (debit.grant is not None))


@identity.system("transparency.giving")
def statement(donor: Donor, currency: str, period: Period) -> Statement:
    """The donor's money in a period, equal to the books: its closing balance is what the donor's accounts hold then."""
    entries = entries_of(donor, currency, until=period.end)
    return statement_of(
        currency,
        movements(entries),
        since=period.begin,
        held=_held(entries),
        promised=_promised(entries, period.begin),
    )


def currencies_of(donor: Donor) -> list[str]:
    """Currencies in which the donor's money is in the books."""
    rows = Contribution.objects.filter(donor=donor, account__isnull=False)
    return list(rows.order_by("currency").values_list("currency", flat=True).distinct())


def months_of(donor: Donor) -> list[date]:
    """The months from the first confirmed contribution to this one, each by its first day, the latest first."""
    rows = Contribution.objects.filter(donor=donor, account__isnull=False).order_by("moved_at")
    began, month = rows.values_list("moved_at", flat=True).first(), timezone.localdate().replace(day=1)
    first = timezone.localdate(began).replace(day=1) if began is not None else month
    months = [month]
    while months[-1] > first:
        months.append(add_months(months[-1], -1))
    return months
