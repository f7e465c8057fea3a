"""`committees.inclusion`: every target at its edge."""

from dataclasses import dataclass, replace

import pytest

from charter.defaults import default_rules
from committees.inclusion import Target, TargetName, inclusion

TARGETS = default_rules().committee.inclusion


@dataclass(frozen=True)
class Member:
    woman: bool = False
    under_30: bool = False
    displaced: bool = False
    disability: bool = False
    governorate: str = "SY01"


FULL = [
    Member(woman=True, governorate="SY08"),
    Member(woman=True, under_30=True, governorate="SY02"),
    Member(woman=True, displaced=True, governorate="SY04"),
    Member(disability=True),
    Member(),
    Member(),
    Member(),
]


def missed(members: list[Member]) -> list[TargetName]:
    return [target.name for target in inclusion(members, TARGETS) if not target.reached]


def test_a_committee_that_reaches_all() -> None:
    assert missed(FULL) == []


@pytest.mark.parametrize(
    ("index", "member", "names"),
    [
        (0, replace(FULL[0], woman=False), [TargetName.WOMEN]),
        (1, replace(FULL[1], under_30=False), [TargetName.YOUNG]),
        (2, replace(FULL[2], displaced=False), [TargetName.DISPLACED]),
        (2, replace(FULL[2], governorate="SY01"), [TargetName.GOVERNORATES]),
        (2, replace(FULL[2], governorate=""), [TargetName.GOVERNORATES]),
        (0, replace(FULL[0], governorate="SY05"), [TargetName.NORTH_EAST]),
        (3, Member(), [TargetName.DISABILITY]),
    ],
)
def test_each_target_may_be_missed_alone(index: int, member: Member, names: list[TargetName]) -> None:
    assert missed([*FULL[:index], member, *FULL[index + 1 :]]) == names


@pytest.mark.parametrize(("members", "needed"), [(0, 0), (1, 1), (5, 2), (7, 3), (9, 4)])
def test_the_share_of_women_in_whole_members(members: int, needed: int) -> None:
    assert inclusion([Member()] * members, TARGETS)[0] == Target(TargetName.WOMEN, 0, needed)
