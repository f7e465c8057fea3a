"""What an assignment is made of: scorers, applications that need them, limits, and the plan with its reasons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from charter.schema import AssignmentRules


@dataclass(frozen=True, slots=True)
class Scorer:
    """A member who can score; ``load`` is what the member has to score already.

    ``languages``, ``sectors`` and ``governorate`` are empty where nothing is recorded: then nothing is matched.
    """

    key: str
    civil_society: bool
    load: int = 0
    languages: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    governorate: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """An application that needs ``scorers`` in all, among them ``civil_society``; ``barred`` may not, ``fixed`` do already."""

    key: str
    scorers: int
    civil_society: int
    barred: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    language: str = ""
    sector: str = ""
    governorates: frozenset[str] = frozenset()


class Binding(StrEnum):
    """The rule that cannot be met."""

    SCORERS = "scorers"
    CIVIL_SOCIETY = "civil_society"
    LIMIT = "limit"
    LIMIT_OF_CIVIL_SOCIETY = "limit_of_civil_society"


@dataclass(frozen=True, slots=True)
class Shortage:
    """Where a rule binds: ``have`` members can score ``task`` where ``need`` must.

    When the charter's limit binds, no single application is to blame: ``task`` is empty, ``have`` is the limit, and ``need``
    the number of applications that the busiest member would have to score.
    """

    task: str
    rule: Binding
    need: int
    have: int


@dataclass(frozen=True, slots=True)
class Match:
    """Why a scorer fits an application: None where nothing is recorded, so that nothing could be matched."""

    language: bool | None = None
    sector: bool | None = None
    elsewhere: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """New scorers by application (without the fixed ones), loads of all, what was matched, and where no plan is possible.

    ``gap`` is how far at most the plan may lie from the best one, as a share of it; 0 means that no better one exists.
    """

    scorers: dict[str, tuple[str, ...]]
    loads: dict[str, int]
    shortages: tuple[Shortage, ...]
    matches: dict[tuple[str, str], Match] = field(default_factory=dict)
    gap: float = 0.0

    @property
    def spread(self) -> int:
        """Distance between the highest and the lowest load."""
        return max(self.loads.values(), default=0) - min(self.loads.values(), default=0)


NO_LIMITS = AssignmentRules()


def civil_society_needed(scorers: int, percent: int) -> int:
    """How many of ``scorers`` must be civil society when at least ``percent`` of them are."""
    return -(-scorers * percent // 100)


def match(task: Task, scorer: Scorer) -> Match:
    """What fits between an application and a scorer."""
    return Match(
        task.language in scorer.languages if task.language and scorer.languages else None,
        task.sector in scorer.sectors if task.sector and scorer.sectors else None,
        scorer.governorate not in task.governorates if task.governorates and scorer.governorate else None,
    )


def missing(task: Task, civil_society: Collection[str]) -> tuple[int, int]:
    """How many scorers an application still lacks, and how many of civil society among them at least."""
    ours = len(task.fixed & frozenset(civil_society))
    return max(task.scorers - len(task.fixed), 0), max(task.civil_society - ours, 0)


def shortages(tasks: Iterable[Task], scorers: Sequence[Scorer]) -> list[Shortage]:
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
