"""Meetings: called with their agenda, opened with a quorum, attended, closed for good."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from audit import lifecycle
from committees import events
from committees.models import AgendaItem, Attendance, Meeting, Panel, Seat
from committees.rules import facts
from committees.selectors import ranking
from committees.services import minutes
from committees.services.conflicts import reading_until, refresh_conflicts
from committees.services.panels import close_if_decided
from committees.states import ItemState, Presence
from grants.models import Application
from grants.services import access, review
from grants.states import ApplicationState
from notices.services import notify


@transaction.atomic
def call_meeting(panel: Panel, *, held_at: datetime, place: str, actor: Any) -> Meeting:
    """Call a meeting on everything that is before the committee, and let those who may read it read it.

    The agenda's order is drawn, so that it tells nothing of the ranking to those who are recused from a part of it.
    """
    locked = Panel.objects.select_for_update(no_key=True).get(pk=panel.pk)
    refresh_conflicts(locked)
    rows = {one.application.pk: one for one in ranking.full_ranking(locked)}
    for row in rows.values():
        if row.application.state == ApplicationState.DEFERRED:
            review.start_deliberation(row.application, panel_mean=row.mean)
    listed = list(facts.applications_of(locked).filter(state=ApplicationState.DELIBERATION))
    meeting = Meeting(panel=locked, held_at=held_at, place=place, called_by=actor)
    event = events.MeetingCalled(held_at=held_at.isoformat(), applications=len(listed))
    called = lifecycle.create(meeting, event, actor=actor)
    secrets.SystemRandom().shuffle(listed)
    for order, application in enumerate(listed, start=1):
        _list_item(called, application, order, actor=actor)
    give_reading(called, actor=actor)
    _tell(called)
    return called


def _list_item(meeting: Meeting, application: Application, order: int, *, actor: Any) -> AgendaItem:
    amount = application.requested_minor
    item = AgendaItem(meeting=meeting, application=application, order=order, proposed_minor=amount)
    event = events.ItemListed(application=application.pk, proposed_minor=amount, currency=application.call.currency)
    return lifecycle.create(item, event, actor=actor)


def give_reading(meeting: Meeting, *, actor: Any) -> None:
    """Let every member and alternate read what is on the agenda: those who declared and are not recused, for one meeting."""
    people = facts.people_of(meeting.panel).voting
    declared = facts.declarations(meeting.panel, {one.user_id for one in people})
    until = reading_until(meeting)
    for item in meeting.items.select_related("application"):
        out = set(item.application.recusals.values_list("seat__user_id", flat=True))
        for seat in people:
            if (seat.user_id, item.application_id) in declared and seat.user_id not in out:
                access.give_review_access(seat.user, item.application, expires_at=until, actor=actor)


def _tell(meeting: Meeting) -> None:
    people = facts.people_of(meeting.panel)
    notify(
        [one.user for one in (*people.voting, *people.observers)],
        "committees.meeting_called",
        params={"held_at": meeting.held_at.isoformat(), "place": meeting.place},
        url=reverse("committees:meeting_detail", args=[meeting.pk]),
        dedupe_key=f"{meeting.pk}:{meeting.held_at.isoformat()}",
    )


@transaction.atomic
def postpone(meeting: Meeting, *, held_at: datetime, place: str, actor: Any, reason: str) -> Meeting:
    """Move a meeting that was not opened, for example for want of a quorum."""
    locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    lifecycle.note(locked, events.MeetingPostponed(held_at=held_at.isoformat()), actor=actor, reason=reason)
    locked.held_at, locked.place = held_at, place
    locked.save(update_fields=["held_at", "place"])
    give_reading(locked, actor=actor)
    _tell(locked)
    return locked


@transaction.atomic
def attend(meeting: Meeting, seat: Seat, presence: str, *, actor: Any) -> Attendance | None:
    """A member comes or goes; None when that is already so."""
    locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    here = seat.pk in facts.present_seats(locked)
    if here == (presence == Presence.JOINED):
        return None
    attendance = Attendance(meeting=locked, seat=seat, presence=presence)
    event = events.AttendanceRecorded(seat=seat.pk, presence=presence)
    made = lifecycle.create(attendance, event, actor=actor)
    if presence == Presence.JOINED:
        _stay_out_if_recused(locked, seat)
    return made


def _stay_out_if_recused(meeting: Meeting, seat: Seat) -> None:
    """Who comes while an item is open from which he is recused stays outside until it is over."""
    item = meeting.items.filter(state__in=[ItemState.DISCUSSED, ItemState.VOTING]).first()
    if item is not None and facts.is_recused(seat.user, item.application):
        leave_for(item, seat)


def leave_for(item: AgendaItem, seat: Seat) -> None:
    """Minute that a recused member leaves the room for one application."""
    attendance = Attendance(meeting=item.meeting, seat=seat, presence=Presence.LEFT, item=item)
    lifecycle.create(attendance, events.AttendanceRecorded(seat=seat.pk, presence=Presence.LEFT), actor=None)


def return_after(item: AgendaItem) -> None:
    """Minute that those who left for this application come back; not those who left the meeting otherwise."""
    rows = Attendance.objects.filter(meeting=item.meeting).order_by("recorded_at", "leaf_id").select_related("seat")
    last = {one.seat_id: one for one in rows}
    for one in last.values():
        if one.presence == Presence.LEFT and one.item_id == item.pk:
            back = Attendance(meeting=item.meeting, seat=one.seat, presence=Presence.JOINED, item=item)
            event = events.AttendanceRecorded(seat=one.seat_id, presence=Presence.JOINED)
            lifecycle.create(back, event, actor=None)


@transaction.atomic
def open_meeting(meeting: Meeting, *, actor: Any) -> Meeting:
    """Open the meeting; raises `Refused` and names the check when quorum or majority is missing."""
    locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    sitting = facts.sitting_of(locked)
    ours = {seat.key for seat in sitting.seats if seat.civil_society}
    event = events.MeetingOpened(present=len(sitting.voters), civil_society=len(sitting.voters & ours))
    return lifecycle.move(locked, event, actor=actor)


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: Any) -> Meeting:
    """Close the meeting for good: what was not reached is adjourned, the minutes are drawn from the record.

    When nothing is left before the committee, its panel and the review of the call end with it.
    """
    locked = Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    for item in locked.items.filter(state=ItemState.WAITING):
        lifecycle.move(item, events.ItemAdjourned(cause="not reached"), actor=actor)
    closed = lifecycle.move(locked, events.MeetingClosed(), actor=actor)
    minutes.draw(closed)
    close_if_decided(Panel.objects.get(pk=closed.panel_id))
    return closed
