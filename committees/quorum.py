"""Composition, quorum and decision of a committee, as arithmetic (domain specification §4.6). Plain Python.

Civil society must hold its majority three times: of the voting seats, of the members who may still vote on an
application after recusals, and of those of them who are present. Whoever is recused from an application is out of the
room for it and counts nowhere but among the seats. The texts that explain a check to people are made elsewhere.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from charter.schema import CommitteeRules


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat and, unless it is vacant, the member in it; ``key`` identifies the seat's holder."""

    key: str
    constituency: str
    civil_society: bool
    voting: bool = True
    vacant: bool = False


class CheckName(StrEnum):
    """What is checked."""

    SEATS_ALLOWED = "seats_allowed"
    CONSTITUENCY = "constituency"
    MAJORITY_OF_SEATS = "majority_of_seats"
    MAJORITY_ELIGIBLE = "majority_eligible"
    MAJORITY_PRESENT = "majority_present"
    QUORUM = "quorum"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its numbers: ``count`` of ``of``, where at least ``needed`` (and at most ``most``) are wanted.

    For a majority ``count`` is civil society's, for the quorum the eligible members present. ``constituency`` is the
    key of the kind of seat that a composition check is about.
    """

    name: CheckName
    passed: bool
    count: int
    of: int
    needed: int
    most: int | None = None
    constituency: str = ""


def _voting(seats: Iterable[Seat]) -> list[Seat]:
    return [seat for seat in seats if seat.voting]


def _known(seats: Iterable[Seat], *groups: AbstractSet[str]) -> None:
    keys = [seat.key for seat in seats]
    if len(set(keys)) != len(keys):
        raise ValueError("two seats have the same key")
    for group in groups:
        if strangers := group - set(keys):
            raise ValueError(f"no seat of the committee: {sorted(strangers)}")


def _majority(name: CheckName, seats: Collection[Seat], rules: CommitteeRules) -> Check:
    ours = sum(seat.civil_society for seat in seats)
    needed = len(seats) * rules.civil_society_above_percent // 100 + 1
    return Check(name, passed=ours >= needed, count=ours, of=len(seats), needed=needed)


def eligible_seats(seats: Iterable[Seat], recused: AbstractSet[str]) -> list[Seat]:
    """The seats whose members may vote on an application from which ``recused`` stand back."""
    return [seat for seat in _voting(seats) if not seat.vacant and seat.key not in recused]


def majority_of_seats(seats: Iterable[Seat], rules: CommitteeRules) -> Check:
    """Whether civil society holds more than its share of all voting seats, vacant ones too."""
    return _majority(CheckName.MAJORITY_OF_SEATS, _voting(seats), rules)


def majority_eligible(seats: Iterable[Seat], recused: AbstractSet[str], rules: CommitteeRules) -> Check:
    """Whether civil society holds more than its share of the members who may vote after recusals."""
    return _majority(CheckName.MAJORITY_ELIGIBLE, eligible_seats(seats, recused), rules)


def majority_present(
    seats: Iterable[Seat], present: AbstractSet[str], recused: AbstractSet[str], rules: CommitteeRules
) -> Check:
    """Whether civil society holds more than its share of the eligible members who are present."""
    here = [seat for seat in eligible_seats(seats, recused) if seat.key in present]
    return _majority(CheckName.MAJORITY_PRESENT, here, rules)


def quorum(eligible: int, present: int, rules: CommitteeRules) -> Check:
    """Whether enough of the ``eligible`` members are ``present``: the charter's share, never fewer than its least."""
    needed = rules.quorum.needed(eligible)
    return Check(CheckName.QUORUM, passed=present >= needed, count=present, of=eligible, needed=needed)


def check(
    seats: Sequence[Seat], present: AbstractSet[str], recused: AbstractSet[str], rules: CommitteeRules
) -> list[Check]:
    """The four checks of one application: majority of seats, of eligible members, of those present, and quorum.

    ``present`` and ``recused`` are keys of seats. Raises ValueError for a key that is no seat's.
    """
    _known(seats, present, recused)
    eligible = eligible_seats(seats, recused)
    return [
        majority_of_seats(seats, rules),
        majority_eligible(seats, recused, rules),
        majority_present(seats, present, recused, rules),
        quorum(len(eligible), sum(seat.key in present for seat in eligible), rules),
    ]


def may_decide(checks: Iterable[Check]) -> bool:
    """Whether a committee with these checks may decide."""
    return all(one.passed for one in checks)


