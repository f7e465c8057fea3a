"""Assigning and choosing 1,000 applications with 60 scorers, and whether adjusting for severity finds the truth."""

import random
from collections.abc import Iterator
from time import process_time

import numpy as np

from bench import Figure
from charter.defaults import default_rules
from committees.assigning import plan
from committees.calibration import Array, Total, calibrate
from committees.portfolio import Call, select
from committees.ranking import rank
from committees.scoring import total
from tests.committees.test_assigning_best import large_case
from tests.committees.test_portfolio import large_call

APPLICATIONS, SCORERS, RUNS = 1_000, 60, 200
RULES = default_rules().scoring


def measure() -> Iterator[Figure]:
    """Both optimisations together in 30 seconds; the adjusted mean better than the plain one in 95 % of the runs."""
    start = process_time()
    tasks, people = large_case(APPLICATIONS, SCORERS)
    assigned = plan(tasks, people, RULES.assignment.model_copy(update={"most_applications": 0}))
    first = process_time() - start
    yield Figure(
        "committees",
        "assignment of 1,000 applications to 60 scorers",
        first,
        "s of one core",
        note=f"gap {assigned.gap:.2%}",
    )
    start = process_time()
    envelope = 2_000_000_000
    call = Call(envelope, frozenset(f"SY{one:02}" for one in range(1, 15)), RULES)
    # Processor time is measured: on a shared machine the solver may wait, and must not give up for that.
    chosen = select(rank(large_call(APPLICATIONS), envelope, RULES), call, seconds=90)
    second = process_time() - start
    yield Figure("committees", "portfolio of 1,000 applications", second, "s of one core", note=f"gap {chosen.gap:.2%}")
    yield Figure("committees", "both together", first + second, "s of one core", limit=30)
    start = process_time()
    for severity in (0.25, 0.35, 0.5):
        better = sum(adjusted > plain for plain, adjusted in (simulated(seed, severity) for seed in range(RUNS)))
        name = f"severities of ±{severity * 20:g} points: runs where adjusting does not rank better"
        limit = 5.0 if severity == 0.35 else None
        yield Figure("committees", name, 100 - better / RUNS * 100, "%", limit=limit)
    yield from rougher()
    yield Figure("committees", "all these calibrations", process_time() - start, "s of one core")


def simulated(seed: int, severity: float, *, applications: int = 100, scorers: int = 9) -> tuple[float, float]:
    """Rank correlation with the truth: of plain means, and of adjusted ones.

    Each application has a true quality on each criterion, each scorer a severity (standard deviation ``severity`` points of
    the scale 0–5) and a chance error of 0.6 points on each criterion; points are rounded and cut off at the scale's ends.
    Three scorers an application, loads even.
    """
    draw = np.random.default_rng(seed)
    order = random.Random(seed)
    truth = np.clip(draw.normal(3.1, 0.6, applications), 0.5, 4.8)
    severities = draw.normal(0.0, severity, scorers)
    loads = [0] * scorers
    rows: list[Total] = []
    for application in range(applications):
        for scorer in sorted(range(scorers), key=lambda one: (loads[one], order.random()))[: RULES.scorers]:
            loads[scorer] += 1
            rows.append(
                Total(f"a{application:04}", f"s{scorer:02}", _card(draw, truth[application], severities[scorer]))
            )
    return _correlations(rows, truth)


def rougher() -> Iterator[Figure]:
    """How far it carries: totals with a chance error of 6 points, fewer applications or milder severities."""
    for applications, scorers, severity in ((100, 9, 6.0), (60, 9, 6.0), (40, 7, 6.0), (60, 9, 4.0)):
        pairs = [_totals(seed, applications, scorers, severity) for seed in range(RUNS)]
        better = sum(adjusted > plain for plain, adjusted in pairs)
        name = f"{applications} totals, {scorers} scorers, ±{severity:g} points: adjusting does not rank better"
        yield Figure("committees", name, 100 - better / RUNS * 100, "%")


def _totals(seed: int, applications: int, scorers: int, severity: float) -> tuple[float, float]:
    draw = np.random.default_rng(seed)
    truth, severities = draw.normal(62.0, 10.0, applications), draw.normal(0.0, severity, scorers)
    loads = np.zeros(scorers)
    rows: list[Total] = []
    for application in range(applications):
        for scorer in sorted(range(scorers), key=lambda one: (loads[one], draw.random()))[: RULES.scorers]:
            loads[scorer] += 1
            value = round(float(np.clip(truth[application] + severities[scorer] + draw.normal(0.0, 6.0), 0.0, 100.0)))
            rows.append(Total(f"a{application:04}", f"s{scorer:02}", float(value)))
    return _correlations(rows, truth)


def _correlations(rows: list[Total], truth: Array) -> tuple[float, float]:
    """Rank correlations with the truth: of plain means, and of adjusted ones."""
    found = calibrate(rows, RULES.calibration).adjusted
    keys = sorted(found)
    places = np.argsort(np.argsort(truth))
    plain, adjusted = (
        float(np.corrcoef(places, np.argsort(np.argsort([getattr(found[key], kind) for key in keys])))[0, 1])
        for kind in ("plain", "mean")
    )
    return plain, adjusted


def _card(draw: np.random.Generator, quality: float, severity: float) -> float:
    points = {}
    for one in RULES.criteria:
        judged = quality + severity + draw.normal(0.0, 0.6)
        points[one.key] = int(np.clip(round(judged), RULES.least_points, RULES.most_points))
    return float(total(points, RULES))
