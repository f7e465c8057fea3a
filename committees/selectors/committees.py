"""Reading committees: who sees which, how they are composed, the seat arc."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.roles import Role
from accounts.selectors import has_role
from committees import inclusion as arithmetic
from committees import quorum
from committees.models import Committee, Seat
from committees.rules import facts
from committees.rules.texts import TARGETS, check_name, check_numbers
from committees.sitting import Sitting
from committees.states import CommitteeState, Constituency, SeatOffice, SeatState
from kernel.pieces import Presence
from kernel.pieces import Seat as ArcSeat
from kernel.prepared import Prepared

READERS = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR)


def visible_to(user: Any) -> QuerySet[Committee]:
    """Officers who run or oversee committees see all of them, members their own while their term lasts."""
    committees = Committee.objects.select_related("charter").order_by("state", "-moved_at")
    if not user.is_authenticated:
        return committees.none()
    if has_role(user, *READERS):
        return committees
    mine = Seat.objects.filter(facts.still_in_term(), user=user)
    return committees.filter(pk__in=mine.values("committee"))


_SEATED: Final = Prepared(lambda user: Seat.objects.filter(user=user).order_by().values_list("number")[:1], user=UUID)


def sees_any(user: Any) -> bool:
    """Whether committees are anything to this person: an officer who reads them, or somebody who sits or sat in one.

    Every page asks; the answer is kept on the instance, which lives for one request.
    """
    if not user.is_authenticated:
        return False
    cached: bool | None = user.__dict__.get("_sees_committees")
    if cached is None:
        cached = has_role(user, *READERS) or bool(_SEATED.ask(user=user.pk))
        user.__dict__["_sees_committees"] = cached
    return cached


def with_numbers(committees: QuerySet[Committee]) -> QuerySet[Committee]:
    """Together with the number of filled voting seats, and of civil society's among them."""
    voting = Q(seats__state=SeatState.FILLED, seats__voting=True, seats__alternate_of__isnull=True)
    return committees.annotate(
        voting_seats=Count("seats", filter=voting, distinct=True),
        civil_society_seats=Count("seats", filter=voting & Q(seats__civil_society=True), distinct=True),
    )


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check in words, for pages."""

    name: str
    numbers: str
    passed: bool


def check_lines(checks: Any) -> list[CheckLine]:
    """Checks of the arithmetic in words."""
    return [CheckLine(check_name(one), check_numbers(one), one.passed) for one in checks]


def composition(committee: Committee) -> list[CheckLine]:
    """Every rule of the charter on the committee's composition, and whether it is met."""
    offices = {one.office for one in facts.membership(committee).members}
    lines = check_lines(facts.composition(committee))
    for office in (SeatOffice.CHAIR, SeatOffice.RAPPORTEUR):
        named = office in offices
        lines.append(CheckLine(str(office.label), _("named") if named else _("not named yet"), named))
    return lines


def inclusion(committee: Committee) -> list[CheckLine]:
    """The charter's targets of inclusion: a miss warns, it does not block."""
    targets = facts.rules_of_version(committee.charter).committee.inclusion
    found = arithmetic.inclusion(facts.membership(committee).members, targets)
    return [
        CheckLine(
            str(TARGETS[one.name]),
            _("%(count)s of at least %(target)s") % {"count": one.count, "target": one.needed},
            one.reached,
        )
        for one in found
    ]


def terms(committee: Committee) -> list[CheckLine]:
    """The rules of terms: how many are renewed, and whether one has ended."""
    renewed, most = facts.rotation(committee)
    lost = len(facts.membership(committee).vacant)
    return [
        CheckLine(
            _("Rotation"),
            _("%(count)s terms are renewed; the charter leaves room for %(most)s") % {"count": renewed, "most": most},
            renewed <= most,
        ),
        CheckLine(_("Seats without a member"), str(lost), not lost),
    ]


def suspended(committee: Committee) -> list[Seat]:
    """Members who are suspended over a conflict that they kept silent."""
    return list(committee.seats.filter(state=SeatState.SUSPENDED).select_related("user"))


def reads_files(user: Any) -> bool:
    """Whether a person reads the documents of all nominations."""
    return has_role(user, *READERS)


def evidence_visible_to(user: Any, committee: Committee) -> QuerySet[Seat]:
    """Seats of a committee whose document of nomination a person may open."""
    seats = committee.seats.exclude(evidence="")
    return seats if reads_files(user) else seats.filter(user=user)


# The seat arc ---------------------------------------------------------------------------------------------------------

_GROUPS = {
    Constituency.CIVIL_SOCIETY: 1,
    Constituency.COMMUNITY: 2,
    Constituency.EXPERT: 3,
    Constituency.ACADEMIC: 4,
    Constituency.OBSERVER: 5,
}


def _letter(constituency: str) -> str:
    # Translators: one letter each for a seat's constituency: civil society, community, expert, academic, observer.
    letters = dict(zip(_GROUPS, _("S C E A O").split(), strict=True))
    return letters[Constituency(constituency)]


def _arc_seat(seat: Seat | quorum.Seat, presence: Presence) -> ArcSeat:
    key = Constituency(seat.constituency)
    return ArcSeat(str(key.label), _letter(key), _GROUPS[key], seat.civil_society, presence)


def arc(committee: Committee) -> list[ArcSeat]:
    """The committee's seats with a vote: filled or vacant."""
    people = facts.membership(committee)
    return [
        *(_arc_seat(one, Presence.PRESENT) for one in people.members),
        *(_arc_seat(one, Presence.VACANT) for one in people.vacant),
    ]


def arc_of_sitting(sitting: Sitting) -> list[ArcSeat]:
    """The committee as it sits for one application: who votes, who is away, recused, or vacant."""

    def presence(seat: quorum.Seat) -> Presence:
        if seat.vacant:
            return Presence.VACANT
        if seat.key in sitting.recused:
            return Presence.RECUSED
        return Presence.PRESENT if seat.key in sitting.voters else Presence.AWAY

    return [_arc_seat(one, presence(one)) for one in sitting.seats]


# For the public -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConstituencyNumber:
    """How many voting seats a constituency holds over all constituted committees."""

    constituency: str
    label: str
    seats: int
    civil_society: bool


def public_composition() -> list[ConstituencyNumber]:
    """Seats with a vote by constituency over all constituted committees: numbers, never names."""
    rows = Seat.objects.filter(
        facts.in_term(facts.today()),
        committee__state=CommitteeState.CONSTITUTED,
        voting=True,
        alternate_of__isnull=True,
    ).values_list("constituency", "civil_society")
    numbers = Counter(rows)
    return [
        ConstituencyNumber(key, str(Constituency(key).label), number, ours)
        for (key, ours), number in sorted(numbers.items(), key=lambda one: (not one[0][1], -one[1], one[0][0]))
    ]


def seats_in_order(committee: Committee) -> list[Seat]:
    """Filled seats: members, their alternates, observers."""
    people = facts.membership(committee)
    return [*people.members, *people.alternates, *people.observers]
