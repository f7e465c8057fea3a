"""The facts behind the figures of the fund's own money: released rows and pools, gifts, costs, seats, appeals, calls.

Grants are read from the released table alone. Everything else here is public by itself: sums of gifts (with a donor's
name only where the donor allows), running costs, seats by constituency, appeals by outcome, calls and their dates.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from accountability.selectors import Numbers, numbers
from charter.schema import CharterRules
from charter.selectors import rules_to_begin_with
from committees.models import Appeal, Seat
from committees.states import CommitteeState, SeatState
from funds.models import Contribution, Pledge
from funds.selectors import OPEN_PLEDGES
from funds.states import ContributionState, PledgeState
from grants.models import Call
from grants.promises import Kept
from kernel import identity
from ledger.models import Transfer, TransferKind
from transparency.figures.told import ADDED, OF_NO_YEAR, Pooled, Released, Told, first_of_each
from transparency.models import ReleasedGrant
from transparency.selectors import kept_times, published

EXPENSES = "6"
"""First digit of the fund's own costs in the chart of accounts."""


@dataclass(frozen=True, slots=True)
class YearIn:
    """Money in, in minor units: three figures that are never added together."""

    pledged: int = 0
    signed: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Giver:
    """A donor's confirmed contributions; ``name`` by language, empty where the donor is not named."""

    name: Any
    amount: int
    donors: int = 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What the fund spent on itself in a year, by account."""

    year: int
    title: str
    facts: tuple[tuple[str, str], ...]
    amount: int


@dataclass(slots=True)
class OwnFacts:
    """Everything from which the charts of the fund's own money are drawn. Amounts are minor units of ``currency``."""

    currency: str
    released: Released
    paid_in_sums: int = 0
    spent_in_sums: int = 0
    money_in: dict[int, YearIn] = field(default_factory=dict)
    other_currencies: tuple[str, ...] = ()
    givers: list[Giver] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    seats: list[tuple[str, bool, bool, int]] = field(default_factory=list)
    appeals: dict[int, dict[str, int]] = field(default_factory=dict)
    complaints: Numbers | None = None
    speed: list[Kept] = field(default_factory=list)
    calls: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, Any] = field(default_factory=dict)
    edges: tuple[int, ...] = ()
    least_partners: int = 2
    _bands: dict[str, str] = field(default_factory=dict)

    def bands(self, band: Callable[[Told], str]) -> dict[str, str]:
        """The band of size of every grant told openly, by its code; sorted once."""
        if not self._bands:
            self._bands.update({one.code: band(one) for one in self.released.told})
        return self._bands

    @property
    def paid(self) -> int:
        """All payments that are told, those to grants told in sums included."""
        return self.released.paid + self.paid_in_sums

    @property
    def spent(self) -> int:
        """All accepted spending that is told."""
        return self.released.spent + self.spent_in_sums


@identity.system("transparency.own")
def load_facts(rules: CharterRules | None = None) -> OwnFacts:
    """All facts, in a dozen queries whatever their number."""
    rules = rules or rules_to_begin_with()
    currency = rules.currency
    pooled = ReleasedGrant.objects.filter(currency=currency, amount_minor__isnull=True)
    sums = pooled.aggregate(paid=Sum("counted_minor"), spent=Sum("counted_spent_minor"))
    return OwnFacts(
        currency=currency,
        released=Released(first_of_each(_told(currency)), [*_pools(currency), *_added(currency)]),
        paid_in_sums=sums["paid"] or 0,
        spent_in_sums=sums["spent"] or 0,
        money_in=_money_in(currency),
        other_currencies=_other_currencies(currency),
        givers=_givers(currency),
        costs=_costs(currency),
        seats=_seats(),
        appeals=_appeals(),
        complaints=numbers(),
        speed=kept_times.kept_of_calls(kept_times.decided_calls(), rules),
        calls={str(pk): title for pk, title in Call.objects.filter(pk__in=_called()).values_list("pk", "title")},
        sizes={band.key: band.name for band in rules.organisations.size_bands},
        edges=tuple(rules.publication.band_edges_minor),
        least_partners=rules.publication.least_partners,
    )


def _called() -> Any:
    return ReleasedGrant.objects.filter(call__isnull=False).order_by().values("call").distinct()


def _told(currency: str) -> list[Told]:
    rows = ReleasedGrant.objects.filter(currency=currency, amount_minor__isnull=False).order_by("batch__month", "code")
    columns = rows.values_list(
        "code", "grant__organisation", "batch__month", "governorates", "sector", "kind", "size", "call", "women_led",
        "youth_led", "displaced_led", "people_planned", "people_reached", "indirect_minor", "passed_on", "amount_minor", "paid_minor", "spent_minor",
    )  # fmt: skip
    return [
        Told(
            code=code,
            partner=str(partner),
            year=month.year,
            governorates=tuple(sorted(places)),
            sector=sector,
            kind=kind,
            size=size,
            call="" if call is None else str(call),  # type: ignore[redundant-expr]  # the key may be empty
            women_led=bool(women),
            youth_led=bool(youth),
            displaced_led=bool(displaced),
            people_planned=planned or 0,
            people_reached=reached or 0,
            indirect=indirect or 0,
            passed_on=tuple(sorted(passed_on.items())),
            amount=amount or 0,
            paid=paid or 0,
            spent=spent or 0,
        )
        for (
            code, partner, month, places, sector, kind, size, call, women, youth, displaced, planned, reached, indirect, passed_on, amount,
            paid, spent,
        ) in columns.iterator(chunk_size=5000)
    ]  # fmt: skip


