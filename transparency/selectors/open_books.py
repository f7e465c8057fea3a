"""What machines may read beside the released table: payments by month, gifts, organisations, calls."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from funds.models import Contribution
from funds.selectors import confirmed
from grants.models import Call
from grants.rules.calls import public_q
from grants.states import CallState
from kernel.money import Money
from transparency.models import ReleasedGrant
from transparency.selectors import published

FORTHCOMING, OPEN, CLOSED = "forthcoming", "open", "closed"
STATES: dict[str, Q] = {
    FORTHCOMING: Q(state=CallState.PUBLISHED),
    OPEN: Q(state=CallState.OPEN),
    CLOSED: Q(state__in=[CallState.CLOSED, CallState.IN_REVIEW, CallState.DECIDED, CallState.COMPLETED]),
}
"""What the public needs to know of a call's state: can one apply, and if not, will one or could one have."""

REMEMBERED = timedelta(days=366)
"""How long a calendar keeps what is over."""

_PAID_BY_MONTH = """
    SELECT moved.key::date, sum(moved.value::bigint)
    FROM transparency_releasedgrant told, jsonb_each_text(told.payments) moved
    WHERE told.currency = %s AND told.amount_minor IS NOT NULL
    GROUP BY 1 ORDER BY 1
"""
_ADDED_BY_MONTH = _PAID_BY_MONTH.replace("told.payments", "told.added")


def public_calls(*, state: str = "", sector: str = "", governorate: str = "") -> QuerySet[Call]:
    """Calls that everybody may read, the latest first; ``state`` is a key of `STATES`."""
    calls = Call.objects.filter(public_q()).defer("frozen_rules")
    if state:
        calls = calls.filter(STATES[state])
    if sector:
        calls = calls.filter(sectors__contains=[sector])
    if governorate:
        calls = calls.filter(governorates__contains=[governorate])
    return calls.order_by("-moved_at", "pk")


def calls_with_dates_near() -> QuerySet[Call]:
    """Public calls whose dates a calendar still needs: those to come, and what closed within `REMEMBERED`."""
    return public_calls().filter(closes_at__gt=timezone.now() - REMEMBERED).order_by("opens_at", "pk")


def state_of(call: Call) -> str:
    """The key of `STATES` in which the call stands."""
    return {CallState.PUBLISHED: FORTHCOMING, CallState.OPEN: OPEN}.get(CallState(call.state), CLOSED)


@dataclass(frozen=True, slots=True)
class ByMonth:
    """What moved for openly told grants in each month, for all others together, and both."""

    by_month: list[tuple[date, Money]]
    in_sums: Money
    total: Money


def payments(currency: str) -> ByMonth:
    """Payments that are told, in one currency; two queries."""
    months, opened = _months(_PAID_BY_MONTH, currency)
    total = published.paid(currency)
    return ByMonth(months, total - opened, total)


def additions(currency: str) -> ByMonth:
    """What cost extensions added, as far as it is told, in one currency; two queries."""
    months, opened = _months(_ADDED_BY_MONTH, currency)
    in_sums = published.added_in_sums(currency)
    return ByMonth(months, in_sums, opened + in_sums)


def _months(statement: str, currency: str) -> tuple[list[tuple[date, Money]], Money]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [currency])
        months = [(month, Money(int(minor), currency)) for month, minor in cursor.fetchall()]
    return months, sum((money for _month, money in months), Money(0, currency))


def gifts() -> QuerySet[Contribution]:
    """Money that arrived and is in the books, the latest first."""
    return confirmed().order_by("-received_on", "pk")


def named_organisations() -> QuerySet[ReleasedGrant, Any]:
    """Organisations that are told by name, with their grants' codes and what of it is told openly; one query."""
    named = published.told().exclude(name_ar="").order_by()
    return (
        named.values("name_ar", "name_latin", "kind", "currency")
        .annotate(
            grants=Count("pk"),
            codes=ArrayAgg("code", order_by="code"),
            open_minor=Sum("amount_minor"),
            latest=Max("month"),
        )
        .order_by("name_ar", "name_latin", "kind", "currency")
    )
