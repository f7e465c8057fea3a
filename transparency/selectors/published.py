"""The released table as the public reads it: rows, sums of what is told openly, and sums told together."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from grants.models import Call, Grant
from grants.states import GrantState
from kernel import identity
from kernel.money import Money
from transparency.models import OpenDataFile, ReleaseBatch, ReleasedGrant, ReleasedPool

SIGNED = (GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.CLOSED, GrantState.TERMINATED)
"""States of grants that both sides have signed."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty values narrow nothing."""

    year: str = ""
    governorate: str = ""
    sector: str = ""


def told(filters: Filters | None = None) -> QuerySet[ReleasedGrant]:
    """The rows that may be read, the latest first; one held back because it would stand alone is no row."""
    rows = ReleasedGrant.objects.filter(Q(amount_minor__isnull=False) | Q(pool__isnull=False))
    return rows.filter(_narrowed(filters or Filters())).select_related("batch", "pool")


def told_with_their_call(calls: Iterable[Call | UUID]) -> QuerySet[ReleasedGrant]:
    """Rows of the calls' grants of which amount and place are told, and with them the call."""
    openly = ReleasedGrant.objects.filter(amount_minor__isnull=False, grant__call__in=calls)
    return openly.exclude(governorates=[]).order_by()


def pools(filters: Filters | None = None) -> QuerySet[ReleasedPool]:
    """Sums that hold grants told together, as far as it is said of all of them that they fit."""
    return (
        ReleasedPool.objects.filter(_narrowed(filters or Filters()))
        .select_related("batch")
        .order_by("-batch__month", "pk")
    )


def _narrowed(filters: Filters) -> Q:
    """By the year in which the month of signature is told, and by what stands in the row itself."""
    asked = Q()
    if filters.year.isascii() and filters.year.isdecimal() and len(filters.year) == 4:
        asked &= Q(batch__month__year=int(filters.year))
    if filters.governorate:
        asked &= Q(governorates__contains=[filters.governorate])
    if filters.sector:
        asked &= Q(sector=filters.sector)
    return asked


@dataclass(frozen=True, slots=True)
class Sums:
    """What a choice comes to: told openly, told in sums (``withheld``), and added to these; all that may be said of it."""

    grants: int
    open: Money
    paid: Money
    """Paid to grants told openly."""
    listed: int
    """Rows of the list, in whatever currency and whether told openly or in sums."""
    withheld_grants: int
    withheld: Money
    pools: int
    """Sums of the list, in whatever currency."""
    added: Money
    """Added later to grants told in sums: one sum over everything, and nothing of any narrower choice."""

    @property
    def total(self) -> Money:
        """All together: over everything that is released, the ledger's figure."""
        return self.open + self.withheld + self.added


def sums(currency: str, filters: Filters | None = None) -> Sums:
    """The sums of a choice in the fund's currency; two queries, three of everything."""
    everything = (filters or Filters()) == Filters()
    opened = Q(amount_minor__isnull=False, currency=currency)
    # All of it stands in the index `released_sums`, in a tenth of the table's pages.
    rows = (
        told(filters)
        .order_by()
        .aggregate(
            listed=Count("*"),
            grants=Count("amount_minor", filter=opened),
            open=Sum("amount_minor", filter=opened),
            paid=Sum("paid_minor", filter=opened),
        )
    )
    own = Q(currency=currency)
    pooled = (
        pools(filters)
        .order_by()
        .aggregate(pools=Count("*"), grants=Sum("grants", filter=own), sum=Sum("amount_minor", filter=own))
    )
    return Sums(
        grants=rows["grants"],
        open=Money(rows["open"] or 0, currency),
        paid=Money(rows["paid"] or 0, currency),
        listed=rows["listed"],
        withheld_grants=pooled["grants"] or 0,
        withheld=Money(pooled["sum"] or 0, currency),
        pools=pooled["pools"],
        added=added_in_sums(currency) if everything else Money(0, currency),
    )


def paid(currency: str) -> Money:
    """All payments that are told: to grants told openly, and to those told in sums, as one sum."""
    rows = ReleasedGrant.objects.filter(currency=currency)
    told_paid = rows.aggregate(open=Sum("paid_minor"), pooled=Sum("counted_minor", filter=Q(amount_minor__isnull=True)))
    return Money((told_paid["open"] or 0) + (told_paid["pooled"] or 0), currency)


def paid_in_sums(currency: str) -> Money:
    """Payments to grants told in sums, as one sum: of no single one and no filter is it told."""
    rows = ReleasedGrant.objects.filter(currency=currency, pool__isnull=False, amount_minor__isnull=True)
    return Money(rows.aggregate(total=Sum("counted_minor"))["total"] or 0, currency)


def added_in_sums(currency: str) -> Money:
    """What extensions added to grants told in sums, as one sum: of no single one and no filter is it told."""
    rows = ReleasedGrant.objects.filter(currency=currency, pool__isnull=False, amount_minor__isnull=True)
    return Money(rows.aggregate(total=Sum("counted_added_minor"))["total"] or 0, currency)


def years() -> list[int]:
    """Years in which months were released, the latest first."""
    return [month.year for month in ReleaseBatch.objects.dates("month", "year", order="DESC")]


@identity.system("transparency.not_told_yet")
def not_told_yet() -> int:
    """How many signed grants the public does not read yet: within the delay, or too alone to be told."""
    # A signed grant stays signed however it ends: all that is told stands among them, one row each.
    return Grant.objects.filter(state__in=SIGNED).count() - told().count()


def tag_of(name: str) -> str:
    """The fingerprint of the newest version of a public file, empty before it was written."""
    return OpenDataFile.objects.filter(name=name).order_by("-day").values_list("sha256", flat=True).first() or ""


def row_of(grant: Grant) -> ReleasedGrant | None:
    """The public's row of a grant, None before it is released."""
    return ReleasedGrant.objects.filter(grant=grant).select_related("pool", "batch").first()


def payments_of(row: ReleasedGrant) -> list[tuple[date, Money]]:
    """What was paid in each month to a grant that is told openly."""
    return _by_month(row.payments, row.currency)


def additions_of(row: ReleasedGrant) -> list[tuple[date, Money]]:
    """What extensions added to a grant that is told openly, by the month in which both sides had signed."""
    return _by_month(row.added, row.currency)


def _by_month(months: dict[str, int], currency: str) -> list[tuple[date, Money]]:
    return [(date.fromisoformat(day), Money(minor, currency)) for day, minor in sorted(months.items())]
