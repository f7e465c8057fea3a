"""`committees.quorum` against an independent statement of the same rules, over every case.

The statement below is written from the specification with fractions and plain counting, without looking at the
module's thresholds: > 1/2 of seats, of eligible voters and of members present; present >= 2/3 of eligible and never
fewer than 3; approval by > 1/2 of votes cast and >= 1/2 of civil society's votes.
"""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from random import Random

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


ANSWERS = tuple(Choice)
OUR_VOTE = {choice: Vote(choice, True) for choice in ANSWERS}
THEIR_VOTE = {choice: Vote(choice, False) for choice in ANSWERS}
ROWS = ((1, 0, 0, 0, 0), (1, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0), (0, 0, 0, 0, 1))
"""Whose votes carry each choice, by position in `ANSWERS` (abstentions left out)."""


def supports(votes: tuple[Choice, ...] | list[Choice]) -> tuple[int, ...]:
    """How many votes carry each choice of `ROWS`, and last how many were cast."""
    counts = [votes.count(one) for one in ANSWERS]
    carried = (sum(n for n, counted in zip(counts, row, strict=False) if counted) for row in ROWS)
    return (*carried, sum(counts[:5]))


def counted_decision(ours: tuple[int, ...], theirs: tuple[int, ...]) -> Choice | None:
    """The rule in whole numbers, for what `supports` says of each side; the same words as `stated_decision`."""
    our_cast, cast = ours[5], ours[5] + theirs[5]
    if our_cast:
        for number in range(5):
            if 2 * (ours[number] + theirs[number]) > cast and 2 * ours[number] >= our_cast:
                return ANSWERS[number]
    return None


def vote_classes(voters: int, votes: dict[Choice, Vote]) -> list[tuple[list[Vote], tuple[int, ...]]]:
    """Every roll-call of so many members of one side, up to who of them gave which answer, with its supports."""
    rows = itertools.combinations_with_replacement(ANSWERS, voters)
    return [([votes[one] for one in row], supports(row)) for row in rows]


def test_every_vote_of_up_to_nine_members() -> None:
    our_side = [vote_classes(number, OUR_VOTE) for number in range(10)]
    their_side = [vote_classes(number, THEIR_VOTE) for number in range(10)]
    cases = 0
    for civil in range(10):
        for others in range(10 - civil):
            for our_votes, ours in our_side[civil]:
                for their_votes, theirs in their_side[others]:
                    decision = decide(our_votes + their_votes, RULES).decision
                    assert decision is counted_decision(ours, theirs), (our_votes, their_votes)
                    cases += 1
    assert cases == 293930


def test_every_committee_of_up_to_nine_with_every_presence_recusal_and_vote() -> None:
    """All cases together: attendance and votes meet only in how many of each side are in the room.

    The two tests above walk both halves whole; here every attendance is joined to the roll-calls that it allows, and
    their number is the number of ways to put up to nine members into 2 sides x (absent, recused, 6 answers).
    """
    cases = approvals = 0
    for civil, others in patterns(9):
        ours, theirs = civil.count(PRESENT), others.count(PRESENT)
        cases += math.comb(ours + 5, 5) * math.comb(theirs + 5, 5)
        rules_hold = all(stated(civil, others).values())
        assert rules_hold == may_decide(
            check(
                seats_of(len(civil), len(others)),
                {f"c{n}" for n, state in enumerate(civil) if state == PRESENT}
                | {f"o{n}" for n, state in enumerate(others) if state == PRESENT},
                {f"c{n}" for n, state in enumerate(civil) if state == RECUSED}
                | {f"o{n}" for n, state in enumerate(others) if state == RECUSED},
                RULES,
            )
        )
        if rules_hold:
            assert ours > theirs, "civil society alone can always refuse"
            approvals += 1
    assert cases == math.comb(25, 9) == 2042975
    assert 0 < approvals < 5005


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.booleans()), max_size=9), st.randoms(use_true_random=False))
def test_only_how_many_of_each_side_gave_each_answer_counts(votes: list[tuple[Choice, bool]], random: Random) -> None:
    told = [Vote(choice, ours) for choice, ours in votes]
    mixed = random.sample(told, len(told))
    assert decide(mixed, RULES) == decide(told, RULES)
    ours = [choice for choice, mine in votes if mine]
    theirs = [choice for choice, mine in votes if not mine]
    counted = counted_decision(supports(ours), supports(theirs))
    assert decide(told, RULES).decision == stated_decision(ours, theirs) == counted


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(STATES)), max_size=9), st.randoms(use_true_random=False))
def test_members_of_one_side_can_change_their_names(people: list[tuple[bool, str]], random: Random) -> None:
    names = random.sample([f"member {n}" for n in range(len(people))], len(people))
    seats = [Seat(name, "any", ours) for name, (ours, _state) in zip(names, people, strict=True)]
    present = {name for name, (_ours, state) in zip(names, people, strict=True) if state == PRESENT}
    recused = {name for name, (_ours, state) in zip(names, people, strict=True) if state == RECUSED}
    found = {one.name: one.passed for one in check(seats, present, recused, RULES)}
    assert found == computed([s for mine, s in people if mine], [s for mine, s in people if not mine])


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
