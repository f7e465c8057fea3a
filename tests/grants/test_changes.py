"""What a change of the budget needs: every bound from both sides, and properties over any budgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults.follow_up import default_changes
from charter.schema import ChangeRules
from grants.changes import Need, shift

RULES = default_changes()
"""15 % with a notice, 20 % with an approval, staff 10 %."""
SIGNED = {"A": 1_000_00, "B": 2_000_00, "C": 2_000_00, "I": 350_00}


def moved(source: str, target: str, minor: int, **more: bool) -> Need:
    return shift(
        SIGNED, {**SIGNED, source: SIGNED[source] - minor, target: SIGNED.get(target, 0) + minor}, RULES, **more
    ).need


@pytest.mark.parametrize(
    ("minor", "need"),
    [
        (1, Need.NOTICE), (300_00, Need.NOTICE), (300_01, Need.APPROVAL), (400_00, Need.APPROVAL),
        (400_01, Need.AMENDMENT), (2_000_00, Need.AMENDMENT),
    ],
)  # fmt: skip
def test_a_shift_between_categories_by_its_share(minor: int, need: Need) -> None:
    assert moved("B", "C", minor) == moved("C", "B", minor) == need


def test_nothing_moved_needs_nothing_and_a_new_post_an_approval() -> None:
    assert shift(SIGNED, SIGNED, RULES).need == Need.NOTHING
    assert shift(SIGNED, SIGNED, RULES, new_post=True).need == Need.APPROVAL
    assert moved("B", "C", 400_01, new_post=True) == Need.AMENDMENT


@pytest.mark.parametrize(
    ("minor", "need"), [(100_00, Need.NOTICE), (100_01, Need.APPROVAL), (200_00, Need.APPROVAL), (200_01, Need.AMENDMENT)]
)  # fmt: skip
def test_staff_asks_for_an_approval_earlier(minor: int, need: Need) -> None:
    assert moved("A", "B", minor) == moved("B", "A", minor) == need


def test_a_new_category_is_an_amendment_however_small() -> None:
    found = shift(SIGNED, {**SIGNED, "B": SIGNED["B"] - 1, "E": 1}, RULES)
    assert (found.need, found.new, found.moved_minor, found.percent) == (Need.AMENDMENT, ("E",), 1, 1)


def test_small_changes_add_up_against_what_was_signed() -> None:
    first = {**SIGNED, "B": SIGNED["B"] - 250_00, "C": SIGNED["C"] + 250_00}
    second = {**first, "B": first["B"] - 100_00, "C": first["C"] + 100_00}
    assert shift(SIGNED, first, RULES).need == Need.NOTICE
    assert shift(SIGNED, second, RULES).need == Need.APPROVAL
    assert shift(first, second, RULES).need == Need.NOTICE  # after an amendment the count begins anew


def test_what_is_shown_is_never_less_than_it_is() -> None:
    assert shift(SIGNED, {**SIGNED, "B": SIGNED["B"] - 300_01, "C": SIGNED["C"] + 300_01}, RULES).percent == 16


@pytest.mark.parametrize("wished", [{**SIGNED, "A": SIGNED["A"] + 1}, {**SIGNED, "A": -1, "B": 3_001_01}])
def test_other_sums_and_negative_amounts_are_no_revision(wished: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"adds money|zero or more"):
        shift(SIGNED, wished, RULES)


BUDGETS = st.dictionaries(st.sampled_from("ABCDEFG"), st.integers(0, 10**9), min_size=2)


@given(BUDGETS, st.data())
def test_any_change_needs_what_its_worst_category_needs(signed: dict[str, int], data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(signed)))
    target = data.draw(st.sampled_from("ABCDEFG"))
    minor = data.draw(st.integers(0, signed[source]))
    wished = {**signed, source: signed[source] - minor}
    wished[target] = wished.get(target, 0) + minor
    found = shift(signed, wished, RULES)
    if source == target or not minor:
        assert (found.need, found.moved_minor) == (Need.NOTHING, 0)
        return
    least = min(signed[source], signed.get(target, 0))
    assert found.moved_minor == minor
    assert (found.need == Need.AMENDMENT) == (minor * 100 > 20 * least)
    if found.need == Need.NOTICE:
        assert minor * 100 <= 15 * least
        assert "A" not in {source, target} or minor * 100 <= 10 * signed["A"]


@given(BUDGETS, st.integers(0, 100), st.integers(0, 100))
def test_a_stricter_charter_never_asks_for_less(signed: dict[str, int], first: int, second: int) -> None:
    low, high = sorted((first, second))
    strict: ChangeRules = RULES.model_copy(update={"notify_up_to_percent": low, "approval_up_to_percent": low})
    lenient: ChangeRules = RULES.model_copy(update={"notify_up_to_percent": high, "approval_up_to_percent": high})
    source, target, *_ = sorted(signed)
    half = signed[source] // 2
    wished = {**signed, source: signed[source] - half, target: signed[target] + half}
    order = list(Need)
    assert order.index(shift(signed, wished, strict).need) >= order.index(shift(signed, wished, lenient).need)
