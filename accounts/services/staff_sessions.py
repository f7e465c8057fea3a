"""Staff sessions: the administrator's permission to change people and offices, for a few minutes and a reason."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import events, selectors
from accounts.models import StaffSession, User
from accounts.states import StaffSessionState
from audit import lifecycle


@transaction.atomic
def open_staff_session(user: User, *, reason: str) -> StaffSession:
    """Open a session of ``settings.STAFF_SESSION_MINUTES`` for ``user``; an earlier one is closed first.

    The view asks for a fresh second factor before it calls this. Raises `Refused` for people who are no administrators.
    """
    minutes = settings.STAFF_SESSION_MINUTES
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for earlier in StaffSession.objects.filter(user=user, state=StaffSessionState.OPEN):
        close_staff_session(earlier, actor=None)
    session = StaffSession(user=user, reason=reason, expires_at=timezone.now() + timedelta(minutes=minutes))
    return lifecycle.create(session, events.StaffSessionOpened(minutes=minutes), actor=user, reason=reason)


def close_staff_session(session: StaffSession, *, actor: User | None) -> StaffSession:
    """Close the session by hand, or by the system."""
    return lifecycle.move(session, events.StaffSessionClosed(), actor=actor)


def close_expired() -> int:
    """Record the end of sessions whose time is over; returns how many."""
    sessions = list(selectors.staff_sessions_past_their_end())
    for session in sessions:
        close_staff_session(session, actor=None)
    return len(sessions)
