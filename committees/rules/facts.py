"""What rules and pages read of committees: who sits, who is out, what was scored, how the committee sits now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from accounts.roles import Role
from accounts.selectors import has_role
from charter import stored
from charter.models import CharterVersion
from charter.schema import CharterRules, CommitteeRules
from committees import quorum
from committees.models import (
    AgendaItem,
    Appeal,
    Attendance,
    Committee,
    ConflictDeclaration,
    ConflictFinding,
    Meeting,
    OnCall,
    Panel,
    Recusal,
    Seat,
)
from committees.rules.held import awardable_minor
from committees.sitting import Sitting, sit
from committees.states import ConflictKind, MeetingState, OnCallState, Presence, SeatOffice, SeatState, VoteChoice
from grants.models import Application, Call, Grant
from grants.states import ApplicationState, GrantState, GrantType
from kernel import identity
from kernel.sectors import Sector
from organisations.models import Person
from organisations.rules import people_today
from organisations.states import PersonRole

_S = ApplicationState
BEFORE_COMMITTEE = [_S.ELIGIBLE, _S.SCORING, _S.DELIBERATION, _S.DEFERRED]
DECIDED = [_S.APPROVED, _S.APPROVED_WITH_CONDITIONS, _S.WAITLISTED, _S.REJECTED]
UNSCREENED = [_S.SUBMITTED, _S.RETURNED, _S.INELIGIBILITY_PROPOSED]
APPROVALS = [VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS]


def today() -> date:
    """The day in Damascus."""
    return timezone.localdate()


def rules_of(call: Call) -> CharterRules:
    """The charter as it was frozen into a call; read once for each instance."""
    known: CharterRules | None = call.__dict__.get("_rules")
    if known is None:
        known = call.__dict__["_rules"] = stored.rules_of(call.frozen_rules)
    return known


def rules_of_version(version: CharterVersion) -> CharterRules:
    """The charter of a version."""
    return stored.rules_of(version.rules_data)


def holds_office(user: Any) -> bool:
    """Whether a person holds any office of the fund; such a person neither scores nor votes."""
    return has_role(user, *Role.values)


def is_secretariat(user: Any) -> bool:
    """Whether a person runs committees for the fund: programme officer or fund manager."""
    return has_role(user, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)


def oversees(user: Any) -> bool:
    """Whether a person reads everything of committees for the fund: the secretariat and auditors."""
    return has_role(user, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)


# Seats --------------------------------------------------------------------------------------------------------------


def in_term(on: date, prefix: str = "") -> Q:
    """Condition on seats (reached through ``prefix``): filled, and ``on`` lies in their term."""
    return Q(
        **{
            f"{prefix}state": SeatState.FILLED,
            f"{prefix}starts_on__lte": on,
            f"{prefix}ends_on__gte": on,
        }
    )


def still_in_term(prefix: str = "") -> Q:
    """Condition on seats reached through ``prefix``: filled and in their term today."""
    return in_term(today(), prefix)


def seat_of(user: Any, committee: Committee | UUID) -> Seat | None:
    """The seat that a person holds in a committee today."""
    return Seat.objects.filter(in_term(today()), committee=committee, user=user).first()


@dataclass(frozen=True, slots=True)
class Membership:
    """Who sits in a committee today; ``vacant`` are the seats with a vote that lost their holder and wait for another."""

    members: tuple[Seat, ...]
    alternates: tuple[Seat, ...]
    observers: tuple[Seat, ...]
    vacant: tuple[Seat, ...]

    @property
    def voting(self) -> tuple[Seat, ...]:
        """Members and alternates: all who may ever vote."""
        return (*self.members, *self.alternates)


def membership(committee: Committee) -> Membership:
    """The committee's seats today, in one query."""
    seats = list(Seat.objects.filter(committee=committee).select_related("user", "network").order_by("number"))
    day = today()
    holders = [one for one in seats if one.state == SeatState.FILLED and one.starts_on <= day <= one.ends_on]
    taken = {one.number for one in holders}
    lost = {
        one.number: one
        for one in seats
        if one not in holders
        and one.voting
        and one.alternate_of_id is None
        and one.number not in taken
        # Seats given up before the committee was constituted never counted; those of the future do not count yet.
        and one.starts_on <= day
        and (one.state == SeatState.FILLED or one.moved_at > committee.moved_at)
    }
    return Membership(
        tuple(one for one in holders if one.voting and one.alternate_of_id is None),
        tuple(one for one in holders if one.voting and one.alternate_of_id is not None),
        tuple(one for one in holders if not one.voting),
        tuple(lost.values()),
    )


