"""Days that move with an extension: order, bounds and ends hold for any schedule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults.follow_up import default_changes
from grants.extensions import Decider, Stretch, budget_with, decider, last_day_to_ask, most_to_add, new_end

RULES = default_changes()
"""14 days before the end, six months by the secretariat."""
START = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("ends_on", "months", "end"),
    [
        (date(2026, 12, 31), 1, date(2027, 1, 31)), (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)), (date(2026, 6, 14), 6, date(2026, 12, 14)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
    ],
)  # fmt: skip
def test_the_new_end(ends_on: date, months: int, end: date) -> None:
    assert new_end(ends_on, months) == end


def test_no_month_is_no_extension() -> None:
    with pytest.raises(ValueError, match="one month"):
        new_end(START, 0)


@pytest.mark.parametrize(
    ("months", "before", "who"),
    [
        (1, 0, Decider.SECRETARIAT), (6, 0, Decider.SECRETARIAT), (7, 0, Decider.COMMITTEE),
        (3, 3, Decider.SECRETARIAT), (3, 4, Decider.COMMITTEE),
    ],
)  # fmt: skip
def test_months_add_up_over_extensions(months: int, before: int, who: Decider) -> None:
    assert decider(months, before, RULES) == who


def test_asked_for_in_time() -> None:
    assert last_day_to_ask(date(2026, 12, 31), RULES) == date(2026, 12, 17)


@given(
    st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 400), st.lists(st.integers(0, 1000), min_size=1)
)  # fmt: skip
def test_days_keep_their_order_and_stay_inside(pivot: int, rest: int, longer: int, offsets: list[int]) -> None:
    at = START + timedelta(days=pivot)
    old_end = at + timedelta(days=rest)
    stretch = Stretch(at, old_end, old_end + timedelta(days=longer))
    days = sorted(START + timedelta(days=min(one, pivot + rest)) for one in offsets)
    moved = [stretch.day(one) for one in days]
    assert moved == sorted(moved)
    assert all(one <= new <= stretch.new_end for one, new in zip(days, moved, strict=True))
    assert all(new == one for one, new in zip(days, moved, strict=True) if one <= at and one < old_end)
    assert stretch.day(old_end) == stretch.new_end


@pytest.mark.parametrize("bounds", [(1, 0, 2), (0, 2, 2), (0, 2, 1)])
def test_bounds_that_cannot_be(bounds: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="pivot"):
        Stretch(*(START + timedelta(days=one) for one in bounds))


def test_a_day_after_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="after the end"):
        Stretch(START, START + timedelta(days=5), START + timedelta(days=9)).day(START + timedelta(days=6))


@pytest.mark.parametrize(
    ("signed", "added", "left"), [(1_000_01, 0, 300_00), (1_000_00, 299_99, 1), (1_000_00, 300_00, 0), (10, 5, 0)]
)
def test_thirty_percent_of_what_was_signed_in_all(signed: int, added: int, left: int) -> None:
    assert most_to_add(signed, added, RULES) == left


amounts = st.integers(0, 10**9)


@given(staff=amounts, travel=amounts, share=amounts, more=st.dictionaries(st.sampled_from("ABE"), amounts))
def test_the_indirect_cost_grows_no_faster_than_the_direct(
    staff: int, travel: int, share: int, more: dict[str, int]
) -> None:
    budget = {"A": staff, "E": travel, "I": share}
    after = budget_with(more, budget, indirect="I")
    direct, grown = staff + travel, staff + travel + sum(more.values())
    assert {one: after[one] - budget.get(one, 0) for one in after if one != "I"} == {
        one: more.get(one, 0) for one in {"A", "E", *more}
    }
    assert after["I"] * direct <= share * grown
    assert not direct or after["I"] == share * grown // direct
    assert direct or after["I"] == share


def test_a_budget_without_indirect_costs_gets_none() -> None:
    assert budget_with({"A": 5}, {"A": 7}, indirect="I") == {"A": 12}


@pytest.mark.parametrize("more", [{"A": -1}, {"I": 1}])
def test_nothing_is_taken_and_indirect_costs_are_not_asked_for(more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="direct costs"):
        budget_with(more, {"A": 7, "I": 1}, indirect="I")
