"""The agreement's schedule: computed from the charter's table, promised in the text, kept as tranches.

What a cost extension adds is one tranche more.
"""

from datetime import date
from typing import Any

from django.db import transaction

from audit import lifecycle
from disbursements import events
from disbursements.models import Tranche
from disbursements.plans import planned_schedule, span_of
from disbursements.schedules import year_of
from grants.models import Grant, Revision
from grants.selectors.durations import begins_in_time
from grants.services import agreements
from grants.services.agreements import ScheduleRow
from kernel.permissions import require


def draft_agreement(grant: Grant, *, starts_on: date, actor: Any) -> Grant:
    """Draw up the agreement for a grant that begins on ``starts_on``, with its schedule.

    Raises `Refused` for a first day that is later than the charter allows its kind.
    """
    require(begins_in_time(grant, starts_on))
    rows = [
        ScheduleRow(tranche.number, tranche.amount_minor, tranche.due_on, tranche.year)
        for tranche in planned_schedule(grant, starts_on=starts_on)
    ]
    ends_on = span_of(grant, starts_on).last_day
    return agreements.draw_agreement(grant, starts_on=starts_on, ends_on=ends_on, schedule=rows, actor=actor)


@transaction.atomic
def plan_tranches(grant: Grant) -> list[Tranche]:
    """Keep the agreed schedule as tranches; their sum is the grant (checked by PostgreSQL at commit)."""
    if grant.starts_on is None:
        raise ValueError(f"{grant.reference} has no agreed start")
    return [
        lifecycle.create(
            Tranche(
                grant=grant,
                number=planned.number,
                amount_minor=planned.amount_minor,
                currency=grant.currency,
                due_on=planned.due_on,
                year=planned.year,
                retention=planned.retention,
            ),
            events.TranchePlanned(number=planned.number, amount_minor=planned.amount_minor, due_on=planned.due_on),
            actor=None,
        )
        for planned in planned_schedule(grant, starts_on=grant.starts_on)
    ]


def plan_added_tranche(revision: Revision) -> Tranche:
    """Keep what a cost extension adds as the last tranche but for what is retained, planned for the day that it names."""
    grant, due_on = revision.grant, revision.paid_from
    if grant.starts_on is None or due_on is None:
        raise ValueError(f"{revision} adds no tranche")
    tranche = Tranche(
        grant=grant,
        number=grant.tranches.count() + 1,
        amount_minor=revision.added_minor,
        currency=grant.currency,
        due_on=due_on,
        year=year_of(grant.starts_on, due_on),
    )
    planned = events.TranchePlanned(number=tranche.number, amount_minor=tranche.amount_minor, due_on=due_on)
    return lifecycle.create(tranche, planned, actor=None)
