"""The fund's cash by month: what arrives, what is to be paid, and what happens when it does not arrive. Plain Python.

Amounts are minor units of one currency. Within a day payments come before receipts, so that nothing is paid from money
that may arrive the same day. What is expected counts with its likelihood; the reserve is touched last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import accumulate, groupby

from kernel.money import Money
from ledger.rates import Rates

YEAR = 12


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that a donor has promised and that has not arrived; ``percent`` is how likely it is, ``key`` names the pledge."""

    donor: str
    day: date
    money: Money
    percent: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A payment to be made: ``key`` names the tranche."""

    key: str
    day: date
    money: Money


@dataclass(frozen=True, slots=True)
class Stock:
    """Money that is there today: all of it, and what of it may not pay tranches."""

    cash: Sequence[Money] = ()
    kept_apart: Sequence[Money] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What goes wrong: donors who stop, months of delay of every receipt, currencies that lose percent of their worth."""

    stopped: frozenset[str] = frozenset()
    late_months: int = 0
    falls: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The charter's numbers: months ahead, share kept as reserve of a year's payments, own costs by what is paid."""

    months: int
    reserve_percent: int
    own_costs_percent: int


class Standing(StrEnum):
    """How a payment fares that free money does not cover."""

    RESERVE = "reserve"
    """Only with money of the reserve."""
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class Risk:
    """A payment that is not covered without the reserve; ``missing_minor`` is what even the reserve does not cover."""

    due: Due
    standing: Standing
    minor: int
    missing_minor: int


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month: ``closing_minor`` with what is expected, ``certain_minor`` when nothing more arrives."""

    first: date
    receipts_minor: int
    payments_minor: int
    own_costs_minor: int
    closing_minor: int
    certain_minor: int
    lowest_minor: int
    """The least that is there at any moment of the month."""

    @property
    def key(self) -> str:
        """Its year and month, as addresses have them."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Bridge:
    """Consecutive months in which money is missing: from the first to the last, and how much at the worst."""

    first: date
    last: date
    months: int
    most_minor: int

    @property
    def key(self) -> str:
        """Year and month of its beginning, as addresses have them."""
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The months in order, what of today's cash may be used, the reserve, and what is at risk."""

    opening_minor: int
    reserve_minor: int
    months: tuple[Month, ...]
    at_risk: tuple[Risk, ...]
    unvalued: tuple[Money, ...]
    """Amounts in currencies without a rate: in no figure here."""

    @property
    def lowest_minor(self) -> int:
        """The least that is there at any moment."""
        return min(month.lowest_minor for month in self.months)

    def bridges(self) -> list[Bridge]:
        """Windows in which not even the reserve suffices."""
        return self._below(0)

    def in_the_reserve(self) -> list[Bridge]:
        """Windows in which the reserve is used, whether or not it suffices."""
        return self._below(self.reserve_minor)

    @property
    def reserve_used_minor(self) -> int:
        """How much of the reserve is used at the worst, never more than there is of it."""
        return min(max(self.reserve_minor - self.lowest_minor, 0), self.reserve_minor)

    def _below(self, floor: int) -> list[Bridge]:
        found = []
        for below, run in groupby(self.months, key=lambda month: month.lowest_minor < floor):
            if below:
                months = list(run)
                worst = floor - min(month.lowest_minor for month in months)
                found.append(Bridge(months[0].first, months[-1].first, len(months), worst))
        return found


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    index = day.year * YEAR + day.month - 1 + months
    year, month = index // YEAR, index % YEAR + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def forecast(
    stock: Stock,
    receipts: Iterable[Receipt],
    dues: Iterable[Due],
    *,
    today: date,
    rates: Rates,
    assumptions: Assumptions,
    scenario: Scenario | None = None,
) -> Forecast:
    """The fund's cash from ``today`` on. What was due or expected before today is taken as of today."""
    return _Reckoning(today, rates, assumptions, scenario or Scenario()).run(stock, list(receipts), list(dues))


@dataclass(frozen=True, slots=True)
class Moment:
    """A change of the cash: a receipt, or a payment with the fund's own costs beside it."""

    day: date
    received_minor: int = 0
    paid_minor: int = 0
    own_minor: int = 0
    due: Due | None = None
    receipt: Receipt | None = None

    @property
    def minor(self) -> int:
        return self.received_minor - self.paid_minor - self.own_minor


