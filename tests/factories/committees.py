"""Committees at every step of their work, through the real services."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import User
from charter.selectors import find_charter_in_force
from committees.models import AgendaItem, Assignment, Committee, Meeting, Panel, Seat
from committees.rules import facts
from committees.selectors.scores import criteria_of
from committees.services import agenda, conflicts, meetings, panels, scores, votes
from committees.services import committees as services
from committees.services.committees import Nomination
from committees.states import ConflictKind, Constituency, Presence, SeatOffice
from grants.models import Application, Call
from tests.factories import accounts, charter, files, grants, shelf

_number = itertools.count(1)
SEATS = (
    (Constituency.CIVIL_SOCIETY, SeatOffice.CHAIR),
    (Constituency.CIVIL_SOCIETY, SeatOffice.RAPPORTEUR),
    (Constituency.CIVIL_SOCIETY, SeatOffice.MEMBER),
    (Constituency.CIVIL_SOCIETY, SeatOffice.MEMBER),
    (Constituency.EXPERT, SeatOffice.MEMBER),
    (Constituency.EXPERT, SeatOffice.MEMBER),
    (Constituency.COMMUNITY, SeatOffice.MEMBER),
)
"""The smallest committee of the default charter: seven seats, four of civil society."""


def officer() -> User:
    return grants.programme_officer()


def forming_committee() -> Committee:
    """A committee without members."""
    if find_charter_in_force() is None:
        charter.ratified_charter()
    n = next(_number)
    name = LazyI18nString({"ar": f"لجنة المراجعة {n}", "en": f"Review committee {n}"})
    return services.form_committee(name, actor=officer())


def nomination(constituency: str, user: User | None = None, **fields: Any) -> Nomination:
    """Somebody for a seat; civil society is nominated by a network."""
    today = facts.today()
    if constituency == Constituency.CIVIL_SOCIETY and "network" not in fields:
        fields["network"] = charter.networks()[0][0]
    if constituency == Constituency.CIVIL_SOCIETY and "evidence" not in fields:
        fields["evidence"] = files.pdf("nomination.pdf")
    values: dict[str, Any] = {
        "user": user or accounts.user(f"عضو اللجنة {next(_number)}"),
        "constituency": constituency,
        "nomination": "قرار مجلس الشبكة رقم ١٢",
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
        "governorate": "SY08",
        **fields,
    }
    return Nomination(**values)


def seat(committee: Committee, constituency: str, user: User | None = None, **fields: Any) -> Seat:
    """A filled seat."""
    return services.fill_seat(committee, nomination(constituency, user, **fields), actor=officer())


def alternate(member: Seat, user: User | None = None) -> Seat:
    """An alternate for a member."""
    return seat(member.committee, member.constituency, user, alternate_of=member)


def constituted_committee(*, alternates: int = 0) -> Committee:
    """Seven members, four of civil society, and ``alternates`` of civil society."""
    made = forming_committee()
    seats = [seat(made, constituency, office=office) for constituency, office in SEATS]
    for member in seats[2 : 2 + alternates]:
        alternate(member)
    return services.constitute(made, actor=officer())


def members(committee: Committee) -> list[Seat]:
    """Its voting members, the chair first."""
    return list(facts.membership(committee).members)


@dataclass
class Case:
    """A panel with its people and applications, taken as far as a test needs."""

    panel: Panel
    applications: list[Application]
    seats: list[Seat]
    alternates: list[Seat] = field(default_factory=list)

    @property
    def call(self) -> Call:
        return self.panel.call

    @property
    def chair(self) -> User:
        return self.seats[0].user

    @property
    def rapporteur(self) -> User:
        return self.seats[1].user

    def fresh(self) -> "Case":
        """Everything read again, without what instances remember."""
        self.panel = Panel.objects.get(pk=self.panel.pk)
        self.applications = list(Application.objects.filter(call=self.panel.call_id).order_by("created_at"))
        people = facts.membership(self.panel.committee)
        self.seats, self.alternates = list(people.members), list(people.alternates)
        return self


def the_case() -> Case:
    """The panel that stands ready."""
    return Case(shelf.first(Panel), [], []).fresh()


def opened(number: int = 2, *, alternates: int = 0, committee: Committee | None = None, **changed: Any) -> Case:
    """A panel that asks for declarations on ``number`` applications."""
    if (number, alternates, committee, changed) == (1, 0, None, {}) and shelf.take("opened"):
        return the_case()
    made = committee or constituted_committee(alternates=alternates)
    call, applications = grants.screened_call(number, **changed)
    panel = panels.open_panel(call, made, actor=officer())
    return Case(panel, applications, []).fresh()


def declare(holder: Seat, application: Application, kind: str = ConflictKind.NONE, ground: str = "") -> Any:
    """A member's declaration."""
    return conflicts.declare(holder, application, kind=kind, ground=ground, actor=holder.user)


def declared(number: int = 2, **fields: Any) -> Case:
    """Everybody declared that nothing links them."""
    case = opened(number, **fields)
    for holder in (*case.seats, *case.alternates):
        for application in case.applications:
            if not facts.is_recused(holder.user, application):
                declare(holder, application)
    return case


