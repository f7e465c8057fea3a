"""Who sits for one application: members, alternates in the place of those who are out, and the checks. Plain Python."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from charter.schema import CommitteeRules
from committees import quorum
from committees.quorum import Check, Seat


@dataclass(frozen=True, slots=True)
class Sitting:
    """The committee as it sits for one application.

    ``seats`` are the committee's seats, held by alternates where ``substitutes`` (member's key → alternate's key) says so;
    ``voters`` are the keys of those who may vote: present, eligible, not recused.
    """

    seats: tuple[Seat, ...]
    substitutes: dict[str, str]
    present: frozenset[str]
    recused: frozenset[str]
    voters: frozenset[str]
    checks: tuple[Check, ...]

    @property
    def may_decide(self) -> bool:
        """Whether all checks hold."""
        return quorum.may_decide(self.checks)

    @property
    def failed(self) -> list[Check]:
        """The checks that do not hold."""
        return [one for one in self.checks if not one.passed]


def sit(
    members: Sequence[Seat],
    alternates: Sequence[Seat],
    *,
    present: AbstractSet[str],
    recused: AbstractSet[str],
    rules: CommitteeRules,
) -> Sitting:
    """Seat the committee for one application and check it.

    ``present`` and ``recused`` are keys of members and alternates. An alternate who is present and not recused takes the
    place of a member of the same constituency who is absent or recused, or of a vacant seat; nobody votes twice.
    """
    here = {seat.key for seat in (*members, *alternates) if seat.key in present and seat.key not in recused}
    out = {seat.key for seat in (*members, *alternates) if seat.key not in here}
    pairs = quorum.seat_alternates(members, out, alternates)
    substitutes = {seat.key: alternate.key for seat, alternate in pairs if alternate is not None}
    seats = tuple(
        replace(seat, key=substitutes[seat.key], vacant=False) if seat.key in substitutes else seat for seat in members
    )
    keys = {seat.key for seat in seats}
    still_out = frozenset(recused) & keys
    sitting = frozenset(here) & keys
    voters = frozenset(seat.key for seat in quorum.eligible_seats(seats, still_out) if seat.key in sitting)
    checks = tuple(quorum.check(seats, sitting, still_out, rules))
    return Sitting(seats, substitutes, sitting, still_out, voters, checks)
