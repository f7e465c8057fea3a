"""When a call is open, by the clock of the database. Plain Python."""

from datetime import datetime, timedelta
from typing import Final

GRACE: Final = timedelta(seconds=120)
"""How long a request that began before the deadline may still arrive: a slow line is no reason to lose an application."""


def in_time(closes_at: datetime, *, now: datetime, begun_at: datetime | None = None) -> bool:
    """Whether an act at ``now`` is in time; ``begun_at`` is when its request began, all by the same clock."""
    if now < closes_at:
        return True
    return begun_at is not None and begun_at < closes_at and now < closes_at + GRACE


def is_over(closes_at: datetime, *, now: datetime) -> bool:
    """Whether nothing can arrive in time any more, so that the call may be closed."""
    return now >= closes_at + GRACE
