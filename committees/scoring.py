"""Scores as exact arithmetic (domain specification §4.5). Plain Python, fractions, never a float.

Totals are out of 100: each criterion gives its weight times the points over the most points.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from charter.schema import ScoringRules


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The points of one scorer by criterion key."""

    scorer: str
    points: Mapping[str, int]


class Verdict(StrEnum):
    """What the thresholds say of a panel's result."""

    FUNDABLE = "fundable"
    WAITLIST = "waitlist"
    NOT_FUNDABLE = "not_fundable"


@dataclass(frozen=True, slots=True)
class Alarm:
    """How far the scorers lie apart; when ``raised``, the committee must discuss the application."""

    spread: Fraction
    outliers: tuple[str, ...]
    raised: bool


@dataclass(frozen=True, slots=True)
class PanelResult:
    """The result of a panel; ``weak_criteria`` are those below the floor."""

    totals: Mapping[str, Fraction]
    mean: Fraction
    criterion_means: Mapping[str, Fraction]
    alarm: Alarm
    verdict: Verdict
    weak_criteria: tuple[str, ...]


def shown(value: Fraction, places: int = 2) -> Decimal:
    """``value`` for people, rounded down: 59.996 is shown as 59.99, never as a threshold that it did not reach."""
    return Decimal(value.numerator * 10**places // value.denominator).scaleb(-places)


def total(points: Mapping[str, int], rules: ScoringRules) -> Fraction:
    """The weighted total out of 100 of one scorer's ``points``.

    Raises ValueError when a criterion is missing or unknown, or points lie outside the scale.
    """
    wanted = {criterion.key for criterion in rules.criteria}
    if set(points) != wanted:
        raise ValueError(f"points are given for each criterion and no other: {sorted(set(points) ^ wanted)}")
    for key, value in points.items():
        if type(value) is not int or not rules.least_points <= value <= rules.most_points:
            raise ValueError(f"points of {key!r} are whole, from {rules.least_points} to {rules.most_points}")
    return sum(
        (Fraction(criterion.weight * points[criterion.key], rules.most_points) for criterion in rules.criteria),
        Fraction(0),
    )


def mean(values: Sequence[Fraction]) -> Fraction:
    """The plain mean; raises ValueError when there are no values."""
    if not values:
        raise ValueError("there is no mean of nothing")
    return sum(values, Fraction(0)) / len(values)


def criterion_means(cards: Sequence[Scorecard], rules: ScoringRules) -> dict[str, Fraction]:
    """The mean of the points of each criterion over all scorers."""
    return {
        criterion.key: mean([Fraction(card.points[criterion.key]) for card in cards]) for criterion in rules.criteria
    }


def within_variance(panels: Iterable[Mapping[str, Fraction]]) -> Fraction | None:
    """The variance of totals round their own means over all applications of a call; None while no two can be compared."""
    squares, freedom = Fraction(0), 0
    for totals in panels:
        middle = mean(list(totals.values()))
        squares += sum(((value - middle) ** 2 for value in totals.values()), Fraction(0))
        freedom += len(totals) - 1
    return squares / freedom if freedom else None


def spread_alarm(totals: Mapping[str, Fraction], rules: ScoringRules, within: Fraction | None = None) -> Alarm:
    """Whether totals lie too far apart, or one of them too many standard deviations from the mean.

    The deviation is that of these scorers, and, where known, the usual one of the call (``within``, a variance): three
    scorers alone can never lie two of their own deviations apart.
    """
    number, unit = len(totals), lcm(*(value.denominator for value in totals.values()))
    # Whole numbers from here on, for lists of many: each total as so many parts of a unit, each distance times the number.
    whole = {scorer: value.numerator * (unit // value.denominator) for scorer, value in totals.items()}
    distances = {scorer: value * number - sum(whole.values()) for scorer, value in whole.items()}
    squares = Fraction(sum(one * one for one in distances.values()), number)
    if within is not None:
        squares = min(squares, within * (number - 1) * number * unit * unit)
    limit = rules.spread_alarm_deviations**2 * squares
    outliers = tuple(scorer for scorer, one in distances.items() if one * one > limit)
    spread = Fraction(max(whole.values()) - min(whole.values()), unit)
    return Alarm(spread, outliers, raised=bool(outliers) or spread >= rules.spread_alarm_points)


def verdict(panel_mean: Fraction, weak_criteria: Sequence[str], rules: ScoringRules) -> Verdict:
    """What the charter's thresholds say; one criterion below the floor is enough not to be fundable."""
    if weak_criteria or panel_mean < rules.waitlist_from:
        return Verdict.NOT_FUNDABLE
    return Verdict.FUNDABLE if panel_mean >= rules.fundable_from else Verdict.WAITLIST


def evaluate(cards: Sequence[Scorecard], rules: ScoringRules, within: Fraction | None = None) -> PanelResult:
    """The whole result of a panel from its scorecards; ``within`` is the call's usual variance, for the spread alarm.

    Raises ValueError when there is no card, a card is incomplete, or a scorer has two. Whether there are enough cards
    is asked of `ScoringRules.scorers_needed`.
    """
    totals = {card.scorer: total(card.points, rules) for card in cards}
    if len(totals) != len(cards):
        raise ValueError("a scorer has two scorecards")
    panel_mean = mean(list(totals.values()))
    means = criterion_means(cards, rules)
    floor = Fraction(rules.criterion_floor_tenths, 10)
    weak = tuple(key for key, value in means.items() if value < floor)
    return PanelResult(
        totals, panel_mean, means, spread_alarm(totals, rules, within), verdict(panel_mean, weak, rules), weak
    )