def people_of(panel: Panel) -> Membership:
    """Who works on a call: the committee, in the rapid window only the members of it who are on call."""
    if panel.call.grant_type == GrantType.RAPID:
        return on_call(OnCall.objects.filter(alert__call=panel.call_id))
    return membership(panel.committee)


def on_call(rows: "QuerySet[OnCall]") -> Membership:
    """A panel on call in the order in which it was called; who stands in for a member that is still there is an alternate."""
    called = list(rows.select_related("seat__user", "seat__network", "seat__committee").order_by("number"))
    by_key = {one.pk: one for one in called}
    followed = {one.stands_in_for_id for one in called}
    held = in_term_now(one.seat for one in called if one.state == OnCallState.CALLED)

    def beside(one: OnCall) -> bool:
        first = by_key.get(one.stands_in_for_id) if one.stands_in_for_id else None
        return first is not None and (first.seat in held or beside(first))

    standing = [one for one in called if one.seat in held]
    return Membership(
        tuple(one.seat for one in standing if not beside(one)),
        tuple(one.seat for one in standing if beside(one)),
        (),
        tuple(one.seat for one in called if one.seat not in held and one.pk not in followed and not beside(one)),
    )


def in_term_now(seats: Iterable[Seat]) -> set[Seat]:
    """Those of ``seats`` that are held today."""
    day = today()
    return {one for one in seats if one.state == SeatState.FILLED and one.starts_on <= day <= one.ends_on}


def seat_in(user: Any, panel: Panel) -> Seat | None:
    """The seat with which a person works on a call: one of the committee, in the rapid window one on call."""
    seat = seat_of(user, panel.committee_id)
    if seat is None or panel.call.grant_type != GrantType.RAPID:
        return seat
    return seat if seat in people_of(panel).voting else None


def office_in(seat: Seat, panel: Panel) -> str:
    """The function of a seat on a call; of a panel on call the first two who were called lead and keep the record."""
    if panel.call.grant_type != GrantType.RAPID:
        return seat.office
    offices = dict(zip(people_of(panel).members, (SeatOffice.CHAIR, SeatOffice.RAPPORTEUR), strict=False))
    return str(offices.get(seat, SeatOffice.MEMBER))


def counted(seat: Seat, *, vacant: bool = False) -> quorum.Seat:
    """A seat as the arithmetic knows it."""
    return quorum.Seat(str(seat.pk), seat.constituency, seat.civil_society, seat.voting, vacant)


def composition(committee: Committee) -> list[quorum.Check]:
    """The checks of the committee's composition under its charter, without alternates."""
    today_ = membership(committee)
    seats = [counted(one) for one in (*today_.members, *today_.observers)]
    return quorum.composition(seats, rules_of_version(committee.charter).committee)


def held(committee: Committee, rules: CommitteeRules) -> list[quorum.Check]:
    """The composition under ``rules`` of the seats that are held today, alternates in the place of those that are vacant."""
    people = membership(committee)
    vacant = [counted(one, vacant=True) for one in people.vacant]
    pairs = quorum.seat_alternates(vacant, frozenset(), [counted(one) for one in people.alternates])
    standing_in = [alternate for _seat, alternate in pairs if alternate is not None]
    seats = [*(counted(one) for one in (*people.members, *people.observers)), *standing_in]
    return quorum.composition(seats, rules)