def scoring(case: Case | None = None, number: int = 2, **fields: Any) -> Case:
    """The scoring is open."""
    if (case, number, fields) == (None, 1, {}) and shelf.take("scoring"):
        return the_case()
    if (case, number, fields) == (None, 2, {}) and shelf.take("scoring_two"):
        return the_case()
    case = case or declared(number, **fields)
    panels.start_scoring(case.panel, actor=officer())
    return case.fresh()


def judgement(application: Application, points: int = 4) -> dict[str, tuple[int, str]]:
    """The same points on every criterion, each with its sentence."""
    said = "الحاجة واضحة والخطة قابلة للتنفيذ."
    return {one.key: (points, said) for one in criteria_of(application.call)}


def score(assignment: Assignment, points: int = 4) -> Any:
    """A scorer's card."""
    return scores.submit(assignment, judgement(assignment.application, points), actor=assignment.seat.user)


def assignments(case: Case, application: Application | None = None) -> list[Assignment]:
    """What is to be scored."""
    rows = Assignment.objects.filter(application__call=case.panel.call_id, state="assigned")
    if application is not None:
        rows = rows.filter(application=application)
    return list(rows.select_related("seat__user", "application__call").order_by("application", "seat__number"))


def deliberating(case: Case | None = None, number: int = 2, *, points: int = 4, **fields: Any) -> Case:
    """All scored, the scoring closed."""
    if (case, number, points, fields) == (None, 1, 4, {}) and shelf.take("deliberating"):
        return the_case()
    case = case or scoring(number=number, **fields)
    for one in assignments(case):
        score(one, points)
    panels.close_scoring(case.panel, actor=officer())
    return case.fresh()


def called_meeting(case: Case) -> Meeting:
    """A meeting on everything before the committee."""
    held_at = timezone.now()
    return meetings.call_meeting(case.panel, held_at=held_at, place="قاعة الاجتماعات", actor=officer())


def join(meeting: Meeting, *seats: Seat) -> None:
    """Members come."""
    for one in seats:
        meetings.attend(meeting, one, Presence.JOINED, actor=one.user)


def leave(meeting: Meeting, *seats: Seat) -> None:
    """Members go."""
    for one in seats:
        meetings.attend(meeting, one, Presence.LEFT, actor=one.user)


def open_meeting(case: Case, *absent: Seat) -> Meeting:
    """The meeting is open with everybody but ``absent``."""
    meeting = called_meeting(case)
    join(meeting, *(one for one in (*case.seats, *case.alternates) if one not in absent))
    return meetings.open_meeting(meeting, actor=case.chair)


def item_of(meeting: Meeting, application: Application) -> AgendaItem:
    """The item of an application, read again."""
    return AgendaItem.objects.get(meeting=meeting, application=application)


def presiding(item: AgendaItem) -> User:
    """Who leads for this item."""
    seat_ = facts.presiding_seat(item.meeting, item.application)
    assert seat_ is not None
    return seat_.user


def discussed(meeting: Meeting, application: Application, *, conditions: tuple[str, ...] = ()) -> AgendaItem:
    """The item is under discussion, its proposal written down."""
    item = item_of(meeting, application)
    item = agenda.discuss(item, actor=presiding(item))
    return agenda.minute(
        item,
        proposed_minor=application.requested_minor,
        conditions=list(conditions),
        discussion="ناقشت اللجنة الخطة والموازنة.",
        actor=presiding(item),
    )


def voting(meeting: Meeting, application: Application, **fields: Any) -> AgendaItem:
    """The vote is open."""
    item = discussed(meeting, application, **fields)
    return votes.open_voting(item, actor=presiding(item))


def vote(item: AgendaItem, choices: dict[Seat, str]) -> None:
    """Members vote."""
    for holder, choice in choices.items():
        votes.cast_vote(item, holder, choice, actor=holder.user)


def decided(
    meeting: Meeting, application: Application, choice: str, *, conditions: tuple[str, ...] = (), deviation: str = ""
) -> AgendaItem:
    """Everybody who sits votes alike; the decision is recorded with its reasons."""
    return settled(voting(meeting, application, conditions=conditions), choice, deviation=deviation)


def settled(item: AgendaItem, choice: str, *, deviation: str = "") -> AgendaItem:
    """The same where the vote is open already."""
    sitting = {str(one.pk): one for one in facts.membership(item.meeting.panel.committee).voting}
    vote(item, {sitting[key]: choice for key in item.voters})
    closed = votes.close_voting(item, actor=presiding(item)).item
    votes.record_decision(closed, reasons(deviation), actor=presiding(closed))
    return item_of(item.meeting, item.application)


def reasons(deviation: str = "") -> votes.Reasons:
    """Reasons in words."""
    return votes.Reasons("مشاركة حقيقية للناس.", "خطة التعلّم قصيرة.", "اذكروا كيف ستقيسون النتيجة.", deviation)
