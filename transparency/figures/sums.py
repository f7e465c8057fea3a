"""The figures themselves: by year, by donor, by place, by kind, by size, by time."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from statistics import median
from typing import TypeVar

from transparency.figures.facts import Cell, Gift, Project

Thing = TypeVar("Thing", bound=Gift | Project | Cell)

SIZE_STEPS = (100_000, 250_000, 500_000, 1_000_000, 2_000_000)
"""Upper ends of the bands of grant sizes in US dollars, each excluded; the last band is open."""
MONTH_STEPS = (3, 6, 9, 12, 18, 24)
"""Upper ends of the bands of duration in months, each included; the last band is open."""
DAYS_A_MONTH = Decimal("30.4375")


def whole_dollars(values: Sequence[Decimal]) -> list[int]:
    """Values rounded to whole dollars so that they still add up to their rounded sum (largest remainders)."""
    floors = [int(value.to_integral_value(ROUND_FLOOR)) for value in values]
    total = int(sum(values, Decimal(0)).to_integral_value(ROUND_HALF_EVEN))
    by_rest = sorted(range(len(values)), key=lambda i: (floors[i] - values[i], i))
    for index in by_rest[: total - sum(floors)]:
        floors[index] += 1
    return floors


def amounts_by(facts: Iterable[Thing], key: Callable[[Thing], object]) -> dict[object, Decimal]:
    """Sums of amounts (of budgets, for projects) by a key."""
    sums: dict[object, Decimal] = defaultdict(Decimal)
    for fact in facts:
        sums[key(fact)] += fact.budget if isinstance(fact, Project) else fact.amount
    return dict(sums)


def share(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """``part`` of ``whole`` in percent to one place, or None of nothing."""
    if not whole:
        return None
    return (Decimal(100) * part / whole).quantize(Decimal("0.1"))


def kind_shares(projects: Iterable[Project], kind: int) -> dict[int, Decimal | None]:
    """By year, the share of the year's budgets that goes directly to partners of one kind."""
    projects = list(projects)
    totals = amounts_by(projects, lambda p: p.year)
    parts = amounts_by((p for p in projects if p.kind == kind), lambda p: p.year)
    return {int(str(year)): share(parts.get(year, Decimal(0)), total) for year, total in totals.items()}


def support_shares(projects: Iterable[Project]) -> dict[int, tuple[Decimal, Decimal]]:
    """By year: support costs, and direct and support costs together, of projects whose source says both."""
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for one in projects:
        if one.direct is not None and one.support is not None:
            support, whole = sums.get(one.year, (Decimal(0), Decimal(0)))
            sums[one.year] = support + one.support, whole + one.direct + one.support
    return dict(sorted(sums.items()))


def size_bands(projects: Iterable[Project]) -> list[tuple[int, Decimal]]:
    """Per band of `SIZE_STEPS`: number of grants and their sum."""
    bands = [(0, Decimal(0))] * (len(SIZE_STEPS) + 1)
    for project in projects:
        index = sum(project.budget >= step for step in SIZE_STEPS)
        count, amount = bands[index]
        bands[index] = (count + 1, amount + project.budget)
    return bands


def duration_bands(projects: Iterable[Project]) -> tuple[list[int], int]:
    """Per band of `MONTH_STEPS` the number of grants, and how many have no usable dates.

    A project of ``n`` months by the calendar counts as at most ``n`` months (a month is 30.4375 days; 5 days' grace).
    """
    bands, unknown = [0] * (len(MONTH_STEPS) + 1), 0
    for project in projects:
        if project.days_long is None or project.days_long <= 0:
            unknown += 1
            continue
        months = (Decimal(project.days_long) - 5) / DAYS_A_MONTH
        bands[bisect_left(MONTH_STEPS, months)] += 1
    return bands, unknown


def decision_days(projects: Iterable[Project], source: int) -> dict[int, tuple[Decimal, int]]:
    """By year: the median of days from submission to approval for one kind of allocation, and the number of projects.

    Projects without both dates, or approved before they were submitted, are left out.
    """
    days: dict[int, list[int]] = defaultdict(list)
    for project in projects:
        if project.source == source and project.days_to_decide is not None and project.days_to_decide >= 0:
            days[project.year].append(project.days_to_decide)
    return {year: (Decimal(str(median(values))), len(values)) for year, values in sorted(days.items())}


def counts_by(facts: Iterable[Thing], key: Callable[[Thing], object]) -> Counter[object]:
    """How many facts there are by a key."""
    return Counter(key(fact) for fact in facts)


def ranked(sums: dict[object, Decimal]) -> list[tuple[str, Decimal]]:
    """Sums from the largest down, equal ones by name."""
    return sorted(((str(key), value) for key, value in sums.items()), key=lambda item: (-item[1], item[0]))
