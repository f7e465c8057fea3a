"""Who scores what: enough scorers for each application, enough of them civil society, loads as even as that lets them be.

Plain Python. A greedy draft is levelled out along chains of exchanges until no chain makes the loads more even; they end
within one of each other unless conflicts or the share of civil society stand against it. The result depends on nothing but
its arguments.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Scorer:
    """A member who can score; ``load`` is what the member has to score already."""

    key: str
    civil_society: bool
    load: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    """An application that needs ``scorers`` in all, among them ``civil_society``; ``barred`` may not, ``fixed`` do already."""

    key: str
    scorers: int
    civil_society: int
    barred: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


class Binding(StrEnum):
    """The rule that cannot be met."""

    SCORERS = "scorers"
    CIVIL_SOCIETY = "civil_society"


@dataclass(frozen=True, slots=True)
class Shortage:
    """An application for which a rule binds: ``have`` members can score it where ``need`` must."""

    task: str
    rule: Binding
    need: int
    have: int


@dataclass(frozen=True, slots=True)
class Plan:
    """New scorers by application (without the fixed ones), loads of all, and where no plan is possible."""

    scorers: dict[str, tuple[str, ...]]
    loads: dict[str, int]
    shortages: tuple[Shortage, ...]

    @property
    def spread(self) -> int:
        """Distance between the highest and the lowest load."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


def civil_society_needed(scorers: int, percent: int) -> int:
    """How many of ``scorers`` must be civil society when at least ``percent`` of them are."""
    return -(-scorers * percent // 100)


def shortages(tasks: Iterable[Task], scorers: Collection[Scorer]) -> list[Shortage]:
    """Where there are not enough members who may score an application, or not enough of civil society."""
    found: list[Shortage] = []
    for task in tasks:
        able = [one for one in scorers if one.key not in task.barred]
        ours = sum(one.civil_society for one in able)
        if len(able) < task.scorers:
            found.append(Shortage(task.key, Binding.SCORERS, task.scorers, len(able)))
        if ours < task.civil_society:
            found.append(Shortage(task.key, Binding.CIVIL_SOCIETY, task.civil_society, ours))
    return found


@dataclass(slots=True)
class _Draft:
    tasks: dict[str, Task]
    people: dict[str, Scorer]
    loads: Counter[str]
    given: dict[str, set[str]] = field(default_factory=dict)

    def ours(self, task: Task) -> int:
        """How many scorers of a task are civil society, fixed ones too."""
        return sum(self.people[key].civil_society for key in self.given[task.key] | task.fixed if key in self.people)

    def free(self, task: Task, person: Scorer) -> bool:
        return person.key not in task.barred and person.key not in self.given[task.key] | task.fixed

    def give(self, task: Task) -> None:
        """Give a task to the least loaded who may have it, civil society first while it is too few."""
        while len(self.given[task.key] | task.fixed) < task.scorers:
            left = task.scorers - len(self.given[task.key] | task.fixed)
            wanted = task.civil_society - self.ours(task)
            choice = [
                one for one in self.people.values() if self.free(task, one) and (wanted < left or one.civil_society)
            ]
            one = min(choice, key=lambda person: (self.loads[person.key], person.key))
            self.given[task.key].add(one.key)
            self.loads[one.key] += 1

    def may_pass(self, task: Task, giver: Scorer, taker: Scorer) -> bool:
        """Whether ``taker`` can have the task in the place of ``giver``."""
        if giver.key not in self.given[task.key] or not self.free(task, taker):
            return False
        return self.ours(task) - giver.civil_society + taker.civil_society >= task.civil_society

    def chain(self, start: str) -> list[tuple[str, str, str]]:
        """The shortest chain of exchanges (task, giver, taker) from ``start`` to someone with two tasks fewer."""
        seen, queue = {start}, deque([(start, list[tuple[str, str, str]]())])
        while queue:
            giver, path = queue.popleft()
            for name in sorted(self.people):
                if name in seen:
                    continue
                task = next(
                    (
                        key
                        for key in sorted(self.tasks)
                        if self.may_pass(self.tasks[key], self.people[giver], self.people[name])
                    ),
                    None,
                )
                if task is None:
                    continue
                longer = [*path, (task, giver, name)]
                if self.loads[name] <= self.loads[start] - 2:
                    return longer
                seen.add(name)
                queue.append((name, longer))
        return []

    def follow(self, chain: list[tuple[str, str, str]]) -> bool:
        """Make the exchanges of a chain; all or none."""
        before = {key: set(value) for key, value in self.given.items()}
        for key, giver, taker in chain:
            if not self.may_pass(self.tasks[key], self.people[giver], self.people[taker]):
                self.given = before
                return False
            self.given[key] = self.given[key] - {giver} | {taker}
        self.loads[chain[0][1]] -= 1
        self.loads[chain[-1][2]] += 1
        return True

    def level(self) -> None:
        """Exchange until nobody's load can be made more even."""
        moved = True
        while moved:
            moved = False
            for name in sorted(self.people, key=lambda key: (-self.loads[key], key)):
                chain = self.chain(name)
                if chain and self.follow(chain):
                    moved = True
                    break


def plan(tasks: Sequence[Task], scorers: Sequence[Scorer]) -> Plan:
    """Assign scorers to all ``tasks``; when a rule cannot be met, nothing is assigned and the plan says which and where."""
    loads = Counter({one.key: one.load for one in scorers})
    missing = shortages(tasks, scorers)
    if missing:
        return Plan({}, dict(loads), tuple(missing))
    draft = _Draft({task.key: task for task in tasks}, {one.key: one for one in scorers}, loads)
    draft.given = {task.key: set() for task in tasks}
    for task in sorted(tasks, key=lambda task: (len(scorers) - len(task.barred), task.key)):
        draft.give(task)
    draft.level()
    return Plan({key: tuple(sorted(value)) for key, value in draft.given.items()}, dict(draft.loads), ())
