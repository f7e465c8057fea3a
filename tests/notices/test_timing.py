"""Hours at which people are told, and numbers as people write them."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices import numbers, timing

DAMASCUS = ZoneInfo("Asia/Damascus")
NIGHT = (time(22), time(7))


def at(hour: int, minute: int = 0, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=DAMASCUS)


@pytest.mark.parametrize(
    ("now", "daily_at", "quiet", "told"),
    [
        (at(12), None, None, at(12)),
        (at(23), None, NIGHT, at(7, day=23)),
        (at(3), None, NIGHT, at(7)),
        (at(7), None, NIGHT, at(7)),
        (at(22), None, NIGHT, at(7, day=23)),
        (at(13), None, (time(12), time(14)), at(14)),
        (at(9), time(8), None, at(8, day=23)),
        (at(7, 59), time(8), None, at(8)),
        (at(8), time(8), None, at(8, day=23)),
        (at(12), time(6), NIGHT, at(7, day=23)),
    ],
)
def test_what_can_wait_waits_for_its_hour(
    now: datetime, daily_at: time | None, quiet: timing.Quiet | None, told: datetime
) -> None:
    assert timing.due(now, urgent=False, daily_at=daily_at, quiet=quiet) == told
    assert timing.due(now, urgent=True, daily_at=daily_at, quiet=quiet) == now


_hours = st.times().map(lambda hour: hour.replace(tzinfo=None))


@settings(max_examples=50)
@given(
    st.integers(0, 366 * 24 * 3600),
    st.none() | _hours,
    st.tuples(_hours, _hours).filter(lambda both: both[0] != both[1]),
)
def test_nothing_is_told_in_quiet_hours_nor_later_than_two_days(
    second: int, daily_at: time | None, quiet: timing.Quiet
) -> None:
    now = datetime(2026, 1, 1, tzinfo=DAMASCUS) + timedelta(seconds=second)
    told = timing.due(now, urgent=False, daily_at=daily_at, quiet=quiet)
    assert not timing.in_quiet(told, quiet)
    assert timedelta(0) <= told - now <= timedelta(days=2)


@pytest.mark.parametrize(
    ("due", "urgent"),
    [
        (at(11, day=23).isoformat(), True),
        (at(13, day=23).isoformat(), False),
        (at(11).isoformat(), False),
        ("2026-11-23", False),
        ("tomorrow", False),
        (None, False),
    ],
)
def test_a_deadline_within_a_day_is_urgent(due: object, urgent: bool) -> None:
    assert timing.ends_within_a_day(due, at(12)) is urgent


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0944 123 456", "963944123456"),
        ("٠٩٤٤١٢٣٤٥٦", "963944123456"),
        ("+963 944-123-456", "963944123456"),
        ("00963944123456", "963944123456"),
        ("\u2066+49 (30) 1234567\u2069", "49301234567"),
    ],
)
def test_telephone_numbers_are_read_as_people_write_them(written: str, number: str) -> None:
    assert numbers.telephone(written) == number


@pytest.mark.parametrize(
    "written", ["", "12", "0044", "abc", "+963/../../x", "0944123456?x=1", "1" * 16, "++49301234567x"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(numbers.UnreadableNumberError):
        numbers.telephone(written)
    with pytest.raises(numbers.UnreadableNumberError):
        numbers.account(f"{written}@x")