def _pools(currency: str) -> list[Pooled]:
    return [
        Pooled(str(pool.pk), pool.batch.month.year, tuple(sorted(pool.governorates)), pool.sector, pool.grants, pool.amount_minor)
        for pool in published.pools().filter(currency=currency)
    ]  # fmt: skip


def _added(currency: str) -> list[Pooled]:
    """What was added to grants told in sums, as a sum of no year, place or sector."""
    minor = published.added_in_sums(currency).minor
    return [Pooled(ADDED, OF_NO_YEAR, (), "", 0, minor)] if minor else []


def _money_in(currency: str) -> dict[int, YearIn]:
    years: dict[int, dict[str, int]] = defaultdict(dict)
    pledges = Pledge.objects.filter(currency=currency, state__in=OPEN_PLEDGES)
    by_year = pledges.annotate(year=ExtractYear("expected_on")).order_by().values_list("year", "state")
    for year, state, total in by_year.annotate(total=Sum("amount_minor")):
        promised = PledgeState.PLEDGED if state == PledgeState.PLEDGED else PledgeState.SIGNED
        years[year][promised] = years[year].get(promised, 0) + total
    received = _received(currency).annotate(year=ExtractYear("received_on")).order_by().values_list("year")
    for year, total in received.annotate(total=Sum("amount_minor")):
        years[year]["received"] = total
    return {
        year: YearIn(sums.get(PledgeState.PLEDGED, 0), sums.get(PledgeState.SIGNED, 0), sums.get("received", 0))
        for year, sums in sorted(years.items())
    }


def _received(currency: str) -> Any:
    return Contribution.objects.filter(state=ContributionState.CONFIRMED, currency=currency)


def _other_currencies(currency: str) -> tuple[str, ...]:
    others = Contribution.objects.filter(state=ContributionState.CONFIRMED).exclude(currency=currency)
    return tuple(others.order_by("currency").values_list("currency", flat=True).distinct())


def _givers(currency: str) -> list[Giver]:
    """Named donors one by one, the largest first; those that are not named together, at the end."""
    rows = _received(currency).order_by().values("donor", "donor__name", "donor__withhold_name")
    sums = list(rows.annotate(total=Sum("amount_minor")))
    named = [Giver(row["donor__name"], row["total"]) for row in sums if not row["donor__withhold_name"]]
    unnamed = [row["total"] for row in sums if row["donor__withhold_name"]]
    named.sort(key=lambda giver: (-giver.amount, str(giver.name)))
    return [*named, Giver("", sum(unnamed), len(unnamed))] if unnamed else named


def _costs(currency: str) -> list[Cost]:
    """Debits of the accounts of costs less their credits, by year and account."""
    rows = Transfer.objects.filter(currency=currency, kind__in=[TransferKind.POST, TransferKind.SETTLE])
    sums: dict[tuple[int, str], int] = defaultdict(int)
    words: dict[str, tuple[str, dict[str, str]]] = {}
    for side, sign in (("debit", 1), ("credit", -1)):
        of_costs = rows.filter(**{f"{side}__code__startswith": EXPENSES}).annotate(year=ExtractYear("posted_at"))
        columns = of_costs.order_by().values_list("year", f"{side}__code", f"{side}__purpose", f"{side}__facts")
        for year, code, purpose, facts, total in columns.annotate(total=Sum("amount_minor")):
            sums[year, code] += sign * total
            words[code] = (purpose, facts)
    return [
        Cost(year, words[code][0], tuple(sorted(words[code][1].items())), amount)
        for (year, code), amount in sorted(sums.items())
    ]


def _seats() -> list[tuple[str, bool, bool, int]]:
    """Filled seats of constituted committees by constituency, whether they are civil society's and have a vote."""
    seats = Seat.objects.filter(
        state=SeatState.FILLED, committee__state=CommitteeState.CONSTITUTED, alternate_of__isnull=True
    )
    rows = seats.order_by().values_list("constituency", "civil_society", "voting").annotate(seats=Count("pk"))
    return sorted(rows, key=lambda row: (-row[3], row[0]))


def _appeals() -> dict[int, dict[str, int]]:
    """By the year in which they were lodged: how appeals ended; empty: not answered yet."""
    rows = Appeal.objects.annotate(year=ExtractYear("lodged_at")).order_by().values_list("year", "outcome")
    years: dict[int, dict[str, int]] = defaultdict(dict)
    for year, outcome, number in rows.annotate(number=Count("pk")):
        years[year][outcome] = number
    return {year: dict(sorted(outcomes.items())) for year, outcomes in sorted(years.items())}
