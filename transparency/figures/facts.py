"""What the figures are made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Project:
    """A project: ``partner`` tells partners of one release apart and names nobody; amounts in US dollars."""

    fund: str
    code: str
    year: int
    source: int | None
    kind: int | None
    partner: str
    withheld: bool
    budget: Decimal
    days_long: int | None
    days_to_decide: int | None
    direct: Decimal | None = None
    support: Decimal | None = None
    """What the source says of the costs of the project itself and of its partner's office."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a project's value in one place or sector (``thing``)."""

    fund: str
    year: int
    thing: str
    project: str
    partner: str
    withheld: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Gift:
    """What a donor gave to a fund in a year."""

    fund: str
    year: int
    donor: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """A publishable sum of one fund, year and thing; ``projects`` counts projects in it."""

    fund: str
    year: int
    thing: str
    amount: Decimal
    projects: int


@dataclass(frozen=True, slots=True)
class Scope:
    """One fund or all of them (empty), one year or all (0)."""

    fund: str = ""
    year: int = 0

    def covers(self, fact: "Project | Gift | Cell") -> bool:
        """Whether a fact belongs to the scope."""
        return self.fund in ("", fact.fund) and self.year in (0, fact.year)


@dataclass(slots=True)
class Facts:
    """All facts; places and sectors are already publishable cells."""

    projects: list[Project] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    places: list[Cell] = field(default_factory=list)
    sectors: list[Cell] = field(default_factory=list)

    def within(self, scope: Scope) -> "Facts":
        """The facts of a scope."""
        return Facts(
            projects=[fact for fact in self.projects if scope.covers(fact)],
            gifts=[fact for fact in self.gifts if scope.covers(fact)],
            places=[fact for fact in self.places if scope.covers(fact)],
            sectors=[fact for fact in self.sectors if scope.covers(fact)],
        )

    @property
    def granted(self) -> Decimal:
        """The sum of all budgets."""
        return sum((project.budget for project in self.projects), Decimal(0))


def years_of(facts: Iterable[Project | Gift]) -> list[int]:
    """The years that occur, in order."""
    return sorted({fact.year for fact in facts})
