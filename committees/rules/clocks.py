"""By when members of a panel act: the charter's working days, in the rapid window its hours, day and night."""

from datetime import datetime, timedelta

from charter.selectors import working_deadline
from committees.rules import facts
from grants.models import Call
from grants.selectors.calls import is_rapid


def _due(call: Call, start: datetime, *, days: int, hours: int) -> datetime:
    return start + timedelta(hours=hours) if is_rapid(call) else working_deadline(start, days)


def declarations_due(call: Call, start: datetime) -> datetime:
    """By when members declare conflicts in a round that begins at ``start``."""
    rules = facts.rules_of(call).deadlines
    return _due(call, start, days=rules.conflict_declaration_days, hours=rules.rapid_declaration_hours)


def scoring_due(call: Call, start: datetime) -> datetime:
    """By when scorecards are in that are asked for at ``start``."""
    rules = facts.rules_of(call).deadlines
    return _due(call, start, days=rules.scoring_days, hours=rules.rapid_scoring_hours)


def further_scoring_due(call: Call, start: datetime) -> datetime:
    """By when an alternate's scorecard is in, or one for which more time is given."""
    rules = facts.rules_of(call).deadlines
    return _due(call, start, days=rules.scoring_alternate_days, hours=rules.rapid_alternate_hours)


def reminded_before(call: Call, now: datetime) -> datetime | None:
    """Scorers whose time ends at or before this moment are reminded now; None: the charter reminds nobody."""
    rules = facts.rules_of(call)
    days = rules.scoring.assignment.reminder_days
    if not days and not is_rapid(call):
        return None
    return _due(call, now, days=days, hours=rules.deadlines.rapid_reminder_hours)
