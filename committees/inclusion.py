"""Whom a committee includes, against the charter's targets (domain specification §4.6). Plain Python.

A miss is a warning and a note to the board; it never blocks a committee.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from charter.schema import InclusionTargets


class Included(Protocol):
    """What a member said of themselves, or their nomination did."""

    @property
    def woman(self) -> bool: ...
    @property
    def under_30(self) -> bool: ...
    @property
    def displaced(self) -> bool: ...
    @property
    def disability(self) -> bool: ...
    @property
    def governorate(self) -> str: ...


class TargetName(StrEnum):
    """What is counted."""

    WOMEN = "women"
    YOUNG = "young"
    DISPLACED = "displaced"
    GOVERNORATES = "governorates"
    NORTH_EAST = "north_east"
    DISABILITY = "disability"


@dataclass(frozen=True, slots=True)
class Target:
    """One target: ``count`` where ``needed`` are wanted (members, or governorates)."""

    name: TargetName
    count: int
    needed: int

    @property
    def reached(self) -> bool:
        """Whether there are enough."""
        return self.count >= self.needed


def inclusion(members: Iterable[Included], targets: InclusionTargets) -> list[Target]:
    """Every target of the charter against the ``members`` who sit and vote.

    The share of women is rounded up to whole members; a governorate counts once.
    """
    everyone = list(members)
    women_needed = -(-len(everyone) * targets.women_percent // 100)
    north_east = set(targets.north_east_governorates)
    return [
        Target(TargetName.WOMEN, sum(member.woman for member in everyone), women_needed),
        Target(TargetName.YOUNG, sum(member.under_30 for member in everyone), targets.young_members),
        Target(
            TargetName.DISPLACED, sum(member.displaced for member in everyone), targets.displaced_or_returnee_members
        ),
        Target(
            TargetName.GOVERNORATES,
            len({member.governorate for member in everyone if member.governorate}),
            targets.governorates,
        ),
        Target(
            TargetName.NORTH_EAST,
            sum(member.governorate in north_east for member in everyone),
            targets.north_east_members,
        ),
        Target(TargetName.DISABILITY, sum(member.disability for member in everyone), targets.members_with_disability),
    ]
