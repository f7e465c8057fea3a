"""Rules of a review committee: seats, quorum, decision, conflicts, inclusion (domain specification §4.6)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from charter.schema.base import Count, Fraction, Key, Percent, Rules, Words


class ConstituencyRules(Rules):
    """Who a kind of seat is for, and how many of them a committee may have."""

    name: Words
    civil_society: bool
    voting: bool
    seats_from: Count
    seats_to: Count

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.seats_from > self.seats_to:
            raise ValueError("the least number of seats is above the most")
        if self.civil_society and not self.voting:
            raise ValueError("a civil-society seat votes")
        return self


class QuorumRules(Rules):
    """How many eligible voting members must be present: a share of them, and never fewer than ``minimum``."""

    share: Fraction
    minimum: Annotated[int, Field(strict=True, ge=3)]

    @model_validator(mode="after")
    def _share(self) -> Self:
        if not 2 * self.share.numerator > self.share.denominator >= self.share.numerator:
            raise ValueError("the quorum is more than half of the members and at most all of them")
        return self

    def needed(self, eligible: int) -> int:
        """The number of members that must be present when ``eligible`` may vote."""
        return max(self.share.rounded_up(eligible), self.minimum)


class DecisionRules(Rules):
    """When a vote approves: more than one share of the votes cast, and at least another of civil society's votes."""

    votes_cast_above_percent: Annotated[int, Field(strict=True, ge=50, lt=100)]
    civil_society_at_least_percent: Annotated[int, Field(strict=True, ge=50, le=100)]
    returns_after_tie: Count
    deferrals: Count


class ConflictRules(Rules):
    """How far back and how wide a conflict of interest reaches."""

    look_back_years: Annotated[int, Field(strict=True, ge=1)]
    family_degrees: Count
    own_application_recuses_from_sector: bool


class InclusionTargets(Rules):
    """Whom a committee should include; a miss warns the board, it does not block."""

    women_percent: Percent
    young_under_age: Count
    young_members: Count
    displaced_or_returnee_members: Count
    governorates: Count
    north_east_governorates: tuple[str, ...]
    north_east_members: Count
    members_with_disability: Count


class TermRules(Rules):
    """How long a member sits."""

    years: Annotated[int, Field(strict=True, ge=1)]
    renewals: Count
    rotation: Fraction
    """Share of the members that changes each year."""


class CommitteeRules(Rules):
    """Composition and procedure of a review committee."""

    seats_allowed: Annotated[tuple[Annotated[int, Field(strict=True, ge=3)], ...], Field(min_length=1)]
    rapid_members: Annotated[int, Field(strict=True, ge=3)]
    """Members on call of a rapid window."""
    civil_society_above_percent: Annotated[int, Field(strict=True, ge=50, lt=100)]
    """Civil society holds strictly more than this share of seats, of members present and of eligible voters."""
    constituencies: dict[Key, ConstituencyRules]
    quorum: QuorumRules
    decision: DecisionRules
    conflicts: ConflictRules
    inclusion: InclusionTargets
    term: TermRules
    alternates_per_constituency: Count
    minutes_signatures: Count

    @model_validator(mode="after")
    def _seats(self) -> Self:
        even = [seats for seats in (*self.seats_allowed, self.rapid_members) if seats % 2 == 0]
        if even:
            raise ValueError(f"the number of seats is odd, so that a full committee cannot tie; not {even[0]}")
        voting = [kind for kind in self.constituencies.values() if kind.voting]
        if not any(kind.civil_society for kind in voting):
            raise ValueError("one constituency at least is civil society")
        for seats in self.seats_allowed:
            self._check_size(seats, voting)
        return self

    def _check_size(self, seats: int, voting: list[ConstituencyRules]) -> None:
        if not sum(kind.seats_from for kind in voting) <= seats <= sum(kind.seats_to for kind in voting):
            raise ValueError(f"the constituencies cannot fill exactly {seats} seats")
        others = sum(kind.seats_from for kind in voting if not kind.civil_society)
        if (seats - others) * 100 <= self.civil_society_above_percent * seats:
            raise ValueError(f"with {seats} seats civil society cannot reach its majority beside {others} other seats")
