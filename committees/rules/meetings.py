"""Calling, opening, attending and closing meetings, and signing their minutes (domain specification §3.4 steps 5, 8)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from committees import events
from committees.models import AgendaItem, Attendance, Meeting, MinutesSignature
from committees.rules import facts
from committees.rules.committees import secretariat
from committees.rules.texts import check_failed
from committees.states import ItemState, MeetingState, PanelState, Presence, SeatOffice
from grants.states import GrantType
from kernel.permissions import Allowed, Denied, PermissionResult

NOT_LEADING = _("The chair leads the meeting; when absent or recused, the rapporteur or another member in the room.")


@rule_for(events.MeetingCalled)
def may_call(meeting: Meeting, *, actor: Any, event: Any) -> PermissionResult:
    """After the scoring; one meeting at a time."""
    if meeting.panel.state != PanelState.DELIBERATING:
        return Denied(_("A meeting is called after the scoring is closed."))
    if meeting.panel.meetings.filter(state__in=[MeetingState.CALLED, MeetingState.OPEN]).exists():
        return Denied(_("A meeting of this panel is already called."))
    return secretariat(actor)


@rule_for(events.MeetingPostponed)
def may_postpone(meeting: Meeting, *, actor: Any, event: Any) -> PermissionResult:
    """Before it is opened."""
    if meeting.state != MeetingState.CALLED:
        return Denied(_("A meeting that was opened cannot be moved."))
    return secretariat(actor)


@rule_for(events.ItemListed)
def may_list(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """Together with the call of the meeting."""
    if item.meeting.state != MeetingState.CALLED:
        return Denied(_("The agenda is fixed when the meeting is called."))
    return secretariat(actor)


@rule_for(events.MeetingOpened)
def may_open(meeting: Meeting, *, actor: Any, event: Any) -> PermissionResult:
    """Who leads opens: the committee is whole under the call's charter, its quorum and majority are in the room."""
    if not (whole := is_whole(meeting)):
        return whole
    sitting = facts.sitting_of(meeting)
    if sitting.failed:
        return Denied(check_failed(sitting.failed[0]))
    return Allowed() if facts.presides(actor, meeting) else Denied(NOT_LEADING)


def is_whole(meeting: Meeting) -> PermissionResult:
    """Every rule of composition holds for the seats that are held today: an ended term or a vacant seat holds none.

    An alternate holds the seat of a constituency that lost its member. The panel on call of a rapid window is smaller than
    a committee; its quorum and majorities are checked all the same.
    """
    if meeting.panel.call.grant_type == GrantType.RAPID:
        return Allowed()
    rules = facts.rules_of(meeting.panel.call).committee
    failed = [one for one in facts.held(meeting.panel.committee, rules) if not one.passed]
    return Denied(check_failed(failed[0])) if failed else Allowed()


@rule_for(events.AttendanceRecorded)
def may_record_attendance(attendance: Attendance, *, actor: Any, event: Any) -> PermissionResult:
    """Members say themselves that they come or go; who leads, or the rapporteur, records it for others."""
    meeting, seat = attendance.meeting, attendance.seat
    if meeting.state not in {MeetingState.CALLED, MeetingState.OPEN}:
        return Denied(_("The meeting is closed."))
    if seat.committee_id != meeting.panel.committee_id or facts.seat_in(seat.user, meeting.panel) != seat:
        return Denied(_("This person has no seat in the committee."))
    if attendance.presence == Presence.JOINED and timezone.localdate(meeting.held_at) > facts.today():
        return Denied(_("The meeting is on another day."))
    if actor is None or actor == seat.user:
        return Allowed()
    return may_minute(meeting, actor)


def may_minute(meeting: Meeting, actor: Any) -> PermissionResult:
    """Chair and rapporteur keep the record, and whoever leads in their place."""
    seat = facts.seat_in(actor, meeting.panel)
    if seat is not None and facts.office_in(seat, meeting.panel) in {SeatOffice.CHAIR, SeatOffice.RAPPORTEUR}:
        return Allowed()
    return Allowed() if facts.presides(actor, meeting) else Denied(NOT_LEADING)


@rule_for(events.MeetingClosed)
def may_close(meeting: Meeting, *, actor: Any, event: Any) -> PermissionResult:
    """Nothing is left open, and every decision has its reasons."""
    open_items = meeting.items.filter(state__in=[ItemState.WAITING, ItemState.DISCUSSED, ItemState.VOTING])
    if open_items.exists():
        return Denied(_("An item is still open; decide or adjourn it first."))
    if meeting.items.filter(state=ItemState.DECIDED, decision__isnull=True).exists():
        return Denied(_("A decision still lacks its written reasons."))
    return may_minute(meeting, actor)


@rule_for(events.MinutesSigned)
def may_sign(signature: MinutesSignature, *, actor: Any, event: Any) -> PermissionResult:
    """Chair and rapporteur, each for himself, exactly these minutes."""
    meeting, seat = signature.meeting, signature.seat
    if meeting.state != MeetingState.CLOSED:
        return Denied(_("Minutes are signed after the meeting is closed."))
    if actor is None or seat.user != actor or facts.seat_in(actor, meeting.panel) != seat:
        return Denied(_("Each signs for himself or herself."))
    office = facts.office_in(seat, meeting.panel)
    if office not in {SeatOffice.CHAIR, SeatOffice.RAPPORTEUR} or signature.office != office:
        return Denied(_("The minutes are signed by the chair and the rapporteur."))
    if meeting.signatures.filter(seat=seat).exists():
        return Denied(_("Your signature is under the minutes already."))
    if signature.sha256 != meeting.minutes_sha256:
        return Denied(_("These are not the minutes that were drawn; open the page again."))
    return Allowed()


@rule_for(events.MinutesCompleted)
def may_complete_minutes(meeting: Meeting, *, actor: Any, event: Any) -> PermissionResult:
    """All signatures that the charter asks for are there."""
    needed = facts.rules_of(meeting.panel.call).committee.minutes_signatures
    signed = meeting.signatures.filter(sha256=meeting.minutes_sha256).count()
    return Allowed() if signed >= needed else Denied(_("A signature is missing under the minutes."))
