"""How a grant's days move when it runs longer without more money (domain specification §3.10, §4.4). Plain Python.

Days that nobody has acted on yet are stretched from a pivot, the last day that is fixed, to the new end: they keep their
order and their distances in proportion, the old end becomes the new one, and none falls outside the grant.
"""

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
