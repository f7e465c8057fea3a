"""`committees.scoring`: exact totals and thresholds without a rounding error."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from committees.scoring import Scorecard, Verdict, evaluate, mean, shown, spread_alarm, total, verdict

RULES = default_rules().scoring
KEYS = [criterion.key for criterion in RULES.criteria]
points = st.fixed_dictionaries({key: st.integers(0, 5) for key in KEYS})


def card(scorer: str, value: int, **other: int) -> Scorecard:
    return Scorecard(scorer, dict.fromkeys(KEYS, value) | other)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (1, 20), (3, 60), (5, 100)])
def test_equal_points_give_their_share_of_a_hundred(value: int, expected: int) -> None:
    assert total(dict.fromkeys(KEYS, value), RULES) == expected


def test_weights() -> None:
    assert total(dict.fromkeys(KEYS, 0) | {"leadership": 1}, RULES) == 3
    assert total(dict.fromkeys(KEYS, 0) | {"learning": 4}, RULES) == 4


@given(points)
def test_a_total_is_within_its_bounds_and_equals_the_sum_in_tenths(card_points: dict[str, int]) -> None:
    result = total(card_points, RULES)
    assert 0 <= result <= 100
    assert result == sum(criterion.weight * card_points[criterion.key] * 2 for criterion in RULES.criteria) / Fraction(
        10
    )


@given(points, st.sampled_from(KEYS))
def test_more_points_never_lower_a_total(card_points: dict[str, int], key: str) -> None:
    better = card_points | {key: min(card_points[key] + 1, 5)}
    assert total(better, RULES) >= total(card_points, RULES)


@pytest.mark.parametrize("bad", [{"need": 3}, dict.fromkeys([*KEYS, "beauty"], 3)])
def test_each_criterion_and_no_other(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="each criterion"):
        total(bad, RULES)


@pytest.mark.parametrize("value", [-1, 6, 2.5, True, "3", None])
def test_points_are_whole_and_on_the_scale(value: Any) -> None:
    with pytest.raises(ValueError, match="from 0 to 5"):
        total(dict.fromkeys(KEYS, 3) | {"need": value}, RULES)


@pytest.mark.parametrize(
    ("score", "weak", "expected"),
    [
        (Fraction(60), (), Verdict.FUNDABLE),
        (Fraction(100), (), Verdict.FUNDABLE),
        (Fraction(60) - Fraction(1, 10**9), (), Verdict.WAITLIST),
        (Fraction(50), (), Verdict.WAITLIST),
        (Fraction(50) - Fraction(1, 10**9), (), Verdict.NOT_FUNDABLE),
        (Fraction(95), ("need",), Verdict.NOT_FUNDABLE),
        (Fraction(55), ("need",), Verdict.NOT_FUNDABLE),
    ],
)
def test_verdict(score: Fraction, weak: tuple[str, ...], expected: Verdict) -> None:
    assert verdict(score, weak, RULES) is expected


def test_a_panel() -> None:
    result = evaluate([card("a", 3), card("b", 4), card("c", 3, learning=4)], RULES)
    assert result.totals == {"a": 60, "b": 80, "c": 61}
    assert result.mean == 67
    assert result.criterion_means["learning"] == Fraction(11, 3)
    assert result.verdict is Verdict.FUNDABLE
    assert not result.alarm.raised
    assert result.alarm.spread == 20


def test_one_weak_criterion_is_not_fundable() -> None:
    cards = [card("a", 5, protection=2), card("b", 5, protection=2), card("c", 5, protection=1)]
    result = evaluate(cards, RULES)
    assert (result.verdict, result.weak_criteria) == (Verdict.NOT_FUNDABLE, ("protection",))
    at_the_floor = [card(scorer, 5, protection=2) for scorer in "abc"]
    assert evaluate(at_the_floor, RULES).verdict is Verdict.FUNDABLE


@pytest.mark.parametrize(("low", "high", "raised"), [(50, 74, False), (50, 75, True), (0, 100, True), (60, 60, False)])
def test_spread_alarm(low: int, high: int, raised: bool) -> None:
    assert spread_alarm({"a": Fraction(low), "b": Fraction(high)}, RULES).raised is raised


def test_an_outlier_among_many_raises_the_alarm_though_the_spread_is_small() -> None:
    totals = {str(n): Fraction(60) for n in range(8)} | {"far": Fraction(70)}
    alarm = spread_alarm(totals, RULES)
    assert (alarm.raised, alarm.outliers, alarm.spread) == (True, ("far",), Fraction(10))


def test_a_panel_needs_cards_and_one_each() -> None:
    with pytest.raises(ValueError, match="mean of nothing"):
        evaluate([], RULES)
    with pytest.raises(ValueError, match="two scorecards"):
        evaluate([card("a", 3), card("a", 4)], RULES)


@given(st.lists(points, min_size=1, max_size=7))
def test_the_mean_of_totals_is_the_total_of_the_criterion_means(cards: list[dict[str, int]]) -> None:
    result = evaluate([Scorecard(str(n), one) for n, one in enumerate(cards)], RULES)
    again = sum(criterion.weight * result.criterion_means[criterion.key] / 5 for criterion in RULES.criteria)
    assert result.mean == again
    assert min(result.totals.values()) <= result.mean <= max(result.totals.values())


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(59996, 1000), 2, "59.99"),
        (Fraction(200, 3), 1, "66.6"),
        (Fraction(60), 2, "60.00"),
        (Fraction(7, 2), 0, "3"),
    ],
)
def test_shown_rounds_down(value: Fraction, places: int, text: str) -> None:
    assert shown(value, places) == Decimal(text)
    assert str(shown(value, places)) == text


def test_mean() -> None:
    assert mean([Fraction(1), Fraction(2)]) == Fraction(3, 2)


@given(
    st.lists(st.fractions(0, 100, max_denominator=12), min_size=1, max_size=7),
    st.none() | st.fractions(0, 400, max_denominator=9),
)
def test_the_alarm_in_whole_numbers_is_the_one_that_is_defined(values: list[Fraction], within: Fraction | None) -> None:
    middle = mean(values)
    variance = mean([(value - middle) ** 2 for value in values])
    if within is not None:
        variance = min(variance, within * (len(values) - 1) / len(values))
    far = [
        order
        for order, value in enumerate(values)
        if (value - middle) ** 2 > RULES.spread_alarm_deviations**2 * variance
    ]
    spread = max(values) - min(values)
    alarm = spread_alarm({str(order): value for order, value in enumerate(values)}, RULES, within)
    assert alarm.outliers == tuple(str(order) for order in far)
    assert (alarm.spread, alarm.raised) == (spread, bool(far) or spread >= RULES.spread_alarm_points)
