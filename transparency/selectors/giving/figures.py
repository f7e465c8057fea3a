"""What stands behind the figures of the donors' place: the transfers of the donor's own money, and nobody else's."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.urls import reverse

from funds.models import Contribution, Donor
from grants.models import Grant
from kernel import identity
from kernel.money import Money
from ledger.figures import Behind, Made, Piece, adding_up, made_of
from ledger.models import Transfer
from transparency.giving.statement import Line
from transparency.selectors.giving.books import (
    POSTED,
    Entries,
    Kind,
    Period,
    entries_of,
    moved,
    promises,
    standing,
)
from transparency.selectors.giving.portfolio import Share, gifts_before, portfolio
from transparency.selectors.giving.threads import GrantThread, paid_in_tranches, threads_of

OPENING, CLOSING, PROMISED = "opening", "closing", "promised"
HELD: Final = {
    "free": (Kind.SOURCE, False),
    "for-costs": (Kind.SOURCE, True),
    "for-calls": (Kind.ENVELOPE, False),
    "for-awards": (Kind.ENVELOPE, True),
    "owed": (Kind.GRANT, False),
    "on-the-way": (Kind.GRANT, True),
}
"""For what money is held: in which places, and whether it is what is reserved there."""
STATEMENT: Final = frozenset({OPENING, CLOSING, PROMISED, *Line, *HELD})
PARTS: Final = ("promised", "paid", "owed", "refunded")
SHARES: Final = ("promised", "paid")
_Rows = Iterable[tuple[int, int]]


@identity.system("transparency.giving")
def behind_statement(donor: Donor, currency: str, period: Period, name: str) -> Behind:
    """One figure of `STATEMENT`; what went counts as its own line tells it, without a sign."""
    entries = entries_of(donor, currency, until=period.end)
    return _adding_up(_statement_rows(entries, period, name), currency)


def _statement_rows(entries: Entries, period: Period, name: str) -> _Rows:
    if name in HELD:
        kind, reserved = HELD[name]
        found = [one for one in standing(entries) if one.kind is kind and (one.reserved or not reserved)]
        return [(one.transfer, one.minor if reserved or not one.reserved else -one.minor) for one in found]
    if name == PROMISED:
        return promises(entries, period.begin)
    told = list(moved(entries))
    if name == CLOSING:
        return [(pk, one.line.sign * one.minor) for pk, one in told]
    if name == OPENING:
        return [(pk, one.line.sign * one.minor) for pk, one in told if one.moment < period.begin]
    return [(pk, one.minor) for pk, one in told if one.moment >= period.begin and one.line == name]


def _adding_up(rows: _Rows, currency: str) -> Behind:
    """One row for each transfer, newest first; what comes to nothing is left out."""
    sums: dict[int, int] = {}
    for pk, minor in rows:
        sums[pk] = sums.get(pk, 0) + minor
    told = [pk for pk in sorted(sums, reverse=True) if sums[pk]]
    found = Transfer.objects.select_related("debit", "credit", "leaf").in_bulk(told)
    return adding_up([(found[pk], Money(sums[pk], currency)) for pk in told], currency)


# Grants -----------------------------------------------------------------------------------------------------------


def thread_with(donor: Donor, code: str, contribution: str) -> GrantThread | None:
    """What a contribution does in the grant that the donor knows by ``code``."""
    found = (one for source in threads_of(donor) for one in source.grants)
    return next((one for one in found if (one.grant.code, one.contribution.reference) == (code, contribution)), None)


def behind_source(donor: Donor, contribution: str, name: str) -> Made | None:
    """One of `SHARES` of a contribution in all its grants, each as the donor knows it; None where it is in none."""
    for source in threads_of(donor):
        if source.contribution.reference == contribution and source.grants:
            return made_of([_in_grant(donor, one, name) for one in source.grants], source.contribution.currency)
    return None


def _in_grant(donor: Donor, thread: GrantThread, name: str) -> Piece:
    code, money = thread.grant.code, thread.promised if name == "promised" else thread.paid
    url = reverse("transparency:part_figure", args=[donor.pk, code, thread.contribution.reference, name])
    return Piece(code, money, url)


@identity.system("transparency.giving")
def behind_part(donor: Donor, thread: GrantThread, name: str) -> Behind:
    """One of `PARTS`: what of a contribution was promised to a grant, paid to it, is owed, or came back."""
    entries = entries_of(donor, thread.currency)
    reference = Grant.objects.values_list("reference", flat=True).get(pk=thread.key)
    counts = {"promised": (1, 0, 0), "paid": (0, 1, 0), "owed": (1, -1, 0), "refunded": (0, 0, 1)}[name]
    return _adding_up(_part_rows(entries, thread, reference, counts), thread.currency)


def _part_rows(entries: Entries, thread: GrantThread, reference: str, counts: tuple[int, int, int]) -> _Rows:
    promised, paid, refunded = counts
    here = (thread.contribution.pk, thread.key)
    for row in entries.rows:
        if row.kind not in POSTED:
            continue
        debit, credit = entries.places.get(row.debit_id), entries.places.get(row.credit_id)
        if credit and (credit.contribution, credit.grant) == here:
            yield row.pk, promised * row.amount_minor
        elif debit and (debit.contribution, debit.grant) == here:
            yield row.pk, (-promised if credit else paid) * row.amount_minor
        elif debit is None and credit and credit.contribution == here[0] and row.facts.get("grant") == reference:
            yield row.pk, refunded * row.amount_minor


@identity.system("transparency.giving")
def behind_tranche(donor: Donor, code: str, number: int) -> Behind | None:
    """The donor's own part of what was paid and received of a tranche; None where there is none."""
    thread = next((one for source in threads_of(donor) for one in source.grants if one.grant.code == code), None)
    keys = paid_in_tranches(thread.key).get(number) if thread is not None else None
    if thread is None or not keys:
        return None
    entries = entries_of(donor, thread.currency)
    rows = [
        (pk, one.minor)
        for pk, one in moved(entries)
        if one.line is Line.PAID and one.grant == thread.key and one.payment in keys
    ]
    return _adding_up(rows, thread.currency) if rows else None


# Unearmarked money ------------------------------------------------------------------------------------------------


@identity.system("transparency.giving")
def behind_share(donor: Donor, currencies: Iterable[str], code: str, name: str) -> Made | None:
    """One of `SHARES` in a grant: the donor's own free contributions, each with its proportional part to the cent.

    It tells nothing of what others gave: nobody's dollar went to one grant, so there are no transfers of the donor's alone.
    """
    for currency in currencies:
        for one in portfolio(donor, currency):
            if one.grant.code == code:
                return _share(donor, one, name)
    return None


def _share(donor: Donor, share: Share, name: str) -> Made:
    currency = share.promised.currency
    gifts: dict[UUID, Contribution] = {}
    parts: dict[UUID, Money] = {}
    for one in share.signatures:
        money = Money(one.promised if name == "promised" else one.paid, currency)
        given = gifts_before(donor, one.moment, currency)
        for gift, part in zip(given, money.allocate([gift.amount_minor for gift in given]), strict=True):
            gifts[gift.pk] = gift
            parts[gift.pk] = parts.get(gift.pk, Money(0, currency)) + part
    pieces = [
        Piece(gift.reference, parts[pk], reverse("funds:contribution_received", args=[pk]), share=True)
        for pk, gift in gifts.items()
    ]
    return made_of(pieces, currency)
