"""The working week of the fund: Sunday to Thursday, without the holidays of its table. Plain Python.

``holidays`` is any set of days; a deadline that falls on a day off moves on to the next working day.
"""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final

WEEKEND: Final = frozenset({4, 5})
"""Friday and Saturday, as `date.weekday` counts."""

_DAY: Final = timedelta(days=1)
NO_HOLIDAYS: Final[frozenset[date]] = frozenset()


def is_working_day(day: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> bool:
    """Whether people of the fund work on ``day``."""
    return day.weekday() not in WEEKEND and day not in holidays


def next_working_day(day: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> date:
    """``day`` itself when it is a working day, else the first one after it."""
    while not is_working_day(day, holidays):
        day += _DAY
    return day


def add_working_days(day: date, n: int, holidays: AbstractSet[date] = NO_HOLIDAYS) -> date:
    """The ``n``-th working day after ``day``; ``n`` = 0 gives `next_working_day`. Raises ValueError below zero.

    The day on which the clock starts does not count, whether it is a working day or not.
    """
    if n < 0:
        raise ValueError("a deadline lies ahead: the number of working days is zero or more")
    if n == 0:
        return next_working_day(day, holidays)
    for _ in range(n):
        day = next_working_day(day + _DAY, holidays)
    return day


def add_calendar_days(day: date, n: int, holidays: AbstractSet[date] = NO_HOLIDAYS) -> date:
    """``n`` calendar days after ``day``, moved on to a working day."""
    return next_working_day(day + n * _DAY, holidays)


def working_days_between(start: date, end: date, holidays: AbstractSet[date] = NO_HOLIDAYS) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` is the earlier."""
    if end < start:
        return -working_days_between(end, start, holidays)
    return sum(is_working_day(start + offset * _DAY, holidays) for offset in range(1, (end - start).days + 1))


def add_months(day: date, n: int) -> date:
    """The same day of the month ``n`` months later, or the month's last day when it has none such."""
    years, month = divmod(day.month - 1 + n, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    return min(first + (day.day - 1) * _DAY, following - _DAY)
