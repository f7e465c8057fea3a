"""Arithmetic of capacity and performance: scores of 100, a half rounded up. Plain Python."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

WHOLE = 100


def mean(parts: Iterable[tuple[int, int]]) -> int:
    """The mean of (value, weight) pairs with some weight."""
    pairs = list(parts)
    total, weights = sum(value * weight for value, weight in pairs), sum(weight for _value, weight in pairs)
    return (2 * total + weights) // (2 * weights)


def section_score(levels: Mapping[str, int], weights: Mapping[str, int], *, top: int) -> int:
    """The score of a section: each level (0 to ``top``) by its question's weight."""
    reached = sum(levels[key] * weight for key, weight in weights.items())
    whole = top * sum(weights.values())
    return (2 * WHOLE * reached + whole) // (2 * whole)


def total_score(sections: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The score of an assessment: its sections by their weights."""
    return mean((score, weights[key]) for key, score in sections.items())


def report_points(*, due: date, sent: date, returns: int, late_day: int, per_return: int) -> int:
    """What a report leaves of a hundred points after days late and returns."""
    late = max((sent - due).days, 0)
    return max(WHOLE - late * late_day - returns * per_return, 0)


def performance_index(capacity: int | None, performance: Sequence[int], weights: Sequence[int]) -> int | None:
    """Capacity and the mean of closed grants, by the weight (percent) of capacity after so many; None before either."""
    if not performance:
        return capacity
    shown = mean((score, 1) for score in performance)
    share = weights[min(len(performance), len(weights) - 1)] if capacity is not None else 0
    return mean([(capacity or 0, share), (shown, WHOLE - share)])
