"""Severity, agreement and adjusted means: on figures worked out by hand, and where the truth is planted."""

import numpy as np
import pytest

from bench.bench_committees import simulated
from charter.schema import CalibrationRules
from committees.calibration import Thin, Total, alpha, calibrate, students_t

RULES = CalibrationRules()


def rows(table: dict[str, dict[str, float]]) -> list[Total]:
    """Totals by application and scorer."""
    return [Total(application, scorer, value) for application, by in table.items() for scorer, value in by.items()]


def everybody(
    severities: dict[str, float], qualities: list[float], *, chance: float = 0.0, seed: int = 0
) -> list[Total]:
    """Everybody scores everything."""
    draw = np.random.default_rng(seed)
    return [
        Total(f"a{number:02}", scorer, quality + severity + draw.normal(0.0, chance))
        for number, quality in enumerate(qualities)
        for scorer, severity in severities.items()
    ]


def test_krippendorffs_alpha_of_the_published_example() -> None:
    """The example of Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section D: interval data, 0.849."""
    nothing = None
    table = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nothing, nothing, nothing],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nothing, 3],
        [nothing, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nothing],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nothing],
    ]
    listed = [
        Total(f"u{unit:02}", f"s{scorer}", float(value))
        for scorer, line in enumerate(table)
        for unit, value in enumerate(line)
        if value is not nothing
    ]
    assert alpha(listed) == pytest.approx(0.849, abs=5e-4)
    assert alpha(listed, "ordinal") == pytest.approx(0.815, abs=5e-4)
    assert alpha(listed, "nominal") == pytest.approx(0.743, abs=5e-4)


def test_alpha_is_silent_where_nothing_can_be_compared() -> None:
    assert alpha(rows({"a": {"s": 60.0}, "b": {"t": 70.0}})) is None
    assert alpha(rows({"a": {"s": 60.0, "t": 60.0}})) is None


def test_planted_severities_are_found_and_taken_out() -> None:
    planted = {"s1": -8.0, "s2": 0.0, "s3": 8.0}
    found = calibrate(everybody(planted, [50.0 + number for number in range(20)], chance=1.0), RULES)
    assert found.thin is None
    for key, points in planted.items():
        assert found.severities[key].points == pytest.approx(points, abs=1.0)
        assert found.severities[key].told
    assert found.severity_deviation == pytest.approx(8.0, abs=3.0)
    assert found.chance_deviation == pytest.approx(1.0, abs=0.3)


def test_who_was_scored_by_the_severe_alone_is_put_right() -> None:
    listed = everybody({"mild": 6.0, "severe": -6.0, "fair": 0.0}, [60.0] * 12, chance=1.0)
    # The last two are equally good, but one met the severe, the other the mild.
    listed += rows({"x": {"severe": 54.0, "fair": 60.0}, "y": {"mild": 66.0, "fair": 60.0}})
    found = calibrate(listed, RULES).adjusted
    assert found["x"].plain == 57.0
    assert found["y"].plain == 63.0
    assert abs(found["x"].mean - found["y"].mean) < 1.0
    assert found["x"].low < 60.0 < found["x"].high


def test_where_members_do_not_differ_nothing_is_adjusted() -> None:
    listed = [
        Total(f"a{number}", scorer, 60.0 + (number * 7 + shift) % 3)
        for number in range(9)
        for shift, scorer in enumerate("stu")
    ]
    found = calibrate(listed, RULES)
    assert found.severity_deviation == 0
    assert all(one.mean == one.plain for one in found.adjusted.values())
    assert not any(one.told for one in found.severities.values())


def test_thin_data_are_called_so() -> None:
    few = calibrate(rows({"a": {"s": 60.0, "t": 70.0, "u": 65.0}}), RULES)
    assert few.thin is Thin.TOO_FEW
    assert few.adjusted["a"].mean == few.adjusted["a"].plain == 65.0
    apart = everybody({"s": 0.0, "t": 5.0, "u": 1.0}, [60.0, 70.0, 50.0] * 3, chance=1.0)
    apart += [Total(f"z{one.application}", f"z{one.scorer}", one.value) for one in apart]
    assert calibrate(apart, RULES).thin is Thin.NOT_LINKED


def test_impossible_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing is scored"):
        calibrate([], RULES)
    with pytest.raises(ValueError, match="two totals"):
        calibrate([Total("a", "s", 1.0), Total("a", "s", 2.0)], RULES)


@pytest.mark.parametrize(("percent", "freedom", "value"), [(90, 10, 1.8125), (95, 5, 2.5706), (90, 60, 1.6706)])
def test_students_t_is_the_tables(percent: int, freedom: int, value: float) -> None:
    assert students_t(percent, freedom) == pytest.approx(value, abs=0.01)


def test_adjusting_ranks_better_than_the_plain_mean() -> None:
    """A small version of `bench/bench_committees.py`: 30 of its 200 seeded committees."""
    pairs = [simulated(seed, 0.35) for seed in range(30)]
    assert sum(adjusted > plain for plain, adjusted in pairs) >= 29


def test_intervals_hold_as_often_as_they_say() -> None:
    """Intervals of 90 %: over 40 seeded committees they hold the planted quality nine times of ten."""
    held: list[bool] = []
    for seed in range(40):
        draw = np.random.default_rng(seed)
        qualities, severities = draw.normal(60.0, 10.0, 30), draw.normal(0.0, 6.0, 9)
        listed = [
            Total(f"a{number:02}", f"s{scorer}", quality + severities[scorer] + draw.normal(0.0, 5.0))
            for number, quality in enumerate(qualities)
            for scorer in draw.choice(9, 3, replace=False)
        ]
        found = calibrate(listed, RULES).adjusted
        held += [
            bool(found[f"a{number:02}"].low <= quality <= found[f"a{number:02}"].high)
            for number, quality in enumerate(qualities)
        ]
    assert 0.86 <= sum(held) / len(held) <= 0.94
