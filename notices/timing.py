"""When a message is told: at once, at the hour of a day's messages, or when quiet hours are over. No Django here."""

from datetime import datetime, time, timedelta
from typing import Final

DAY: Final = timedelta(days=1)
Quiet = tuple[time, time]


def next_at(moment: datetime, hour: time) -> datetime:
    """The next time after ``moment`` that its clocks show ``hour``."""
    today = datetime.combine(moment.date(), hour, moment.tzinfo)
    return today if today > moment else today + DAY


def in_quiet(moment: datetime, quiet: Quiet) -> bool:
    """Whether ``moment`` lies in the quiet hours, which may run over midnight; their last moment is free again."""
    begin, end = quiet
    now = moment.time()
    return begin <= now < end if begin < end else now >= begin or now < end


def due(moment: datetime, *, urgent: bool, daily_at: time | None, quiet: Quiet | None) -> datetime:
    """When what is to be told at ``moment`` (on the clocks of its reader) is told; ``urgent`` waits for nothing."""
    if urgent:
        return moment
    told = next_at(moment, daily_at) if daily_at else moment
    return next_at(told, quiet[1]) if quiet and in_quiet(told, quiet) else told


def ends_within_a_day(due_at: object, moment: datetime) -> bool:
    """Whether ``due_at`` (the ISO text of a moment) is a deadline of the next 24 hours."""
    try:
        deadline = datetime.fromisoformat(str(due_at))
    except ValueError:
        return False
    return deadline.tzinfo is not None and moment <= deadline <= moment + DAY
