"""The schedule of a grant as the offer shows it, before there are tranches."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from disbursements.services.agreements import planned_schedule
from grants.models import Grant


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
    planned = grant.application.starts_on or timezone.localdate()
    starts_on = grant.starts_on or max(planned, timezone.localdate())
    return [
        PlannedRow(
            one.number, one.amount_minor, one.amount_minor * 100 // grant.amount_minor, one.due_on, one.retention
        )
        for one in planned_schedule(grant, starts_on=starts_on)
    ]
