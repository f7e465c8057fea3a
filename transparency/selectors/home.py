"""What the fund says of itself on its first page: money apart by state, open calls, how past calls ended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, QuerySet, Sum

from charter.selectors import rules_to_begin_with
from funds.models import Contribution
from funds.states import ContributionState
from grants.models import Application, Call, Grant
from grants.states import UNSENT, ApplicationState, CallState, GrantState, GrantType
from kernel import identity
from kernel.money import Money
from transparency.selectors import published

FUNDED = (ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Totals:
    """Received from donors, promised in signed grants, paid out: three figures that are never added together."""

    received: Money
    promised: Money
    paid: Money
    grants: int
    """Told one by one and in sums. How many organisations received them is not said: beside the names that are told it would
    say whether one that is not named is among them."""


@identity.system("transparency.totals")
def totals(currency: str) -> Totals:
    """The fund's own money so far in the charter's currency, as far as it is released; five queries."""
    received = _sum(Contribution.objects.filter(state=ContributionState.CONFIRMED, currency=currency))
    sums = published.sums(currency)
    return Totals(
        received=Money(received, currency),
        promised=sums.total,
        paid=published.paid(currency),
        grants=sums.grants + sums.withheld_grants,
    )


def _sum(rows: QuerySet[Any]) -> int:
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


NEVER_TOLD = (GrantState.DECLINED, GrantState.LAPSED, GrantState.SET_ASIDE)
"""States of grants that nobody signed and nobody will."""


def may_be_told(whole: int, told: int, *, least: int, waiting: int) -> bool:
    """Whether a number of grants may stand beside those of them that are told openly: it tells of none withheld, or of enough."""
    return not waiting and (whole - told == 0 or whole - told >= least)


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How one call ended, in numbers; ``days`` from closing to decision on average (None while nothing is decided)."""

    call: Call
    received: int
    told: int
    """Grants of the call that are told one by one, with their place."""
    funded: int | None
    """All funded; None until all their grants are released, or where the number would tell of fewer withheld grants than
    the charter's least, and then…"""
    waitlisted: int
    rejected: int | None
    """…this one is not told either, or the difference would tell it."""
    ineligible: int
    granted: Money
    """Money of the grants told one by one: the whole call's would tell the amounts of the others."""
    days: int | None

    @property
    def timed(self) -> bool:
        """Whether the call has a page of promised and reached days; a rapid one has hours."""
        return self.call.grant_type != GrantType.RAPID


@identity.system("transparency.outcomes")
def outcomes() -> list[CallOutcome]:
    """Every call that was handed to a committee, the latest first; four queries however many there are."""
    calls = list(
        Call.objects.filter(state__in=[CallState.DECIDED, CallState.COMPLETED])
        .order_by("-closes_at")
        .defer("frozen_rules")
    )
    counts: dict[object, Counter[str]] = {call.pk: Counter() for call in calls}
    for call_id, state, number in _applications(calls).values_list("call", "state").annotate(n=Count("pk")).order_by():
        counts[call_id][state] = number
    granted = {
        call: (number, total)
        for call, number, total in published.told_with_their_call(calls)
        .values_list("grant__call")
        .annotate(n=Count("pk"), total=Sum("amount_minor"))
    }
    least, pending = rules_to_begin_with().publication.least_partners, waiting(calls)
    waited = dict(
        _applications(calls)
        .filter(decided_at__isnull=False)
        .values_list("call")
        .annotate(wait=Avg(ExpressionWrapper(F("decided_at") - F("call__closes_at"), output_field=DurationField())))
        .order_by()
    )
    return [
        outcome_of(
            call, counts[call.pk], *granted.get(call.pk, (0, 0)), least=least, waited=waited.get(call.pk),
            waiting=pending.get(call.pk, 0),
        )
        for call in calls
    ]  # fmt: skip


def waiting(calls: Iterable[Any]) -> dict[UUID, int]:
    """By call: grants that may still be told, so that nobody knows yet what will be withheld of them."""
    rows = Grant.objects.filter(call__in=calls, released__isnull=True).exclude(state__in=NEVER_TOLD)
    return dict(rows.order_by().values_list("call").annotate(n=Count("pk")))


def _applications(calls: list[Call]) -> QuerySet[Application]:
    return Application.objects.filter(call__in=calls).exclude(state__in=UNSENT)


def outcome_of(
    call: Call,
    count: Counter[str],
    told: int,
    granted_minor: int,
    *,
    least: int,
    waited: timedelta | None,
    waiting: int = 0,
) -> CallOutcome:
    """How a call ended, as far as it may be told beside the ``told`` grants; ``least`` is the charter's least of partners.

    While some of its grants are ``waiting`` to be told nothing is said: a number read now and the grants told later would
    tell together what neither tells alone.
    """
    funded = sum(count[state] for state in FUNDED)
    tells = may_be_told(funded, told, least=least, waiting=waiting)
    return CallOutcome(
        call=call,
        received=sum(number for state, number in count.items() if state != ApplicationState.WITHDRAWN),
        told=told,
        funded=funded if tells else None,
        waitlisted=count[ApplicationState.WAITLISTED],
        rejected=count[ApplicationState.REJECTED] if tells else None,
        ineligible=count[ApplicationState.INELIGIBLE],
        granted=Money(granted_minor, call.currency),
        days=waited.days if waited is not None else None,
    )
