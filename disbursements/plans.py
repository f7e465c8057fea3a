"""The schedule of a grant by its frozen rules, before there are tranches."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from disbursements.schedules import PlannedTranche, Span, schedule
from grants.models import Grant
from grants.selectors.grants import kind_of, tier_of
from grants.selectors.signed import signed_minor


def span_of(grant: Grant, starts_on: date) -> Span:
    """From when to when a grant runs that begins on ``starts_on``."""
    return Span(starts_on, grant.months, kind_of(grant).most_days)


def planned_schedule(grant: Grant, *, starts_on: date) -> list[PlannedTranche]:
    """The tranches of a grant by its frozen rules: kind, tier, amount and months as they were offered and signed."""
    return schedule(signed_minor(grant), span_of(grant, starts_on), tier_of(grant))


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One payment: number, amount in minor units, its share of the grant, planned day; ``retention``: after the final report."""

    number: int
    amount_minor: int
    percent: int
    due_on: date
    retention: bool


def plan_shown(grant: Grant) -> list[PlannedRow]:
    """The payments by the frozen rules, as if the grant began on its agreed or planned day (today at the earliest)."""
    wished = grant.application.starts_on or timezone.localdate()
    starts_on = grant.starts_on or max(wished, timezone.localdate())
    planned = planned_schedule(grant, starts_on=starts_on)
    whole = sum(one.amount_minor for one in planned)
    return [
        PlannedRow(one.number, one.amount_minor, one.amount_minor * 100 // whole, one.due_on, one.retention)
        for one in planned
    ]
