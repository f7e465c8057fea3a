"""Projects of other funds as they may be told again: one by one, or as sums where a fund withholds its partners. Plain Python.

OCHA replaces such a partner's name by its type and goes on to publish title, code, exact budget and places, which together
name it. Here nothing of such a project is told but its part in a sum of a year: no title, code, place, month or type.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PastProject:
    """A project of another fund; ``partner`` tells partners apart and is never written. Amounts in US dollars."""

    fund: str
    code: str
    year: int
    title: str
    partner: str
    partner_name: str
    partner_kind: int | None
    withheld: bool
    budget: Decimal
    starts: date | None = None
    ends: date | None = None
    approved: date | None = None
    governorates: tuple[str, ...] = ()
    clusters: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class PastSum:
    """Projects of one fund told as one amount, of ``first`` to ``last`` year."""

    fund: str
    first: int
    last: int
    projects: int
    partners: int
    budget: Decimal


@dataclass(frozen=True, slots=True)
class PastTold:
    """What is told of one fund; ``untold`` counts projects of a fund with too few partners for any sum."""

    fund: str
    open: tuple[PastProject, ...]
    sums: tuple[PastSum, ...]
    untold: int = 0

    @property
    def budget(self) -> Decimal:
        """All that is told."""
        told: tuple[PastProject | PastSum, ...] = (*self.open, *self.sums)
        return sum((one.budget for one in told), Decimal(0))


def tell_again(projects: Iterable[PastProject], *, least_partners: int) -> Iterator[PastTold]:
    """Sort each fund's projects into those told one by one and sums of at least so many partners."""
    funds: dict[str, list[PastProject]] = defaultdict(list)
    for project in projects:
        funds[project.fund].append(project)
    for fund, own in sorted(funds.items()):
        yield _of_fund(fund, own, least_partners)


def _of_fund(fund: str, projects: list[PastProject], least: int) -> PastTold:
    opened: dict[int, list[PastProject]] = defaultdict(list)
    hidden: dict[int, list[PastProject]] = defaultdict(list)
    for project in sorted(projects, key=lambda one: (one.budget, one.code)):
        (hidden if project.withheld else opened)[project.year].append(project)
    groups: list[list[PastProject]] = []
    group: list[PastProject] = []
    for year in sorted(hidden):
        group += hidden[year]
        _fill(group, opened[year], least)
        if _partners(group) >= least:
            groups.append(group)
            group = []
    if group and groups:
        groups[-1] += group
        group = []
    if group:
        for year in sorted(opened):
            _fill(group, opened[year], least)
        if _partners(group) >= least:
            groups.append(group)
            group = []
    told = tuple(one for year in sorted(opened) for one in opened[year])
    return PastTold(fund, told, tuple(_sum(fund, one) for one in groups), len(group))


def _partners(group: list[PastProject]) -> int:
    return len({project.partner for project in group})


def _fill(group: list[PastProject], beside: list[PastProject], least: int) -> None:
    """Take openly told projects of other partners into a sum that is too small, smallest first."""
    while _partners(group) < least:
        known = {project.partner for project in group}
        filler = next((one for one in beside if one.partner not in known), None)
        if filler is None:
            return
        beside.remove(filler)
        group.append(filler)


def _sum(fund: str, group: list[PastProject]) -> PastSum:
    years = {project.year for project in group}
    budget = sum((project.budget for project in group), Decimal(0))
    return PastSum(fund, min(years), max(years), len(group), _partners(group), budget)
