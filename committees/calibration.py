"""How severe each scorer is, how far scorers agree, and what a result would be without severity. Plain Python with numpy.

Model: total = quality of the application + severity of the scorer + chance. Qualities are free, severities are normal with
mean 0 (so a member with few scorecards is drawn towards 0), and the ratio of the variances is the most likely one given the
scores (restricted maximum likelihood). An adjusted mean is the plain mean less the mean severity of those who scored. Where
members do not differ more than chance explains, severities vanish and the adjusted mean is the plain one.

Severity can only be told apart from quality through members who score several applications together with others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Any

import krippendorff
import numpy as np

from charter.schema import CalibrationRules

Array = np.ndarray[Any, np.dtype[np.float64]]


class Thin(StrEnum):
    """Why the scores say too little."""

    TOO_FEW = "too_few"
    NOT_LINKED = "not_linked"


@dataclass(frozen=True, slots=True)
class Total:
    """The total out of 100 that one scorer gave one application."""

    application: str
    scorer: str
    value: float


@dataclass(frozen=True, slots=True)
class Severity:
    """How many points a scorer gives more (or, negative, less) than the others, with the standard error."""

    points: float
    error: float
    scorecards: int
    told: bool
    """Whether there are enough scorecards to say it."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An application's mean without the severity of those who scored it, in an interval of the charter's certainty."""

    plain: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the scores of a call say of themselves. ``thin`` says why severities are not estimated, where they are not.

    ``alpha`` is Krippendorff's for totals, None where nothing varies; ``severity_deviation`` and ``chance_deviation`` are
    the standard deviations, in points, of severities and of what is left.
    """

    alpha: float | None
    reliable: bool
    thin: Thin | None
    severity_deviation: float
    chance_deviation: float
    freedom: int
    severities: Mapping[str, Severity]
    adjusted: Mapping[str, Adjusted]


def alpha(rows: Sequence[Total], level: Any = "interval") -> float | None:
    """Krippendorff's alpha of the scores; None where no application has two of them or nothing varies."""
    table = _table(rows)
    pairable = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    values = pairable[~np.isnan(pairable)]
    if values.size == 0 or np.ptp(values) == 0:
        return None
    return float(krippendorff.alpha(reliability_data=pairable, level_of_measurement=level))


def _table(rows: Sequence[Total]) -> Array:
    """Scorers down, applications across, nothing where nobody scored."""
    scorers = {key: number for number, key in enumerate(sorted({one.scorer for one in rows}))}
    applications = {key: number for number, key in enumerate(sorted({one.application for one in rows}))}
    table = np.full((len(scorers), len(applications)), np.nan)
    for one in rows:
        table[scorers[one.scorer], applications[one.application]] = one.value
    return table


def calibrate(rows: Sequence[Total], rules: CalibrationRules) -> Calibration:
    """Severities, adjusted means and agreement of all totals of a call.

    Raises ValueError when there are none, or a scorer gave an application two.
    """
    if not rows:
        raise ValueError("nothing is scored")
    if len({(one.application, one.scorer) for one in rows}) != len(rows):
        raise ValueError("a scorer has two totals for an application")
    model = _Model(sorted(rows, key=lambda one: (one.application, one.scorer)))
    thin = model.thin(rules)
    agreement = alpha(rows)
    penalty = None if thin else model.likeliest()
    severities = model.severities(penalty, rules)
    return Calibration(
        agreement,
        agreement is not None and agreement * 100 >= rules.reliable_from_hundredths,
        thin,
        model.severity_deviation(penalty),
        model.chance_deviation(penalty),
        model.freedom,
        severities,
        model.adjusted(penalty, rules),
    )


