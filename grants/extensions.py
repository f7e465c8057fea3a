"""How a grant runs longer, or gets more money, within the charter's bounds (domain specification §3.10, §4.4). Plain Python.

Days that nobody has acted on yet are stretched from a pivot, the last day that is fixed, to the new end: they keep their
order and their distances in proportion, the old end becomes the new one, and none falls outside the grant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from charter.calendar import add_months
from charter.schema import ChangeRules


class Decider(StrEnum):
    """Who decides on an extension."""

    SECRETARIAT = "secretariat"
    COMMITTEE = "committee"


def last_day_to_ask(ends_on: date, rules: ChangeRules) -> date:
    """Until when an extension of a grant that ends on ``ends_on`` may be asked for."""
    return ends_on - timedelta(days=rules.no_cost_extension_calendar_days_before_end)


def decider(months: int, months_before: int, rules: ChangeRules) -> Decider:
    """Who decides on ``months`` more after ``months_before`` of earlier extensions: they count together."""
    simple = months + months_before <= rules.no_cost_extension_simple_months
    return Decider.SECRETARIAT if simple else Decider.COMMITTEE


def new_end(ends_on: date, months: int) -> date:
    """The last day after ``months`` more; a grant that ended with a month ends with a month. Raises ValueError for none."""
    if months < 1:
        raise ValueError("an extension adds one month at least")
    return add_months(ends_on + timedelta(days=1), months) - timedelta(days=1)


def most_to_add(signed_minor: int, added_minor: int, rules: ChangeRules) -> int:
    """How much may still be added to a grant (minor units): the charter's percent of what was signed, less earlier extensions."""
    return max(signed_minor * rules.cost_extension_most_percent // 100 - added_minor, 0)


def budget_with(more: Mapping[str, int], budget: Mapping[str, int], *, indirect: str) -> dict[str, int]:
    """The ``budget`` with ``more`` for some categories (minor units); the ``indirect`` cost grows in proportion, rounded down.

    Raises ValueError for an amount below zero, and for indirect costs that are asked for by themselves.
    """
    if min(more.values(), default=0) < 0 or more.get(indirect):
        raise ValueError("an extension adds to the direct costs")
    direct = sum(minor for category, minor in budget.items() if category != indirect)
    after = {one: budget.get(one, 0) + more.get(one, 0) for one in {**budget, **more}}
    if direct and indirect in budget:
        after[indirect] += budget[indirect] * sum(more.values()) // direct
    return after


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``pivot`` on, days up to ``old_end`` are spread to ``new_end``; those before it stay."""

    pivot: date
    old_end: date
    new_end: date

    def __post_init__(self) -> None:
        if not self.pivot <= self.old_end < self.new_end:
            raise ValueError("the pivot lies in the grant, whose new end is later")

    def day(self, day: date) -> date:
        """Where ``day`` of the old schedule stands in the new one."""
        if day > self.old_end:
            raise ValueError("the day lies after the end of the grant")
        if day == self.old_end:
            return self.new_end
        if day <= self.pivot:
            return day
        whole, longer = (self.old_end - self.pivot).days, (self.new_end - self.pivot).days
        return self.pivot + timedelta(days=(day - self.pivot).days * longer // whole)