def rotation(committee: Committee) -> tuple[int, int]:
    """(members with a vote whose term was renewed, how many the charter's rotation leaves) of a committee today."""
    rules = rules_of_version(committee.charter).committee
    people = membership(committee)
    earlier = dict(
        Seat.objects.filter(committee=committee).values_list("user").annotate(first=Min("ends_on")).order_by()
    )
    renewed = sum(earlier[one.user_id] < one.starts_on for one in people.members)
    size = max(len(people.members) + len(people.vacant), min(rules.seats_allowed))
    return renewed, size - rules.term.rotation.rounded_up(size)


def leads_last_cohort(call: Call, users: Collection[UUID]) -> set[UUID]:
    """Who of ``users`` signs for an organisation that the last other call granted money to in one of this call's sectors."""
    wanted = {sector_key(one) for one in call.sectors}
    rows = (
        Grant.objects.exclude(call=call)
        .exclude(state__in=[GrantState.SET_ASIDE, GrantState.DECLINED, GrantState.LAPSED])
        .order_by("-call__closes_at")
        .values_list("call_id", "organisation_id", "application__sector")
    )
    matching = [(key, organisation) for key, organisation, sector in rows if sector_key(sector) in wanted]
    cohort = {organisation for key, organisation in matching if key == matching[0][0]}
    signing = Person.objects.filter(
        people_today(), organisation__in=cohort, user__in=list(users), role=PersonRole.SIGNATORY
    )
    return set(signing.values_list("user_id", flat=True))


# Applications and conflicts ---------------------------------------------------------------------------------------------


def applications_of(panel: Panel) -> QuerySet[Application]:
    """The applications that the panel works on or has decided."""
    return Application.objects.filter(call=panel.call_id, state__in=[*BEFORE_COMMITTEE, *DECIDED])


def recused_from(user: Any) -> QuerySet[Recusal, Any]:
    """The keys of the applications that a person is recused from, as a subquery."""
    return Recusal.objects.filter(seat__user=user).values("application")


def not_recused(user: Any) -> Q:
    """Condition on applications: the person is not recused from them."""
    return ~Q(pk__in=recused_from(user))


def declared_on(user: Any) -> Q:
    """Condition on applications: the person has declared on them."""
    return Q(pk__in=ConflictDeclaration.objects.filter(seat__user=user).values("application"))


def is_recused(user: Any, application: Application | UUID) -> bool:
    """Whether a person is recused from an application, in whatever seat."""
    return Recusal.objects.filter(seat__user=user, application=application).exists()


def declarations(panel: Panel, users: Iterable[UUID]) -> dict[tuple[UUID, UUID], str]:
    """The declaration in force by (person, application): the last one counts."""
    rows = (
        ConflictDeclaration.objects.filter(application__call=panel.call_id, seat__user__in=list(users))
        .order_by("recorded_at")
        .values_list("seat__user_id", "application_id", "kind")
    )
    return {(user, application): kind for user, application, kind in rows}


def has_declared(user: Any, application: Application | UUID) -> bool:
    """Whether a person declared on an application, and not a conflict that recuses."""
    last = ConflictDeclaration.objects.filter(seat__user=user, application=application).order_by("-recorded_at").first()
    return last is not None and last.kind != ConflictKind.HARD


def replaced_seats(applications: Iterable[Application]) -> dict[UUID, frozenset[str]]:
    """Keys of seats that do not score an application again after an appeal, by application."""
    rows = Appeal.objects.filter(application__in=list(applications), re_evaluate=True)
    return {key: frozenset(seats) for key, seats in rows.values_list("application_id", "replaced")}


def sector_key(sector: str) -> str:
    """The sector that competes: a part of protection competes with all of it."""
    found = Sector(sector) if sector else None
    return str(found.parent or found) if found else ""


def unanswered(user: Any) -> QuerySet[ConflictFinding]:
    """What the records showed of a person and the person has not declared on since."""
    said = ConflictDeclaration.objects.filter(
        seat__user=OuterRef("seat__user"), application=OuterRef("application"), recorded_at__gt=OuterRef("recorded_at")
    )
    return ConflictFinding.objects.filter(~Exists(said), seat__user=user)