class _Model:
    """The mixed model with the applications' qualities swept out: all that is left is one row and column a scorer."""

    def __init__(self, rows: Sequence[Total]) -> None:
        self.applications = sorted({one.application for one in rows})
        self.scorers = sorted({one.scorer for one in rows})
        place = {key: number for number, key in enumerate(self.applications)}
        seat = {key: number for number, key in enumerate(self.scorers)}
        at = np.array([place[one.application] for one in rows])
        by = np.array([seat[one.scorer] for one in rows])
        values = np.array([one.value for one in rows], dtype=np.float64)
        self.cards = np.bincount(at, minlength=len(self.applications)).astype(np.float64)
        self.done: Any = np.bincount(by, minlength=len(self.scorers))
        self.plain: Array = np.bincount(at, weights=values, minlength=len(self.applications)) / self.cards
        self.shares: Array = np.zeros((len(self.applications), len(self.scorers)))
        self.shares[at, by] = 1.0 / self.cards[at]
        residual = values - self.plain[at]
        self.within = float(residual @ residual)
        self.sums: Any = np.bincount(by, weights=residual, minlength=len(self.scorers))
        scaled = self.shares * self.cards[:, None]
        self.overlap: Array = np.diag(self.done.astype(np.float64)) - self.shares.T @ scaled
        self.freedom = len(rows) - len(self.applications)
        self.eigenvalues, vectors = np.linalg.eigh(self.overlap)
        self.eigenvalues = np.clip(self.eigenvalues, 0.0, None)
        self.rotated: Array = vectors.T @ self.sums
        self.vectors: Array = vectors

    def thin(self, rules: CalibrationRules) -> Thin | None:
        """Whether severities can be told apart from qualities and chance at all."""
        links = int((self.eigenvalues > 1e-9).sum())
        if self.freedom - links < rules.least_freedom:
            return Thin.TOO_FEW
        return Thin.NOT_LINKED if links < len(self.scorers) - 1 else None

    def _left(self, penalty: float) -> float:
        """What severities under this penalty do not explain."""
        return self.within - float((self.rotated**2 / (self.eigenvalues + penalty)).sum())

    def _unlikelihood(self, log_penalty: float) -> float:
        penalty = float(np.exp(log_penalty))
        left = max(self._left(penalty), 1e-12)
        return self.freedom * float(np.log(left)) + float(np.log1p(self.eigenvalues / penalty).sum())

    def likeliest(self) -> float | None:
        """The most likely ratio of chance's variance to severity's; None when members do not differ beyond chance."""
        if self.within <= 0:
            return None
        grid = np.linspace(-9.0, 13.0, 89)
        values = [self._unlikelihood(float(one)) for one in grid]
        best = int(np.argmin(values))
        if best == len(grid) - 1:
            return None
        low, high = float(grid[max(best - 1, 0)]), float(grid[best + 1])
        for _step in range(40):
            third = (high - low) / 3
            if self._unlikelihood(low + third) <= self._unlikelihood(high - third):
                high -= third
            else:
                low += third
        return float(np.exp((low + high) / 2))

    def _variance(self, penalty: float | None) -> float:
        """The variance of chance."""
        left = self.within if penalty is None else self._left(penalty)
        return max(left, 0.0) / self.freedom if self.freedom else 0.0

    def chance_deviation(self, penalty: float | None) -> float:
        return float(np.sqrt(self._variance(penalty)))

    def severity_deviation(self, penalty: float | None) -> float:
        return 0.0 if penalty is None else float(np.sqrt(self._variance(penalty) / penalty))

    def _inverse(self, penalty: float) -> Array:
        inverse: Array = (self.vectors / (self.eigenvalues + penalty)) @ self.vectors.T
        return inverse

    def severities(self, penalty: float | None, rules: CalibrationRules) -> dict[str, Severity]:
        """Severity of each scorer; 0 for all when members do not differ beyond chance."""
        points, errors = np.zeros(len(self.scorers)), np.zeros(len(self.scorers))
        if penalty is not None:
            inverse = self._inverse(penalty)
            points = inverse @ self.sums
            errors = np.sqrt(self._variance(penalty) * np.diag(inverse))
        return {
            key: Severity(
                float(points[number]),
                float(errors[number]),
                int(self.done[number]),
                bool(penalty is not None and self.done[number] >= rules.least_scorecards),
            )
            for number, key in enumerate(self.scorers)
        }

    def adjusted(self, penalty: float | None, rules: CalibrationRules) -> dict[str, Adjusted]:
        """Adjusted means with their intervals: chance in the scorecards, and what is not known of the severities."""
        means, spread = self.plain, 1.0 / self.cards
        if penalty is not None:
            inverse = self._inverse(penalty)
            means = self.plain - self.shares @ (inverse @ self.sums)
            spread = spread + np.einsum("as,st,at->a", self.shares, inverse, self.shares)
        reach = students_t(rules.interval_percent, max(self.freedom, 1)) * np.sqrt(self._variance(penalty) * spread)
        return {
            key: Adjusted(
                float(self.plain[number]),
                float(means[number]),
                float(means[number] - reach[number]),
                float(means[number] + reach[number]),
            )
            for number, key in enumerate(self.applications)
        }


def students_t(percent: int, freedom: int) -> float:
    """The value that Student's t exceeds on neither side with ``percent`` certainty (Cornish and Fisher's expansion)."""
    z = NormalDist().inv_cdf(0.5 + percent / 200)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return float(z + sum(term / freedom**power for power, term in enumerate(terms, start=1)))
