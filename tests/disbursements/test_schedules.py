"""`disbursements.schedules`: every cent is paid once, inside the grant, in the charter's proportions."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from charter.schema import TierCode
from disbursements.schedules import Condition, Fault, Span, by_year, faults, schedule

TIERS = default_rules().tiers
START = date(2026, 11, 1)
A, P, R = Condition.AGREEMENT_ACTIVE, Condition.PREVIOUS_SPENT, Condition.REPORT_ACCEPTED
Y, M, F = Condition.YEAR_REVIEWED, Condition.FUNDS_AVAILABLE, Condition.FINAL_REPORT_ACCEPTED
tier_codes: st.SearchStrategy[TierCode] = st.sampled_from(list(TIERS))


@pytest.mark.parametrize(
    ("tier", "months", "amounts", "days"),
    [
        ("E", 12, [7000, 3000], ["2026-11-01", "2027-05-01"]),
        ("E", 24, [4000, 3000, 2000, 1000], ["2026-11-01", "2027-05-01", "2027-11-01", "2028-05-01"]),
        ("H", 9, [5000, 3000, 1000, 1000], ["2026-11-01", "2027-02-01", "2027-05-01", "2027-07-31"]),
        ("M", 24, [3500, 3000, 3000, 500], ["2026-11-01", "2027-07-01", "2028-03-01", "2028-10-31"]),
        ("L", 36, [3500, 3500, 3000], ["2026-11-01", "2027-11-01", "2028-11-01"]),
        ("L", 1, [8000, 2000], ["2026-11-01", "2026-11-15"]),
    ],
)
def test_the_charters_table(tier: TierCode, months: int, amounts: list[int], days: list[str]) -> None:
    tranches = schedule(10_000, Span(START, months), TIERS[tier])
    assert [tranche.amount_minor for tranche in tranches] == amounts
    assert [tranche.due_on.isoformat() for tranche in tranches] == days
    assert [tranche.number for tranche in tranches] == list(range(1, len(amounts) + 1))


def test_conditions_and_years() -> None:
    tranches = schedule(10_000, Span(START, 24), TIERS["M"])
    assert [tranche.year for tranche in tranches] == [1, 1, 2, 2]
    assert [tranche.conditions for tranche in tranches] == [(A,), (P, R), (P, R, Y, M), (F, Y, M)]
    assert [tranche.retention for tranche in tranches] == [False, False, False, True]
    assert by_year(tranches) == {1: 6500, 2: 3500}


def test_a_last_tranche_that_is_all_retention_stands_once() -> None:
    tier = TIERS["H"].model_copy(update={"splits": {"12": (60, 30, 10)}})
    tranches = schedule(10_000, Span(START, 12), tier)
    assert [tranche.amount_minor for tranche in tranches] == [6000, 3000, 1000]
    assert tranches[-1].retention


@given(
    st.integers(1000, 10**10),
    st.integers(1, 36),
    st.dates(min_value=date(2025, 1, 1), max_value=date(2035, 12, 31)),
    tier_codes,
)
def test_no_cent_is_lost_and_every_day_is_inside(amount: int, months: int, start: date, code: TierCode) -> None:
    tier = TIERS[code]
    if months > tier.longest_months:
        with pytest.raises(ValueError, match="no tranches"):
            schedule(amount, Span(start, months), tier)
        return
    tranches = schedule(amount, Span(start, months), tier)
    assert sum(tranche.amount_minor for tranche in tranches) == amount
    days = [tranche.due_on for tranche in tranches]
    assert days == sorted(days)
    assert days[0] == start
    assert days[-1] <= Span(start, months).last_day
    assert {1} <= {tranche.year for tranche in tranches} <= set(range(1, (months - 1) // 12 + 2))
    split = tier.split_for(months)
    for tranche, percent in zip(tranches, split[:-1], strict=False):
        assert abs(tranche.amount_minor - Fraction(amount * percent, 100)) < 1
    plain = [(tranche.amount_minor, tranche.due_on) for tranche in tranches]
    assert faults(plain, amount_minor=amount, span=Span(start, months), tier_rules=tier) == []


@pytest.mark.parametrize(("amount", "months"), [(0, 12), (-5, 12), (2, 12)])
def test_amounts_that_cannot_be_split(amount: int, months: int) -> None:
    with pytest.raises(ValueError, match="too small"):
        schedule(amount, Span(START, months), TIERS["H"])


def test_a_grant_runs_for_a_month_at_least() -> None:
    with pytest.raises(ValueError, match="one month"):
        schedule(10_000, Span(START, 0), TIERS["H"])


def test_last_day() -> None:
    assert Span(START, 24).last_day == date(2028, 10, 31)
    assert Span(date(2026, 1, 31), 1).last_day == date(2026, 2, 27)


@pytest.mark.parametrize(("months", "most_days", "days"), [(2, 45, 45), (1, 45, 30), (2, 20, 20), (2, None, 61)])
def test_a_rapid_grant_ends_by_its_calendar_days(months: int, most_days: int | None, days: int) -> None:
    span = Span(date(2026, 11, 1), months, most_days)
    assert (span.last_day - span.start).days + 1 == days
    for tier in TIERS.values():
        tranches = schedule(10_000, span, tier)
        assert span.start == tranches[0].due_on <= tranches[-1].due_on <= span.last_day
        assert (
            faults(
                [(one.amount_minor, one.due_on) for one in tranches], amount_minor=10_000, span=span, tier_rules=tier
            )
            == []
        )


DAY = timedelta(days=1)
END = Span(START, 12).last_day


@pytest.mark.parametrize(
    ("tranches", "expected"),
    [
        ([(8000, START), (2000, END)], []),
        ([], [Fault.EMPTY]),
        ([(8000, START), (1999, END)], [Fault.SUM]),
        ([(7000, START), (0, START), (3000, END)], [Fault.NOT_POSITIVE]),
        ([(5000, START - DAY), (5000, END)], [Fault.OUTSIDE_GRANT]),
        ([(5000, START), (5000, END + DAY)], [Fault.OUTSIDE_GRANT]),
        ([(5000, END), (5000, START)], [Fault.ORDER]),
        ([(8001, START), (1999, END)], [Fault.FIRST_TOO_LARGE]),
        ([(8000, START), (1000, START), (1000, END)], []),
        ([(8000, START), (1001, START), (999, END)], [Fault.RETENTION_TOO_SMALL]),
    ],
)
def test_faults_of_a_schedule_made_by_hand(tranches: list[Any], expected: list[Fault]) -> None:
    assert faults(tranches, amount_minor=10_000, span=Span(START, 12), tier_rules=TIERS["H"]) == expected
