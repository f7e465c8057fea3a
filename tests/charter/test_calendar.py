"""`charter.calendar`: Sunday to Thursday, without holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.calendar import (
    add_calendar_days,
    add_months,
    add_working_days,
    is_working_day,
    next_working_day,
    working_days_between,
)

days = st.dates(min_value=date(2024, 1, 1), max_value=date(2036, 12, 31))
holidays = st.sets(st.dates(min_value=date(2024, 1, 1), max_value=date(2037, 12, 31)), max_size=40)
SUNDAY = date(2026, 11, 1)
THURSDAY = date(2026, 11, 5)


@pytest.mark.parametrize(("offset", "works"), list(enumerate([True, True, True, True, True, False, False])))
def test_the_week(offset: int, works: bool) -> None:
    assert is_working_day(SUNDAY + timedelta(days=offset)) is works


def test_a_holiday_is_no_working_day() -> None:
    assert not is_working_day(SUNDAY, {SUNDAY})


@pytest.mark.parametrize(
    ("start", "n", "off", "end"),
    [
        (SUNDAY, 0, set(), SUNDAY),
        (SUNDAY, 4, set(), THURSDAY),
        (SUNDAY, 5, set(), date(2026, 11, 8)),
        (THURSDAY, 1, set(), date(2026, 11, 8)),
        (date(2026, 11, 6), 0, set(), date(2026, 11, 8)),
        (date(2026, 11, 6), 1, set(), date(2026, 11, 8)),
        (THURSDAY, 1, {date(2026, 11, 8)}, date(2026, 11, 9)),
        (SUNDAY, 10, set(), date(2026, 11, 15)),
    ],
)
def test_add_working_days(start: date, n: int, off: set[date], end: date) -> None:
    assert add_working_days(start, n, off) == end


def test_the_past_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        add_working_days(SUNDAY, -1)


@given(days, st.integers(0, 60), holidays)
def test_a_deadline_is_a_working_day_and_counts_back(start: date, n: int, off: set[date]) -> None:
    end = add_working_days(start, n, off)
    assert is_working_day(end, off)
    assert end >= start
    if n:
        assert working_days_between(start, end, off) == n


@given(days, st.integers(0, 40), st.integers(0, 40), holidays)
def test_more_days_are_never_earlier(start: date, n: int, more: int, off: set[date]) -> None:
    assert add_working_days(start, n, off) <= add_working_days(start, n + more, off)


@given(days, days, holidays)
def test_working_days_between_is_antisymmetric_and_at_most_the_days(a: date, b: date, off: set[date]) -> None:
    assert working_days_between(a, b, off) == -working_days_between(b, a, off)
    assert abs(working_days_between(a, b, off)) <= abs((b - a).days)


@given(days, st.integers(0, 400), holidays)
def test_calendar_days_move_on_to_a_working_day(start: date, n: int, off: set[date]) -> None:
    end = add_calendar_days(start, n, off)
    assert end == next_working_day(start + timedelta(days=n), off)
    assert is_working_day(end, off)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 10, 31), 2, date(2026, 12, 31)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_add_months(start: date, n: int, end: date) -> None:
    assert add_months(start, n) == end