def composition(seats: Sequence[Seat], rules: CommitteeRules) -> list[Check]:
    """The checks of a committee as such: voting seats, seats of each constituency, civil society's majority."""
    _known(seats)
    voting = len(_voting(seats))
    allowed = rules.seats_allowed
    checks = [
        Check(
            CheckName.SEATS_ALLOWED, voting in allowed, count=voting, of=voting, needed=min(allowed), most=max(allowed)
        )
    ]
    counts = Counter(seat.constituency for seat in seats)
    for key, kind in rules.constituencies.items():
        inside = kind.seats_from <= counts[key] <= kind.seats_to
        checks.append(
            Check(CheckName.CONSTITUENCY, inside, counts[key], len(seats), kind.seats_from, kind.seats_to, key)
        )
    return [*checks, majority_of_seats(seats, rules)]


def seat_alternates(
    seats: Iterable[Seat], out: AbstractSet[str], alternates: Iterable[Seat]
) -> list[tuple[Seat, Seat | None]]:
    """Who takes the place of each voting member who is ``out``: the next alternate of the same constituency, or nobody.

    Pairs of the seat and its alternate, in the order given; an alternate who is ``out`` too is passed over.
    """
    waiting = [alternate for alternate in alternates if alternate.key not in out]
    pairs: list[tuple[Seat, Seat | None]] = []
    for seat in _voting(seats):
        if seat.key in out or seat.vacant:
            match = next((alternate for alternate in waiting if alternate.constituency == seat.constituency), None)
            if match is not None:
                waiting.remove(match)
            pairs.append((seat, match))
    return pairs


class Choice(StrEnum):
    """What a member may say in the roll-call."""

    APPROVE = "approve"
    APPROVE_WITH_CONDITIONS = "approve_with_conditions"
    WAITLIST = "waitlist"
    REJECT = "reject"
    DEFER = "defer"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Vote:
    """One member's vote."""

    choice: Choice
    civil_society: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a vote decided; ``decision`` is None when nothing carried, and the application goes back.

    ``cast`` leaves out abstentions. ``needed`` and ``civil_society_needed`` are the votes with which a choice carries.
    """

    decision: Choice | None
    counts: dict[Choice, int]
    civil_society_counts: dict[Choice, int]
    cast: int
    civil_society_cast: int
    needed: int
    civil_society_needed: int

    @property
    def approved(self) -> bool:
        """Whether the application is approved, with or without conditions."""
        return self.decision in {Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS}

    @property
    def tie(self) -> bool:
        """Whether exactly half of the votes cast were for approval."""
        approvals = self.counts[Choice.APPROVE] + self.counts[Choice.APPROVE_WITH_CONDITIONS]
        return self.cast > 0 and 2 * approvals == self.cast


# A choice carries by the votes of its row: who approves without conditions accepts an approval with some as well.
_CARRIED_BY: tuple[tuple[Choice, tuple[Choice, ...]], ...] = (
    (Choice.APPROVE, (Choice.APPROVE,)),
    (Choice.APPROVE_WITH_CONDITIONS, (Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS)),
    (Choice.WAITLIST, (Choice.WAITLIST,)),
    (Choice.REJECT, (Choice.REJECT,)),
    (Choice.DEFER, (Choice.DEFER,)),
)


def _tally(votes: Iterable[Vote]) -> dict[Choice, int]:
    counted = dict.fromkeys(Choice, 0)
    for vote in votes:
        counted[vote.choice] += 1
    return counted


def decide(votes: Sequence[Vote], rules: CommitteeRules) -> Outcome:
    """What ``votes`` decide: a choice carries with over half of all votes cast and at least half of civil society's.

    (The halves are the charter's.) Abstentions are not cast; they count for the quorum alone. A tie approves nothing,
    and neither does a vote in which no member of civil society took a side.
    """
    counts = _tally(votes)
    ours = _tally(vote for vote in votes if vote.civil_society)
    cast = sum(counts.values()) - counts[Choice.ABSTAIN]
    our_cast = sum(ours.values()) - ours[Choice.ABSTAIN]
    needed = cast * rules.decision.votes_cast_above_percent // 100 + 1
    our_needed = max(-(-our_cast * rules.decision.civil_society_at_least_percent // 100), 1)
    decision = next(
        (
            choice
            for choice, carriers in _CARRIED_BY
            if sum(counts[one] for one in carriers) >= needed and sum(ours[one] for one in carriers) >= our_needed
        ),
        None,
    )
    return Outcome(decision, counts, ours, cast, our_cast, needed, our_needed)
