"""The best assignment as an integer programme.

Loads come first: the plan makes the sum of their squares the least that the rules allow, which also makes the highest load
the lowest and the lowest the highest that there can be. Among the plans with such loads it takes the one that matches most:
scorers who read the application's language, somebody who knows its sector, people from another governorate.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from charter.schema import AssignmentRules
from committees.assigning.terms import (
    NO_LIMITS,
    Binding,
    Match,
    Plan,
    Scorer,
    Shortage,
    Task,
    match,
    missing,
    shortages,
)
from committees.optimising import Answer, Programme

SECONDS = 25.0
"""A plan that is not proven the best within this time is given with its gap."""


def plan(
    tasks: Sequence[Task], scorers: Sequence[Scorer], rules: AssignmentRules = NO_LIMITS, *, seconds: float = SECONDS
) -> Plan:
    """Assign scorers to all ``tasks``; when a rule cannot be met, nothing is assigned and the plan says which and where.

    The result depends on nothing but the arguments, and not on their order.
    """
    tasks = sorted(tasks, key=lambda one: one.key)
    scorers = sorted(scorers, key=lambda one: one.key)
    loads = {one.key: one.load for one in scorers}
    lacking = shortages(tasks, scorers)
    if lacking:
        return Plan({}, loads, tuple(lacking))
    found = _best(tasks, scorers, rules, seconds=seconds)
    if found is None:
        return Plan({}, loads, (_limit_that_binds(tasks, scorers, rules, seconds=seconds),))
    return found


def _best(tasks: Sequence[Task], scorers: Sequence[Scorer], rules: AssignmentRules, *, seconds: float) -> Plan | None:
    """The best plan; None when the charter's limit of applications a member leaves none."""
    highest = max((one.load for one in scorers), default=0) + len(tasks)
    limit = min(rules.most_applications or highest, highest)
    ceiling = min(_ceiling(tasks, scorers), limit)
    while True:
        draft = _Draft(tasks, scorers, rules, ceiling)
        answer = draft.programme.solve_relaxed_first(seconds=seconds)
        if answer is not None:
            return draft.plan(answer)
        if ceiling >= limit:
            return None
        ceiling = min(ceiling * 2, limit)


def _ceiling(tasks: Sequence[Task], scorers: Sequence[Scorer]) -> int:
    """A load that is probably enough for everybody: a little above the mean of all, and of civil society."""
    ours = [one for one in scorers if one.civil_society]
    lacking = [missing(task, {one.key for one in ours}) for task in tasks]
    every = sum(all_ for all_, _ours in lacking) + sum(one.load for one in scorers)
    our = sum(min(pair) for pair in lacking) + sum(one.load for one in ours)
    highest = max((one.load for one in scorers), default=0)
    return max(-(-every // max(len(scorers), 1)), -(-our // max(len(ours), 1)), highest) + 2


def _limit_that_binds(
    tasks: Sequence[Task], scorers: Sequence[Scorer], rules: AssignmentRules, *, seconds: float
) -> Shortage:
    """Whether the limit binds for everybody or for civil society alone, and which limit would do."""
    limit = rules.most_applications
    free = replace_limit(rules)
    anybody = _best([replace(task, civil_society=0) for task in tasks], scorers, free, seconds=seconds)
    everybody = max(anybody.loads.values()) if anybody is not None else limit + 1
    if everybody > limit:
        return Shortage("", Binding.LIMIT, everybody, limit)
    with_share = _best(tasks, scorers, free, seconds=seconds)
    need = max(with_share.loads.values()) if with_share is not None else limit + 1
    return Shortage("", Binding.LIMIT_OF_CIVIL_SOCIETY, need, limit)


def replace_limit(rules: AssignmentRules) -> AssignmentRules:
    """The same rules without a limit of applications a member."""
    return rules.model_copy(update={"most_applications": 0})


@dataclass(slots=True)
class _Draft:
    """The programme of one assignment: a yes or no for every application and member who may score it."""

    tasks: Sequence[Task]
    scorers: Sequence[Scorer]
    rules: AssignmentRules
    ceiling: int
    programme: Programme = field(default_factory=Programme)
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        ours = {one.key for one in self.scorers if one.civil_society}
        for task in self.tasks:
            self._demand(task, ours, given)
        for scorer in self.scorers:
            self._even_out(scorer, given[scorer.key])

    def _demand(self, task: Task, ours: set[str], given: defaultdict[str, list[tuple[int, float]]]) -> None:
        able: list[tuple[int, float]] = []
        able_ours: list[tuple[int, float]] = []
        knowing: list[tuple[int, float]] = []
        for scorer in self.scorers:
            if scorer.key in task.barred or scorer.key in task.fixed:
                continue
            fits = self.matches[task.key, scorer.key] = match(task, scorer)
            gain = self.rules.language_points * bool(fits.language)
            gain += self.rules.elsewhere_points * (fits.elsewhere is not False)
            variable = self.pairs[task.key, scorer.key] = self.programme.variable(gain=gain)
            able.append((variable, 1.0))
            given[scorer.key].append((variable, 1.0))
            if scorer.key in ours:
                able_ours.append((variable, 1.0))
            if fits.sector:
                knowing.append((variable, 1.0))
        every, of_ours = missing(task, ours)
        self.programme.row(able, least=every, most=every)
        self.programme.row(able_ours, least=of_ours)
        self._cover(task, knowing)

    def _cover(self, task: Task, knowing: list[tuple[int, float]]) -> None:
        """One scorer who knows the sector is what counts; a second adds nothing."""
        fixed = [one for one in self.scorers if one.key in task.fixed]
        if knowing and self.rules.sector_points and not any(match(task, one).sector for one in fixed):
            covered = self.programme.variable(gain=self.rules.sector_points, whole=False)
            self.programme.row([(covered, -1.0), *knowing], least=0.0)

    def _even_out(self, scorer: Scorer, given: list[tuple[int, float]]) -> None:
        """Each application more costs as much as it is the member's n-th, more than any matching could bring."""
        levels = range(scorer.load + 1, self.ceiling + 1)
        weight = self._weight()
        steps = [(self.programme.variable(gain=-weight * level, whole=False), -1.0) for level in levels]
        self.programme.row([*given, *steps], least=0.0, most=0.0)

    def _weight(self) -> float:
        """Above what a chain of exchanges through all members can gain, two assignments each."""
        most = self.rules.language_points + self.rules.sector_points + self.rules.elsewhere_points
        return float(2 * most * len(self.scorers) + 1)

    def plan(self, answer: Answer) -> Plan:
        """The answer by names."""
        chosen = [pair for pair, variable in self.pairs.items() if answer.chosen(variable)]
        by_task: defaultdict[str, list[str]] = defaultdict(list)
        for task, scorer in chosen:
            by_task[task].append(scorer)
        loads = Counter({one.key: one.load for one in self.scorers})
        loads.update(scorer for _task, scorer in chosen)
        return Plan(
            {task.key: tuple(sorted(by_task[task.key])) for task in self.tasks},
            dict(loads),
            (),
            {pair: self.matches[pair] for pair in chosen},
            answer.gap,
        )