def moments(
    receipts: Iterable[Receipt],
    dues: Iterable[Due],
    *,
    today: date,
    rates: Rates,
    assumptions: Assumptions,
    scenario: Scenario,
) -> list[Moment]:
    """What the months of `forecast` are made of, in order."""
    return _Reckoning(today, rates, assumptions, scenario).moments(receipts, dues)


@dataclass(slots=True)
class _Reckoning:
    today: date
    rates: Rates
    assumptions: Assumptions
    scenario: Scenario
    unvalued: list[Money] = field(default_factory=list)

    def run(self, stock: Stock, receipts: list[Receipt], dues: list[Due]) -> Forecast:
        opening = self._sum(stock.cash) - self._sum(stock.kept_apart)
        within = self.moments(receipts, dues)
        reserve = self._reserve(within)
        months = tuple(self._months(opening, within))
        return Forecast(opening, reserve, months, tuple(_risks(opening, within, reserve)), _summed(self.unvalued))

    def moments(self, receipts: Iterable[Receipt], dues: Iterable[Due]) -> list[Moment]:
        """Everything that changes the cash within the forecast, in order."""
        found = [*self._payments(dues), *self._receipts(receipts)]
        return sorted((one for one in found if one.day < self.end), key=lambda one: (one.day, one.due is None))

    @property
    def end(self) -> date:
        """The first day after the forecast."""
        return months_later(month_of(self.today), self.assumptions.months)

    def _sum(self, amounts: Iterable[Money]) -> int:
        return sum(self._worth(money) for money in amounts)

    def _worth(self, money: Money) -> int:
        worth = self.rates.valued(money, fall_percent=self.scenario.falls.get(money.currency, 0))
        if worth is None:
            self.unvalued.append(money)
            return 0
        return worth

    def _payments(self, dues: Iterable[Due]) -> Iterator[Moment]:
        for due in dues:
            day = max(due.day, self.today)
            minor = -self._worth(-due.money)
            own = minor * self.assumptions.own_costs_percent // 100
            yield Moment(day, paid_minor=minor, own_minor=own, due=replace(due, day=day))

    def _receipts(self, receipts: Iterable[Receipt]) -> Iterator[Moment]:
        for one in receipts:
            if one.donor not in self.scenario.stopped:
                day = months_later(max(one.day, self.today), self.scenario.late_months)
                yield Moment(day, received_minor=self._worth(one.money) * one.percent // 100, receipt=one)

    def _reserve(self, moments: Iterable[Moment]) -> int:
        year = months_later(self.today, YEAR)
        return sum(one.paid_minor for one in moments if one.day < year) * self.assumptions.reserve_percent // 100

    def _months(self, opening: int, moments: Sequence[Moment]) -> Iterator[Month]:
        by_month = {first: list(run) for first, run in groupby(moments, key=lambda one: month_of(one.day))}
        closing = certain = opening
        for number in range(self.assumptions.months):
            first = months_later(month_of(self.today), number)
            here = by_month.get(first, [])
            received, paid, own = (sum(getattr(one, name) for one in here) for name in _PARTS)
            lowest = min(accumulate((one.minor for one in here), initial=closing))
            closing, certain = closing + received - paid - own, certain - paid - own
            yield Month(first, received, paid, own, closing, certain, lowest)


_PARTS = ("received_minor", "paid_minor", "own_minor")


def _risks(opening: int, moments: Iterable[Moment], reserve: int) -> Iterator[Risk]:
    cash = opening
    for one in moments:
        before, cash = cash, cash + one.minor
        if one.due is None or before - one.paid_minor >= reserve:
            continue
        missing = min(max(one.paid_minor - max(before, 0), 0), one.paid_minor)
        yield Risk(one.due, Standing.UNCOVERED if missing else Standing.RESERVE, one.paid_minor, missing)


def _summed(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """One amount for each currency; what is owed and what is had are not set off against each other."""
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + abs(one.minor)
    return tuple(Money(minor, currency) for currency, minor in sorted(sums.items()))


# Who the fund depends on ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dependence:
    """The donor who gives most, and its share in percent, rounded up: an alarm comes rather early than late."""

    donor: str
    minor: int
    percent: int


def dependence(given: Mapping[str, int]) -> Dependence | None:
    """On whom the fund depends most, of what each donor gave in minor units; None when nobody gave anything."""
    whole = sum(given.values())
    if whole <= 0:
        return None
    donor, minor = max(given.items(), key=lambda item: (item[1], item[0]))
    return Dependence(donor, minor, -(-minor * 100 // whole))
