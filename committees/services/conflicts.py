"""Declarations and recusals: a recusal takes every access away at once and is never taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from charter.selectors import working_deadline
from committees import events
from committees.models import (
    AgendaItem,
    Assignment,
    Attendance,
    ConflictDeclaration,
    ConflictFinding,
    Meeting,
    Panel,
    Recusal,
    Seat,
)
from committees.rules import facts
from committees.rules.concepts import known_to
from committees.rules.links import Link, shown
from committees.rules.panels import takes_out
from committees.services.assignments import take_back
from committees.states import (
    HARD_GROUNDS,
    AssignmentState,
    ConflictGround,
    ItemState,
    MeetingState,
    Presence,
    RecusalSource,
)
from grants.models import Application
from grants.selectors.steps import answered_by
from grants.services import access
from grants.states import ApplicationState


@transaction.atomic
def declare(
    seat: Seat, application: Application, *, kind: str, ground: str = "", explanation: str = "", actor: Any
) -> ConflictDeclaration:
    """What a member declares on an application; a conflict recuses at once. Raises `Refused` with the reason."""
    declaration = ConflictDeclaration(
        seat=seat, application=application, kind=kind, ground=ground, explanation=explanation
    )
    event = events.ConflictDeclared(application=application.pk, kind=kind, ground=ground, explanation=explanation)
    made = lifecycle.create(declaration, event, actor=actor)
    if takes_out(kind):
        recuse(seat, application, ground=ground, source=RecusalSource.DECLARED, actor=actor)
    else:
        let_read(seat, application)
    return made


CONCEPTS_READ = timedelta(days=14)
"""How long a concept note stays open to a member when its answer is late; the answer closes it in any case."""


def reading_until(meeting: Meeting) -> datetime:
    """When the reading for a meeting ends: with the time to write its minutes."""
    days = facts.rules_of(meeting.panel.call).deadlines.minutes_days
    return working_deadline(meeting.held_at, days)


def let_read(seat: Seat, application: Application) -> None:
    """Who declares may read a concept note at once; when a meeting is called already, what it discusses."""
    if application.state == ApplicationState.CONCEPT_SENT and seat.voting:
        until = max(answered_by(application.call), timezone.now() + CONCEPTS_READ)
        access.give_review_access(seat.user, application, expires_at=until, actor=None)
        return
    states = [MeetingState.CALLED, MeetingState.OPEN]
    item = AgendaItem.objects.filter(application=application, meeting__state__in=states).first()
    if item is not None and seat.voting:
        access.give_review_access(seat.user, application, expires_at=reading_until(item.meeting), actor=None)


@transaction.atomic
def declare_all(seat: Seat, said: Mapping[UUID, Mapping[str, str]], *, actor: Any) -> list[ConflictDeclaration]:
    """Record what a member declares on several applications (kind, ground, explanation by key): all or nothing."""
    applications = Application.objects.in_bulk(list(said))
    return [declare(seat, applications[key], **words, actor=actor) for key, words in said.items()]


@transaction.atomic
def recuse(
    seat: Seat,
    application: Application,
    *,
    ground: str,
    source: str,
    actor: Any,
    evidence: Sequence[dict[str, str]] = (),
) -> Recusal | None:
    """Put a member out of an application for good: assignments, access and presence end with it.

    ``evidence`` are the ties that the records show.

    Returns None when the member was out already. Open items of the application are locked first, so that a vote is either
    counted before the recusal or refused after it.
    """
    items = list(AgendaItem.objects.select_for_update(no_key=True).filter(application=application).order_by("pk"))
    if Recusal.objects.filter(seat=seat, application=application).exists():
        return None
    known = list(evidence)
    recusal = Recusal(seat=seat, application=application, ground=ground, source=source, evidence=known)
    event = events.MemberRecused(application=application.pk, ground=ground, source=source, evidence=known)
    made = lifecycle.create(recusal, event, actor=actor)
    live = Assignment.objects.filter(seat__user=seat.user, application=application).exclude(
        state=AssignmentState.REMOVED
    )
    for assignment in live:
        take_back(assignment, cause="recused", actor=None)
    access.remove_review_access(seat.user, application, actor=None)
    for item in items:
        _leave(item, seat)
    return made


def _leave(item: AgendaItem, seat: Seat) -> None:
    """A member recused while the item is open leaves the room for it."""
    open_now = item.state in {ItemState.DISCUSSED, ItemState.VOTING} and item.meeting.state == MeetingState.OPEN
    if open_now and seat.pk in facts.present_seats(item.meeting):
        attendance = Attendance(meeting=item.meeting, seat=seat, presence=Presence.LEFT, item=item)
        event = events.AttendanceRecorded(seat=seat.pk, presence=Presence.LEFT)
        lifecycle.create(attendance, event, actor=None)


@transaction.atomic
def refresh_conflicts(panel: Panel, applications: Iterable[Application] | None = None) -> list[Recusal]:
    """Hold what the fund's records show against every member, declared or not.

    A hard ground recuses at once, a soft one asks the member. Returns the recusals that are new.
    """
    seats = {
        one.user_id: one
        for one in Seat.objects.filter(facts.in_term(facts.today()), committee=panel.committee_id).select_related(
            "user"
        )
    }
    listed = list(applications if applications is not None else known_to(panel))
    found = shown(set(seats), listed, facts.rules_of(panel.call).committee, on=facts.today())
    rows = Recusal.objects.filter(application__in=listed, seat__user__in=seats)
    out = set(rows.values_list("seat__user", "application"))
    by_key = {one.pk: one for one in listed}
    new: list[Recusal] = []
    for (user, key), known in sorted(found.items(), key=lambda one: str(one[0])):
        seat, application = seats[user], by_key[key]
        hard = [one for one in known if one.ground in HARD_GROUNDS and _concerns(seat, one.ground)]
        if hard and (user, key) not in out:
            first = hard[0]
            made = recuse(
                seat,
                application,
                ground=first.ground,
                source=RecusalSource.COMPUTED,
                actor=None,
                evidence=first.evidence,
            )
            new += [made] if made is not None else []
        elif not hard and (user, key) not in out:
            _ask(seat, application, [one for one in known if one.ground not in HARD_GROUNDS])
    return new


def _concerns(seat: Seat, ground: ConflictGround) -> bool:
    """An observer of a donor hears what the committee decides on the donor's money; it scores and votes on nothing."""
    return seat.voting or ground is not ConflictGround.DONOR_OFFICER


def _ask(seat: Seat, application: Application, known: Iterable[Link]) -> None:
    """Put what the records show before the member, once for each ground that no declaration names yet."""
    asked = set(
        ConflictFinding.objects.filter(seat__user=seat.user, application=application).values_list("ground", flat=True)
    )
    said = ConflictDeclaration.objects.filter(seat__user=seat.user, application=application)
    named = set(said.values_list("ground", flat=True))
    for one in known:
        if one.ground not in asked | named:
            ties = list(one.evidence)
            finding = ConflictFinding(seat=seat, application=application, ground=one.ground, evidence=ties)
            event = events.ConflictFound(application=application.pk, ground=one.ground, evidence=ties)
            lifecycle.create(finding, event, actor=None)
