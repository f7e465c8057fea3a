"""Figures of the fund's own grants, made of what the public list tells and of nothing else.

Every figure is a sum over grants told openly and over pools as they are told. Whoever has the public list can reckon each
of them again, so no figure, and no difference between two of them, says more than the list does: it never reaches below
a pool (`transparency.release`). What is not said of a pool (a type, a flag, a call) is said of none of its money: the
pool stands in the line `WITHHELD`, so that every table adds up to the same sum.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from transparency.figures.withholding import WITHHELD

NOT_SAID = ""
"""The line of grants told openly of which this one thing is not said."""
ADDED: Final = "ADDED"
OF_NO_YEAR: Final = 0
"""Code, line and year of the one sum of what was added later to grants told in sums; no choice of anything holds it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What figures are narrowed to; 0 and empty narrow nothing."""

    year: int = 0
    governorate: str = ""
    sector: str = ""


class Told(NamedTuple):
    """A grant told openly, or its even part in one governorate. Amounts are minor units.

    ``partner`` tells named organisations apart; ``first`` says that nothing earlier of it is told openly.
    """

    code: str
    partner: str
    year: int
    governorates: tuple[str, ...]
    sector: str
    kind: str = ""
    size: str = ""
    call: str = ""
    women_led: bool = False
    youth_led: bool = False
    displaced_led: bool = False
    first: bool = False
    people_planned: int = 0
    people_reached: int = 0
    """People as they are told: rounded, none where they are few. They are those of the whole grant."""
    indirect: int = 0
    """Of the amount, what is for indirect costs."""
    passed_on: tuple[tuple[str, int], ...] = ()
    """Of the amount, what goes on to partners as sub-grants, by the kind of who receives it."""
    amount: int = 0
    paid: int = 0
    spent: int = 0


class Pooled(NamedTuple):
    """Grants told as one sum; governorates and sector as far as they are said of all of them.

    One of no grants is what was added later to all of them (`ADDED`).
    """

    code: str
    year: int
    governorates: tuple[str, ...]
    sector: str
    grants: int
    amount: int


@dataclass(frozen=True)
class Released:
    """All that is told, or what a choice leaves of it; its sums are reckoned once."""

    told: Sequence[Told] = ()
    pools: Sequence[Pooled] = ()

    @cached_property
    def amount(self) -> int:
        """The whole sum, in minor units."""
        return sum(one.amount for one in self.told) + sum(pool.amount for pool in self.pools)

    @cached_property
    def grants(self) -> int:
        """The number of grants behind the sum."""
        return len(self.told) + sum(pool.grants for pool in self.pools)

    @cached_property
    def paid(self) -> int:
        """What was paid to grants told openly."""
        return sum(one.paid for one in self.told)

    @cached_property
    def spent(self) -> int:
        """What grants told openly spent by their accepted reports."""
        return sum(one.spent for one in self.told)

    @cached_property
    def years_by_place(self) -> dict[str, dict[int, "Year"]]:
        """The even parts of each governorate by year, reckoned for all governorates at once."""
        places: dict[str, dict[int, Year]] = defaultdict(lambda: defaultdict(Year))
        for one in self.told:
            number = len(one.governorates)
            for index, place in enumerate(one.governorates):
                line = places[place][one.year]
                line.grants += 1
                line.amount += one.amount // number + (index < one.amount % number)
                line.paid += one.paid // number + (index < one.paid % number)
                line.spent += one.spent // number + (index < one.spent % number)
        for pool in self.pools:
            number = len(pool.governorates)
            for index, place in enumerate(pool.governorates):
                _add_pool(places[place][pool.year], pool, pool.amount // number + (index < pool.amount % number))
        return {place: dict(years) for place, years in places.items()}


@dataclass(slots=True)
class Overhead:
    """What grants told openly in a year spend on indirect costs; ``partners`` tells whether that may be told."""

    indirect: int = 0
    amount: int = 0
    partners: set[str] = field(default_factory=set)


def overhead_by_year(told: Iterable[Told], *, least: int) -> tuple[dict[int, Overhead], Overhead]:
    """The years in which enough partners stand behind the sum, and all other years together.

    Years of too few partners are told together, and where these are too few as well, the smallest of the others joins
    them: a single share would tell a partner's tier. With too few partners altogether nothing is left of the years.
    """
    years: dict[int, Overhead] = defaultdict(Overhead)
    for one in told:
        _count(years[one.year], one)
    rest = Overhead()
    for year in sorted(years, key=lambda year: (len(years[year].partners), year)):
        if len(years[year].partners) < least or 0 < len(rest.partners) < least:
            joined = years.pop(year)
            rest.indirect, rest.amount = rest.indirect + joined.indirect, rest.amount + joined.amount
            rest.partners |= joined.partners
    return dict(sorted(years.items())), rest


def _count(sums: Overhead, one: Told) -> None:
    sums.indirect += one.indirect
    sums.amount += one.amount
    sums.partners.add(one.partner)


@dataclass(slots=True)
class Year:
    """What stands behind the line of a year, in sums alone; ``pooled`` is the part of ``amount`` that is told in sums."""

    grants: int = 0
    amount: int = 0
    paid: int = 0
    spent: int = 0
    pooled_grants: int = 0
    pooled: int = 0


@dataclass
class Group:
    """What stands behind a line of a table; its sums are reckoned once, when it is complete."""

    told: list[Told] = field(default_factory=list)
    pools: list[Pooled] = field(default_factory=list)

    @cached_property
    def grants(self) -> int:
        """Grants, those told in sums included."""
        return len(self.told) + sum(pool.grants for pool in self.pools)

    @cached_property
    def amount(self) -> int:
        """Minor units, sums included."""
        return sum(one.amount for one in self.told) + self.pooled

    @cached_property
    def pooled(self) -> int:
        """Of the amount, what is told in sums."""
        return sum(pool.amount for pool in self.pools)


Row = TypeVar("Row", Told, Pooled)


def narrow(released: Released, choice: Choice) -> Released:
    """What a choice leaves; of what lies in several governorates, the even part in the one chosen."""
    return Released(_narrowed(released.told, choice, _part), _narrowed(released.pools, choice, _pool_part))


@dataclass
class Within:
    """A choice of all that is told, narrowed when somebody asks for its rows."""

    whole: Released
    choice: Choice

    @cached_property
    def released(self) -> Released:
        """The rows and pools of the choice."""
        return self.whole if self.choice == Choice() else narrow(self.whole, self.choice)

    @cached_property
    def years(self) -> dict[int, Year]:
        """The sums of the choice by year of signature; no rows are made for a governorate."""
        if self.choice == Choice(governorate=self.choice.governorate) != Choice():
            return self.whole.years_by_place.get(self.choice.governorate, {})
        years: dict[int, Year] = defaultdict(Year)
        for one in self.released.told:
            line = years[one.year]
            line.grants += 1
            line.amount += one.amount
            line.paid += one.paid
            line.spent += one.spent
        for pool in self.released.pools:
            _add_pool(years[pool.year], pool, pool.amount)
        return dict(years)


def _add_pool(line: Year, pool: Pooled, minor: int) -> None:
    line.grants += pool.grants
    line.amount += minor
    line.pooled_grants += pool.grants
    line.pooled += minor


def _narrowed(rows: Iterable[Row], choice: Choice, part: Callable[[Row, str], Row]) -> list[Row]:
    year, place, sector = choice.year, choice.governorate, choice.sector
    if year:
        rows = [row for row in rows if row.year == year]
    if sector:
        rows = [row for row in rows if row.sector == sector]
    return [part(row, place) for row in rows if place in row.governorates] if place else list(rows)


def _even(minor: int, number: int, index: int) -> int:
    """The part of the one at ``index`` of so many: what cannot be shared out goes to the first."""
    return minor // number + (index < minor % number)


def _part(one: Told, place: str) -> Told:
    places = one.governorates
    number = len(places)
    if number == 1:
        return one
    index = places.index(place)
    return one._replace(
        governorates=(place,),
        passed_on=tuple((kind, _even(minor, number, index)) for kind, minor in one.passed_on),
        amount=_even(one.amount, number, index),
        paid=_even(one.paid, number, index),
        spent=_even(one.spent, number, index),
    )


def _pool_part(pool: Pooled, place: str) -> Pooled:
    places = pool.governorates
    if len(places) == 1:
        return pool
    return pool._replace(governorates=(place,), amount=_even(pool.amount, len(places), places.index(place)))


def by(
    released: Released, key: Callable[[Told], str], pool_key: Callable[[Pooled], str] | None = None
) -> dict[str, Group]:
    """Lines by what ``key`` says of a grant; pools of which nothing of it is said are `WITHHELD`, and `ADDED` is its own."""
    groups: dict[str, Group] = defaultdict(Group)
    for one in released.told:
        groups[key(one)].told.append(one)
    for pool in released.pools:
        said = pool_key(pool) if pool_key else ""
        groups[ADDED if pool.code == ADDED else said or WITHHELD].pools.append(pool)
    return dict(groups)


def by_governorate(released: Released) -> dict[str, Group]:
    """Lines by governorate: a grant in several stands in each with its even part."""
    parts = [_part(one, place) if place else one for one in released.told for place in one.governorates or (NOT_SAID,)]
    pools = [
        _pool_part(pool, place) if place else pool for pool in released.pools for place in pool.governorates or ("",)
    ]
    return by(Released(parts, pools), lambda one: next(iter(one.governorates), NOT_SAID), _place_of_pool)


def _place_of_pool(pool: Pooled) -> str:
    return next(iter(pool.governorates), "")


def first_of_each(told: Iterable[Told]) -> list[Told]:
    """The same grants in order of their years, marked where nothing earlier of the organisation is told openly.

    An earlier grant whose name is withheld does not count: otherwise "not the first" would name it.
    """
    seen: set[str] = set()
    marked = []
    for one in told:
        marked.append(one if one.partner in seen else one._replace(first=True))
        seen.add(one.partner)
    return marked
