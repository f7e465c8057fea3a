"""The clocks of the rapid window as arithmetic."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from charter.defaults import default_rules
from charter.schema import Deadlines
from committees.rapid import Moments, Owner, Stage, StageName, due, kept, median_tenths, stages, tenths_between

START = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
HOURS = default_rules().deadlines


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_hours_run_day_and_night_whatever_the_clocks_on_the_wall_do() -> None:
    spring = datetime(2026, 3, 28, 20, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert due(spring, 24) == datetime(2026, 3, 29, 19, 0, tzinfo=UTC)
    assert tenths_between(spring, due(spring, 24).astimezone(spring.tzinfo)) == 240
    friday = datetime(2026, 3, 6, 12, 0, tzinfo=ZoneInfo("Asia/Damascus"))
    assert due(friday, 24) - friday == hours(24)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        due(datetime(2026, 3, 1), 24)  # noqa: DTZ001 -- exactly this is refused


@given(st.integers(0, 400_000), st.integers(0, 5_000))
def test_what_is_shown_never_flatters(seconds: int, offset: int) -> None:
    start = START + timedelta(seconds=offset)
    shown = tenths_between(start, start + timedelta(seconds=seconds))
    assert shown * 360 >= seconds > (shown - 1) * 360


def test_a_stage_is_missed_by_the_second_and_says_who_answers() -> None:
    on_time = Stage(StageName.ANSWER, 24, START, START + hours(24), START + hours(90))
    late = Stage(StageName.ANSWER, 24, START, START + hours(24) + timedelta(seconds=1), START + hours(90))
    assert (on_time.missed, on_time.hours) == (False, "24")
    assert (late.missed, late.hours, late.owner) == (True, "24.1", Owner.PANEL)
    running = Stage(StageName.PAYMENT, 24, START, None, START + hours(25))
    assert (running.runs, running.missed, running.hours, running.owner) == (True, True, "25", Owner.FINANCE)
    waiting = Stage(StageName.PAYMENT, 24, None, None, START)
    assert (waiting.runs, waiting.missed, waiting.hours, waiting.due) == (False, False, "", None)


def test_the_stages_of_an_alert_follow_each_other() -> None:
    moments = Moments(
        raised=START, answered=START + hours(6), opened=START + hours(6), closed=START + hours(30),
        settled=START + hours(50), instructed=START + hours(60),
    )  # fmt: skip
    rows = stages(moments, HOURS, now=START + hours(61), accepted=True)
    assert [(one.name.value, one.promised_hours, one.hours, one.missed) for one in rows] == [
        ("answer", 24, "6", False),
        ("proposals", 24, "24", False),
        ("selection", 24, "20", False),
        ("total", 72, "50", False),
        ("payment", 24, "10", False),
    ]
    assert kept(rows) == (5, 5)


def test_what_has_not_happened_yet_is_not_told_as_done() -> None:
    moments = Moments(START, START + hours(6), START + hours(6), START + hours(30), None)
    rows = {one.name.value: one for one in stages(moments, HOURS, now=START + hours(10), accepted=True)}
    assert rows["proposals"].runs
    assert rows["selection"].started is None
    assert rows["total"].runs
    declined = stages(Moments(START, START + hours(2), None, None, None), HOURS, now=START, accepted=False)
    assert [one.name.value for one in declined] == ["answer"]


@given(st.lists(st.integers(0, 2000), max_size=9))
def test_the_middle_is_one_of_the_values(values: list[int]) -> None:
    middle = median_tenths(values)
    assert (middle is None) == (not values)
    if middle is not None:
        assert 2 * sum(one <= middle for one in values) >= len(values) <= 2 * sum(one >= middle for one in values) + 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"rapid_answer_hours": 25}, "no longer than the whole"),
        ({"rapid_scoring_hours": 20}, "fit into its decision"),
        ({"rapid_reminder_hours": 9}, "reminded, then replaced"),
    ],
)
def test_a_charter_whose_hours_cannot_be_kept_is_no_charter(changed: dict[str, int], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Deadlines.model_validate({**HOURS.model_dump(), **changed})