def asks(user: Any, application: Application | UUID) -> bool:
    """Whether a person owes an answer to what the records show on an application."""
    return unanswered(user).filter(application=application).exists()


def decided(panel: Panel) -> QuerySet[Application]:
    """The applications on which the panel has decided."""
    return Application.objects.filter(call=panel.call_id, state__in=DECIDED)


def meets(panel: Panel) -> bool:
    """Whether a meeting of the panel is called or open."""
    return Meeting.objects.filter(panel=panel, state__in=[MeetingState.CALLED, MeetingState.OPEN]).exists()


# Meetings -------------------------------------------------------------------------------------------------------------


def present_seats(meeting: Meeting) -> set[UUID]:
    """Seats whose holders are in the room: their last record says that they joined."""
    rows = Attendance.objects.filter(meeting=meeting).order_by("recorded_at", "leaf_id").values_list("seat", "presence")
    return {seat for seat, presence in dict(rows).items() if presence == Presence.JOINED}


def sitting_of(
    meeting: Meeting, application: Application | None = None, *, also_present: Collection[UUID] = ()
) -> Sitting:
    """How the committee sits now: for one application, or (without one) as a whole.

    Whoever has not declared on the application is not counted as present for it. ``also_present`` are seats that count
    as present whatever the record says (they have voted).
    """
    people = people_of(meeting.panel)
    here = present_seats(meeting) | set(also_present)
    out: set[UUID] = set()
    if application is not None:
        users = {one.user_id: one.pk for one in people.voting}
        declared = declarations(meeting.panel, users)
        here -= {seat for user, seat in users.items() if (user, application.pk) not in declared}
        recused = Recusal.objects.filter(application=application, seat__user__in=users)
        out = {users[user] for user in recused.values_list("seat__user_id", flat=True)}
    members = [*(counted(one) for one in people.members), *(counted(one, vacant=True) for one in people.vacant)]
    return sit(
        members,
        [counted(one) for one in people.alternates],
        present={str(one) for one in here},
        recused={str(one) for one in out},
        rules=rules_of(meeting.panel.call).committee,
    )


def presiding_seat(meeting: Meeting, application: Application | None = None) -> Seat | None:
    """Who leads: the chair; when absent or recused, the rapporteur, then the member with the lowest number."""
    sitting = sitting_of(meeting, application)
    able = [one for one in people_of(meeting.panel).members if str(one.pk) in sitting.voters]
    order = {"chair": 0, "rapporteur": 1, "member": 2}
    return min(able, key=lambda one: (order[office_in(one, meeting.panel)], one.number), default=None)


def presides(user: Any, meeting: Meeting, application: Application | None = None) -> bool:
    """Whether a person leads the meeting (for one application) now."""
    seat = presiding_seat(meeting, application)
    return seat is not None and seat.user == user


@identity.system("committees.approved")
def approved_minor(call: Call | UUID, *, without: AgendaItem | None = None) -> int:
    """Money of the call that was approved, also from the waiting list, and not given up or decided anew since."""
    moved_up = Q(outcome=VoteChoice.WAITLIST, application__state__in=[_S.APPROVED, _S.APPROVED_WITH_CONDITIONS])
    rows = AgendaItem.objects.filter(
        Q(outcome__in=APPROVALS) | moved_up, application__call=call, decision__reopening__isnull=True
    ).exclude(application__state__in=[_S.LAPSED, _S.WITHDRAWN])
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return rows.aggregate(total=Sum("proposed_minor"))["total"] or 0


def envelope_left_minor(item: AgendaItem) -> int:
    """Minor units of the call's envelope that are free for this item."""
    call = item.application.call
    return awardable_minor(call) - approved_minor(call, without=item)


def deferred_before(application: Application) -> int:
    """How often the committee has deferred an application."""
    return AgendaItem.objects.filter(application=application, outcome=VoteChoice.DEFER).count()
