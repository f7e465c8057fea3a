"""Which sums by place and by sector may be published when partners' names are withheld.

A fund that hides its partners is not to be undone by arithmetic: a sum of fewer than ``least_partners`` partners in one
fund and year goes into a pool that is published as "withheld", without the name of a place or sector. When so much is
published beside it that fewer than ``least_candidates`` names are left for what the pool may hold, the next smallest sums
join it. Everything else (all years, all funds) is added up from these published cells, so no difference between two
published figures reveals a withheld one, and the total stays the same to the last digit. Both numbers are the charter's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from transparency.figures.facts import Cell, Part

WITHHELD = "withheld"


@dataclass(slots=True)
class _Sum:
    amount: Decimal = Decimal(0)
    projects: set[str] = field(default_factory=set)
    partners: set[str] = field(default_factory=set)

    def add(self, part: Part) -> None:
        self.amount += part.amount
        self.projects.add(part.project)
        self.partners.add(part.partner)

    def merge(self, other: "_Sum") -> None:
        self.amount += other.amount
        self.projects |= other.projects
        self.partners |= other.partners


def publishable(parts: Iterable[Part], *, least_partners: int, least_candidates: int) -> list[Cell]:
    """Sums per fund, year and thing, small ones of anonymised funds pooled."""
    groups: dict[tuple[str, int], dict[str, _Sum]] = defaultdict(lambda: defaultdict(_Sum))
    hidden: set[tuple[str, int]] = set()
    for part in parts:
        groups[part.fund, part.year][part.thing].add(part)
        if part.withheld:
            hidden.add((part.fund, part.year))
    names: dict[str, set[str]] = defaultdict(set)
    for (fund, _year), sums in groups.items():
        names[fund].update(sums)
    cells: list[Cell] = []
    for (fund, year), sums in groups.items():
        published = sums
        if (fund, year) in hidden:
            published = _pooled(sums, names[fund], least_partners=least_partners, least_candidates=least_candidates)
        cells.extend(Cell(fund, year, thing, s.amount, len(s.projects)) for thing, s in published.items())
    return cells


def _pooled(sums: dict[str, _Sum], names: set[str], *, least_partners: int, least_candidates: int) -> dict[str, _Sum]:
    kept = dict(sorted(sums.items(), key=lambda item: (len(item[1].partners), item[1].amount, item[0])))
    pool: _Sum | None = None
    for thing, smallest in list(kept.items()):
        told_apart = pool is not None and len(names - kept.keys()) < least_candidates
        if len(smallest.partners) >= least_partners and not told_apart:
            break
        pool = pool or _Sum()
        pool.merge(kept.pop(thing))
    return kept if pool is None else {**kept, WITHHELD: pool}
