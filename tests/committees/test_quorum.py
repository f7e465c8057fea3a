"""`committees.quorum` against an independent statement of the same rules, over every case.

The statement below is written from the specification with fractions and plain counting, without looking at the
module's thresholds: > 1/2 of seats, of eligible voters and of members present; present >= 2/3 of eligible and never
fewer than 3; approval by > 1/2 of votes cast and >= 1/2 of civil society's votes.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from committees.quorum import (
    Check,
    CheckName,
    Choice,
    Seat,
    Vote,
    check,
    composition,
    decide,
    majority_eligible,
    majority_of_seats,
    majority_present,
    may_decide,
    quorum,
    seat_alternates,
)

RULES = default_rules().committee
HALF = Fraction(1, 2)
PRESENT, ABSENT, RECUSED = "present", "absent", "recused"
STATES = (PRESENT, ABSENT, RECUSED)


def seats_of(civil: int, others: int) -> list[Seat]:
    return [Seat(f"c{n}", "civil_society", True) for n in range(civil)] + [
        Seat(f"o{n}", "expert", False) for n in range(others)
    ]


def over_half(part: int, whole: int) -> bool:
    return whole > 0 and Fraction(part, whole) > HALF


def stated(civil: list[str], others: list[str]) -> dict[CheckName, bool]:
    """The rules in words, for the states of each civil-society and each other seat."""
    everyone = civil + others
    may_vote = [state for state in everyone if state != RECUSED]
    in_room = [state for state in everyone if state == PRESENT]
    return {
        CheckName.MAJORITY_OF_SEATS: over_half(len(civil), len(everyone)),
        CheckName.MAJORITY_ELIGIBLE: over_half(sum(state != RECUSED for state in civil), len(may_vote)),
        CheckName.MAJORITY_PRESENT: over_half(civil.count(PRESENT), len(in_room)),
        CheckName.QUORUM: len(in_room) >= 3 and Fraction(len(in_room), len(may_vote)) >= Fraction(2, 3),
    }


def computed(civil: list[str], others: list[str]) -> dict[CheckName, bool]:
    seats = seats_of(len(civil), len(others))
    states = dict(zip((seat.key for seat in seats), civil + others, strict=True))
    present = {key for key, state in states.items() if state == PRESENT}
    recused = {key for key, state in states.items() if state == RECUSED}
    return {one.name: one.passed for one in check(seats, present, recused, RULES)}


def patterns(most_seats: int) -> Iterator[tuple[list[str], list[str]]]:
    """Every composition with up to ``most_seats`` seats and every presence and recusal, up to the names of members."""
    for number in range(most_seats + 1):
        for civil in range(number + 1):
            for ours in itertools.combinations_with_replacement(STATES, civil):
                for theirs in itertools.combinations_with_replacement(STATES, number - civil):
                    yield list(ours), list(theirs)


def test_every_composition_presence_and_recusal_up_to_nine_seats() -> None:
    cases = 0
    for civil, others in patterns(9):
        assert computed(civil, others) == stated(civil, others), (civil, others)
        cases += 1
    assert cases == 5005


def test_every_single_member_of_seven_seats() -> None:
    for civil in range(8):
        for states in itertools.product(STATES, repeat=7):
            ours, theirs = list(states[:civil]), list(states[civil:])
            assert computed(ours, theirs) == stated(ours, theirs), states


def test_a_recused_member_in_the_room_is_not_present() -> None:
    seats = seats_of(4, 3)
    everyone = {seat.key for seat in seats}
    assert check(seats, everyone, {"c0"}, RULES) == check(seats, everyone - {"c0"}, {"c0"}, RULES)


def test_one_recusal_can_break_the_majority() -> None:
    seats = seats_of(4, 3)
    everyone = {seat.key for seat in seats}
    assert may_decide(check(seats, everyone, set(), RULES))
    failed = [one for one in check(seats, everyone, {"c0"}, RULES) if not one.passed]
    assert failed == [
        Check(CheckName.MAJORITY_ELIGIBLE, False, 3, 6, 4),
        Check(CheckName.MAJORITY_PRESENT, False, 3, 6, 4),
    ]


def test_one_recusal_changes_the_quorum() -> None:
    assert quorum(7, 5, RULES) == Check(CheckName.QUORUM, True, 5, 7, 5)
    assert quorum(7, 4, RULES) == Check(CheckName.QUORUM, False, 4, 7, 5)
    assert quorum(6, 4, RULES) == Check(CheckName.QUORUM, True, 4, 6, 4)


def test_observers_and_vacant_seats() -> None:
    seats = [*seats_of(4, 3), Seat("w", "observer", False, voting=False)]
    everyone = {seat.key for seat in seats}
    assert [one.of for one in check(seats, everyone, set(), RULES)] == [7, 7, 7, 7]
    vacant = [Seat("c0", "civil_society", True, vacant=True), *seats[1:]]
    assert majority_of_seats(vacant, RULES).passed
    assert not majority_eligible(vacant, set(), RULES).passed
    assert majority_present(vacant, everyone, set(), RULES).of == 6


def test_strangers_and_doubles_are_errors() -> None:
    with pytest.raises(ValueError, match="no seat of the committee"):
        check(seats_of(4, 3), {"x"}, set(), RULES)
    with pytest.raises(ValueError, match="no seat of the committee"):
        check(seats_of(4, 3), set(), {"x"}, RULES)
    with pytest.raises(ValueError, match="same key"):
        check([*seats_of(1, 0), *seats_of(1, 0)], set(), set(), RULES)


@given(st.lists(st.sampled_from(STATES), max_size=9), st.lists(st.sampled_from(STATES), max_size=9))
def test_the_order_of_seats_does_not_matter(civil: list[str], others: list[str]) -> None:
    assert computed(civil, others) == computed(sorted(civil), sorted(others, reverse=True))


def committee(*kinds: str) -> list[Seat]:
    rules = RULES.constituencies
    return [Seat(str(n), kind, rules[kind].civil_society, voting=rules[kind].voting) for n, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "failed"),
    [
        (["civil_society"] * 4 + ["expert", "expert", "community"], []),
        (["civil_society"] * 4 + ["expert", "community", "academic"], []),
        (["civil_society"] * 7 + ["expert", "community", "observer", "observer"], []),
        (["civil_society"] * 4 + ["expert", "community"], [("seats_allowed", "")]),
        (["civil_society"] * 5 + ["expert", "expert"], [("constituency", "community")]),
        (["civil_society"] * 4 + ["expert"] * 2 + ["community"] + ["observer"] * 3, [("constituency", "observer")]),
        (
            ["civil_society"] * 3 + ["expert", "expert", "community", "academic"],
            [("constituency", "civil_society"), ("majority_of_seats", "")],
        ),
    ],
)
def test_composition(kinds: list[str], failed: list[tuple[str, str]]) -> None:
    assert [(one.name, one.constituency) for one in composition(committee(*kinds), RULES) if not one.passed] == failed


def test_alternates_take_seats_of_their_own_constituency() -> None:
    seats = committee("civil_society", "civil_society", "expert", "observer")
    alternates = [
        Seat("a", "expert", False),
        Seat("b", "civil_society", True),
        Seat("c", "civil_society", True),
    ]
    assert seat_alternates(seats, {"0", "1"}, alternates) == [(seats[0], alternates[1]), (seats[1], alternates[2])]
    assert seat_alternates(seats, {"0", "b", "c"}, alternates) == [(seats[0], None)]
    assert seat_alternates(seats, {"3"}, alternates) == []


# Votes.


def carries(choices: list[Choice], ours: list[Choice], support: set[Choice]) -> bool:
    """The rule in words: of votes that are not abstentions."""
    cast = [choice for choice in choices if choice is not Choice.ABSTAIN]
    our_cast = [choice for choice in ours if choice is not Choice.ABSTAIN]
    if not cast or not our_cast:
        return False
    share = Fraction(sum(choice in support for choice in cast), len(cast))
    our_share = Fraction(sum(choice in support for choice in our_cast), len(our_cast))
    return share > HALF and our_share >= HALF


def stated_decision(ours: list[Choice], theirs: list[Choice]) -> Choice | None:
    everyone = ours + theirs
    for choice, support in [
        (Choice.APPROVE, {Choice.APPROVE}),
        (Choice.APPROVE_WITH_CONDITIONS, {Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS}),
        (Choice.WAITLIST, {Choice.WAITLIST}),
        (Choice.REJECT, {Choice.REJECT}),
        (Choice.DEFER, {Choice.DEFER}),
    ]:
        if carries(everyone, ours, support):
            return choice
    return None


def votes_of(ours: list[Choice], theirs: list[Choice]) -> list[Vote]:
    return [Vote(choice, True) for choice in ours] + [Vote(choice, False) for choice in theirs]


def test_every_vote_of_seven() -> None:
    cases = 0
    for civil in range(8):
        for ours in itertools.combinations_with_replacement(Choice, civil):
            for theirs in itertools.combinations_with_replacement(Choice, 7 - civil):
                outcome = decide(votes_of(list(ours), list(theirs)), RULES)
                assert outcome.decision == stated_decision(list(ours), list(theirs)), (ours, theirs)
                cases += 1
    assert cases == 31824


def test_every_roll_call_of_seven_members_on_one_question() -> None:
    for civil in range(8):
        for choices in itertools.product((Choice.APPROVE, Choice.REJECT, Choice.ABSTAIN), repeat=7):
            ours, theirs = list(choices[:civil]), list(choices[civil:])
            assert decide(votes_of(ours, theirs), RULES).decision == stated_decision(ours, theirs), choices


A, C, W, R, D, N = Choice


@pytest.mark.parametrize(
    ("ours", "theirs", "decision"),
    [
        ([A, A, A, A], [R, R, R], A),
        ([A, A, R, R], [A, A, R], A),
        ([A, R, R, R], [A, A, A], None),
        ([A, A, A, R], [R, R], None),
        ([R, R, R, R], [A, A, A], R),
        ([A, A, C, R], [R, R, A], C),
        ([A, A, A, A], [C, C, C], A),
        ([N, N, N, N], [A, A, A], None),
        ([A, N, N, N], [N, N, N], A),
        ([], [], None),
        ([W, W, W, D], [W, R, R], W),
        ([D, D, D, D], [A, A, A], D),
    ],
)
def test_decisions_by_example(ours: list[Choice], theirs: list[Choice], decision: Choice | None) -> None:
    assert decide(votes_of(ours, theirs), RULES).decision == decision


def test_a_tie_is_not_approval() -> None:
    outcome = decide(votes_of([A, A, R], [C, R, R, N]), RULES)
    assert (outcome.decision, outcome.approved, outcome.tie, outcome.cast) == (None, False, True, 6)
    assert not decide([], RULES).tie


def test_an_outcome_carries_its_numbers() -> None:
    outcome = decide(votes_of([A, A, C, N], [R, A, N]), RULES)
    assert outcome.approved
    assert (outcome.cast, outcome.needed, outcome.civil_society_cast, outcome.civil_society_needed) == (5, 3, 3, 2)
    assert outcome.counts == {A: 3, C: 1, W: 0, R: 1, D: 0, N: 2}
    assert outcome.civil_society_counts[A] == 2
