"""Mixed-integer linear programmes for HiGHS: variables and rows are added one by one, the answer says how good it is.

Plain Python. One thread and a fixed seed, so that the same programme has the same answer each time it is solved to the end.
The solver is loaded when something is solved: a web process that only shows results never carries it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

INFINITE = math.inf
WHOLE = 1e-6
"""How near a value is to a whole number to count as one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Values by variable. ``gap`` is how far at most the objective may lie from the best, as a share of it: 0 is proven."""

    values: Sequence[float]
    objective: float
    gap: float

    def chosen(self, variable: int) -> bool:
        """Whether a yes-or-no variable is yes."""
        return self.values[variable] > 0.5

    def whole(self, variable: int) -> int:
        """The value of a whole variable."""
        return round(self.values[variable])


@dataclass(slots=True)
class Programme:
    """A programme to maximise."""

    gains: list[float] = field(default_factory=list)
    lowers: list[float] = field(default_factory=list)
    uppers: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lowers: list[float] = field(default_factory=list)
    row_uppers: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def variable(self, *, gain: float = 0.0, lower: float = 0.0, upper: float = 1.0, whole: bool = True) -> int:
        """A new variable between ``lower`` and ``upper``; each unit of it adds ``gain`` to the objective."""
        self.gains.append(gain)
        self.lowers.append(lower)
        self.uppers.append(upper)
        self.whole.append(whole)
        return len(self.gains) - 1

    def row(self, terms: Iterable[tuple[int, float]], *, least: float = -INFINITE, most: float = INFINITE) -> int:
        """Demand that the sum of variable × factor lies between ``least`` and ``most``."""
        for variable, factor in terms:
            self.columns.append(variable)
            self.factors.append(factor)
        self.starts.append(len(self.columns))
        self.row_lowers.append(least)
        self.row_uppers.append(most)
        return len(self.row_lowers) - 1

    def solve(self, *, seconds: float, gap: float = 0.0) -> Answer | None:
        """The best values that were found within ``seconds``, or within ``gap`` of the best; None when there are none."""
        return self._solve(self.whole, seconds=seconds, gap=gap)

    def solve_relaxed_first(self, *, seconds: float) -> Answer | None:
        """The best values of a programme whose relaxation is nearly always whole by itself, as those of flows are."""
        answer = self._solve([False] * len(self.whole), seconds=seconds, gap=0.0)
        if answer is None or all(
            not whole or abs(value - round(value)) < WHOLE
            for value, whole in zip(answer.values, self.whole, strict=True)
        ):
            return answer
        return self.solve(seconds=seconds)

    def _solve(self, whole: Sequence[bool], *, seconds: float, gap: float) -> Answer | None:
        if not self.gains:
            return Answer([], 0.0, 0.0)
        import highspy  # the worker's, see above

        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its own code has types, this has none
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        solver.setOptionValue("time_limit", seconds)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_abs_gap", 1e-9)
        solver.passModel(self._model(whole))
        solver.run()
        return _answer(solver, mixed=any(whole))

    def _model(self, whole: Sequence[bool]) -> Any:
        import highspy  # the worker's, see above
        import numpy as np

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.gains), len(self.row_lowers)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.array(self.gains, dtype=np.double)
        model.col_lower_ = np.array(self.lowers, dtype=np.double)
        model.col_upper_ = np.array(self.uppers, dtype=np.double)
        model.row_lower_ = np.array(self.row_lowers, dtype=np.double)
        model.row_upper_ = np.array(self.row_uppers, dtype=np.double)
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if one else kinds.kContinuous for one in whole]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(self.starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.columns, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.factors, dtype=np.double)
        return model


def _answer(solver: Any, *, mixed: bool) -> Answer | None:
    import highspy  # the worker's, see above

    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    gap = info.mip_gap if mixed else 0.0 if optimal else INFINITE
    return Answer(list(solver.getSolution().col_value), float(info.objective_function_value), float(gap))
