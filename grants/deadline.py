"""When a call is open, by the clock of the database. Plain Python."""

from datetime import datetime, timedelta
from typing import Final

GRACE: Final = timedelta(seconds=120)
"""How long a request that began before the deadline may still arrive: a slow line is no reason to lose an application."""
ONE_ATTEMPT: Final = timedelta(minutes=1)
"""Attempts to submit too late that follow within this time are recorded as one."""


def in_time(closes_at: datetime, *, now: datetime, begun_at: datetime | None = None) -> bool:
    """Whether an act at ``now`` is in time; ``begun_at`` is when its request began, all by the same clock."""
    if now < closes_at:
        return True
    return begun_at is not None and begun_at < closes_at and now < closes_at + GRACE


def lost(
    closes_at: datetime, *, began: datetime, ended: datetime, window: timedelta, least: timedelta, shortest: timedelta
) -> timedelta | None:
    """By how much a closing moves when nobody could get through from ``began`` to ``ended``; None when it stays.

    Only what fell into the ``window`` before the closing counts, and only when it was longer than ``least``; then the closing
    moves by as much, at least by ``shortest`` (domain specification §3.3: more than 2 h in the last 48 h, at least 24 h).
    """
    missing = min(ended, closes_at) - max(began, closes_at - window)
    return max(missing, shortest) if missing > least else None


def is_over(closes_at: datetime, *, now: datetime) -> bool:
    """Whether nothing can arrive in time any more, so that the call may be closed."""
    return now >= closes_at + GRACE
