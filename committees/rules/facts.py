"""What rules and pages read of committees: who sits, who is out, what was scored, how the committee sits now."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.roles import Role
from accounts.selectors import has_role
from charter.calendar import add_months
from charter.models import CharterVersion
from charter.schema import CharterRules, CommitteeRules
from committees import quorum
from committees.models import AgendaItem, Attendance, Committee, ConflictDeclaration, Meeting, Panel, Recusal, Seat
from committees.sitting import Sitting, sit
from committees.states import ConflictGround, ConflictKind, Presence, SeatState, VoteChoice
from grants.models import Application, Call
from grants.states import ApplicationState
from kernel.sectors import Sector
from organisations.models import Organisation, Person

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
        known = call.__dict__["_rules"] = CharterRules.model_validate(call.frozen_rules)
    return known


def rules_of_version(version: CharterVersion) -> CharterRules:
    """The charter of a version."""
    return CharterRules.model_validate(version.rules_data)


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


def counted(seat: Seat, *, vacant: bool = False) -> quorum.Seat:
    """A seat as the arithmetic knows it."""
    return quorum.Seat(str(seat.pk), seat.constituency, seat.civil_society, seat.voting, vacant)


def composition(committee: Committee) -> list[quorum.Check]:
    """The checks of the committee's composition under its charter, without alternates."""
    today_ = membership(committee)
    seats = [counted(one) for one in (*today_.members, *today_.observers)]
    return quorum.composition(seats, rules_of_version(committee.charter).committee)


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


def sector_key(sector: str) -> str:
    """The sector that competes: a part of protection competes with all of it."""
    found = Sector(sector) if sector else None
    return str(found.parent or found) if found else ""


def computed_conflicts(
    users: Collection[UUID], applications: Iterable[Application], rules: CommitteeRules, *, on: date
) -> dict[tuple[UUID, UUID], ConflictGround]:
    """Conflicts that the fund's own records show, by (person, application), whether declared or not.

    People of the applicant within the charter's look-back years, people of its fiscal host or of those it hosts, and,
    where the charter says so, people whose own organisation applied in the same call and sector.
    """
    listed = list(applications)
    since = add_months(on, -12 * rules.conflicts.look_back_years)
    linked: defaultdict[UUID, set[UUID]] = defaultdict(set)
    own: defaultdict[UUID, set[UUID]] = defaultdict(set)
    people = Person.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since), user__in=list(users))
    for user, organisation, ends_on in people.values_list("user_id", "organisation_id", "ends_on"):
        linked[user].add(organisation)
        if ends_on is None or ends_on >= on:
            own[user].add(organisation)
    if not linked:
        return {}
    every = set().union(*linked.values()) | {one.organisation_id for one in listed}
    hosts = dict(Organisation.objects.filter(pk__in=every).values_list("pk", "fiscal_host_id"))
    sectors = _sectors_of(set().union(*own.values()) if own else set(), {one.call_id for one in listed})
    found: dict[tuple[UUID, UUID], ConflictGround] = {}
    for user, organisations in linked.items():
        rivals = {key for one in own[user] for key in sectors[one]}
        hosted = {hosts.get(one) for one in organisations} - {None}
        for one in listed:
            if one.organisation_id in organisations:
                found[user, one.pk] = ConflictGround.EMPLOYMENT
            elif one.organisation_id in hosted or hosts.get(one.organisation_id) in organisations:
                found[user, one.pk] = ConflictGround.PARTNERSHIP
            elif rules.conflicts.own_application_recuses_from_sector and sector_key(one.sector) in rivals:
                found[user, one.pk] = ConflictGround.OWN_APPLICATION
    return found


def _sectors_of(organisations: set[UUID], calls: set[UUID]) -> defaultdict[UUID, set[str]]:
    """Sectors in which organisations applied in the calls."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    rows = Application.objects.filter(organisation__in=organisations, call__in=calls).exclude(
        state__in=[_S.DRAFT, _S.WITHDRAWN, _S.LAPSED]
    )
    for organisation, sector in rows.values_list("organisation_id", "sector"):
        found[organisation].add(sector_key(sector))
    return found


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
    committee = meeting.panel.committee
    people = membership(committee)
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
    able = [one for one in membership(meeting.panel.committee).members if str(one.pk) in sitting.voters]
    order = {"chair": 0, "rapporteur": 1, "member": 2}
    return min(able, key=lambda one: (order[one.office], one.number), default=None)


def presides(user: Any, meeting: Meeting, application: Application | None = None) -> bool:
    """Whether a person leads the meeting (for one application) now."""
    seat = presiding_seat(meeting, application)
    return seat is not None and seat.user == user


def approved_minor(call: Call | UUID, *, without: AgendaItem | None = None) -> int:
    """Money of the call that was approved, also from the waiting list, and not given up since."""
    moved_up = Q(outcome=VoteChoice.WAITLIST, application__state__in=[_S.APPROVED, _S.APPROVED_WITH_CONDITIONS])
    rows = AgendaItem.objects.filter(Q(outcome__in=APPROVALS) | moved_up, application__call=call).exclude(
        application__state__in=[_S.LAPSED, _S.WITHDRAWN]
    )
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return rows.aggregate(total=Sum("proposed_minor"))["total"] or 0


def envelope_left_minor(item: AgendaItem) -> int:
    """Minor units of the call's envelope that are free for this item."""
    call = item.application.call
    return call.envelope_minor - approved_minor(call, without=item)


def deferred_before(application: Application) -> int:
    """How often the committee has deferred an application."""
    return AgendaItem.objects.filter(application=application, outcome=VoteChoice.DEFER).count()
