"""Whoever comes, goes or is recused: no application is decided without the three majorities and the quorum."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults.committees import default_committee
from committees.quorum import CheckName, Seat
from committees.sitting import sit

RULES = default_committee()


def seat(key: str, constituency: str, *, vacant: bool = False) -> Seat:
    kind = RULES.constituencies[constituency]
    return Seat(key, constituency, kind.civil_society, kind.voting, vacant)


MEMBERS = [
    *(seat(f"c{n}", "civil_society") for n in range(4)),
    seat("e0", "expert"),
    seat("e1", "expert"),
    seat("m0", "community"),
]
ALTERNATES = [seat("a0", "civil_society"), seat("a1", "civil_society"), seat("ae", "expert")]
EVERYBODY = frozenset(one.key for one in [*MEMBERS, *ALTERNATES])
OURS = {one.key for one in [*MEMBERS, *ALTERNATES] if one.civil_society}


def names(sitting: object) -> list[CheckName]:
    return [one.name for one in sitting.failed]  # type: ignore[attr-defined]


def test_the_full_committee_may_decide_and_alternates_wait() -> None:
    sitting = sit(MEMBERS, ALTERNATES, present=EVERYBODY, recused=frozenset(), rules=RULES)
    assert sitting.may_decide
    assert sitting.substitutes == {}
    assert sitting.voters == {one.key for one in MEMBERS}


def test_recusals_take_the_majority_away_and_an_alternate_gives_it_back() -> None:
    members = {one.key for one in MEMBERS}
    alone = sit(MEMBERS, [], present=members, recused={"c0"}, rules=RULES)
    assert names(alone) == [CheckName.MAJORITY_ELIGIBLE, CheckName.MAJORITY_PRESENT]
    helped = sit(MEMBERS, ALTERNATES, present=members | {"a0"}, recused={"c0"}, rules=RULES)
    assert helped.may_decide
    assert helped.substitutes == {"c0": "a0"}
    assert "a0" in helped.voters
    assert "c0" not in helped.voters


def test_an_alternate_of_another_constituency_does_not_help() -> None:
    present = {one.key for one in MEMBERS} | {"ae"}
    sitting = sit(MEMBERS, ALTERNATES, present=present, recused={"c0"}, rules=RULES)
    assert not sitting.may_decide
    assert sitting.substitutes == {}


def test_a_recused_alternate_does_not_sit() -> None:
    sitting = sit(MEMBERS, ALTERNATES, present=EVERYBODY, recused={"c0", "a0"}, rules=RULES)
    assert sitting.substitutes == {"c0": "a1"}
    assert "a0" not in sitting.voters


def test_an_alternate_takes_a_vacant_seat() -> None:
    members = [seat("c0", "civil_society", vacant=True), *MEMBERS[1:]]
    present = {one.key for one in MEMBERS[1:]} | {"a0"}
    sitting = sit(members, ALTERNATES, present=present, recused=frozenset(), rules=RULES)
    assert sitting.may_decide
    assert sitting.substitutes == {"c0": "a0"}


def test_too_few_present_is_no_quorum() -> None:
    sitting = sit(MEMBERS, [], present={"c0", "c1", "c2"}, recused=frozenset(), rules=RULES)
    assert names(sitting) == [CheckName.QUORUM]


def test_a_stranger_is_nobody() -> None:
    sitting = sit(MEMBERS, ALTERNATES, present=EVERYBODY | {"stranger"}, recused=frozenset(), rules=RULES)
    assert "stranger" not in sitting.present


@given(
    st.lists(st.tuples(st.sampled_from(["comes", "goes", "recused"]), st.sampled_from(sorted(EVERYBODY))), max_size=40)
)
def test_no_sequence_of_comings_goings_and_recusals_opens_a_vote_without_the_majorities(
    steps: list[tuple[str, str]],
) -> None:
    present: set[str] = set()
    recused: set[str] = set()
    for what, who in steps:
        if what == "recused":
            recused.add(who)
        else:
            (present.add if what == "comes" else present.discard)(who)
        sitting = sit(MEMBERS, ALTERNATES, present=present, recused=recused, rules=RULES)
        assert not sitting.voters & recused
        assert sitting.voters <= present
        assert len(sitting.voters) <= len(MEMBERS)
        if sitting.may_decide:
            ours = len(sitting.voters & OURS)
            eligible = {one.key for one in sitting.seats} - recused
            assert 2 * ours > len(sitting.voters) >= 3
            assert 2 * len(eligible & OURS) > len(eligible)
            assert 3 * len(sitting.voters) >= 2 * len(eligible)
            assert 2 * sum(one.civil_society for one in sitting.seats) > len(sitting.seats)


@pytest.mark.parametrize("size", range(1, 4))
def test_recusing_members_of_civil_society_one_by_one_never_passes_silently(size: int) -> None:
    members = {one.key for one in MEMBERS}
    for gone in itertools.combinations(sorted(members & OURS), size):
        assert not sit(MEMBERS, [], present=members, recused=set(gone), rules=RULES).may_decide
