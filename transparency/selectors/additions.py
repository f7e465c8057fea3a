"""What cost extensions added to grants: what is told of it by month, and what was signed without it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from grants.models import Grant, ReportLine, RevisedAmount, Revision
from grants.selectors.signed import added_by_grant
from grants.states import RevisionState
from kernel import identity


def begin_of(until: date) -> datetime:
    """The first moment that is not told yet."""
    return timezone.make_aware(datetime.combine(until, time.min))


@identity.system("transparency.signed_amounts")
def signed_amounts(grants: Iterable[Any]) -> dict[Any, int]:
    """Each grant's amount as it was signed, by its key.

    One statement: an extension that comes into force meanwhile is in both of its numbers or in neither.
    """
    extensions = Revision.objects.filter(grant=OuterRef("pk"), state=RevisionState.EFFECTIVE).order_by()
    added = extensions.values("grant").annotate(total=Sum("added_minor")).values("total")
    rows = Grant.objects.filter(pk__in=grants).annotate(signed=F("amount_minor") - Coalesce(Subquery(added), 0))
    return dict(rows.values_list("pk", "signed"))


def by_month(until: date) -> dict[Any, dict[str, int]]:
    """By grant: minor units by the first day (ISO) of the month in which both sides had signed, of months before ``until``."""
    found: dict[Any, dict[str, int]] = {}
    for grant, additions in added_by_grant().items():
        for signed_at, minor in additions:
            month = timezone.localdate(signed_at).replace(day=1)
            if month < until:
                months = found.setdefault(grant, {})
                months[month.isoformat()] = months.get(month.isoformat(), 0) + minor
    return found


def not_told_yet(until: date) -> set[Any]:
    """Grants to which something was added that is not told yet."""
    begin = begin_of(until)
    return {
        grant for grant, added in added_by_grant().items() if any(signed_at >= begin for signed_at, _minor in added)
    }


@identity.system("transparency.added_indirect")
def indirect_by_month(grants: Iterable[Any]) -> dict[tuple[Any, str], int]:
    """What of the additions is for indirect costs: minor units by grant and month, as `by_month` tells the whole."""
    rows = RevisedAmount.objects.filter(
        revision__grant__in=list(grants),
        revision__state=RevisionState.EFFECTIVE,
        revision__added_minor__gt=0,
        round=F("revision__round"),
        category=ReportLine.INDIRECT,
    )
    found: dict[tuple[Any, str], int] = defaultdict(int)
    columns = rows.values_list("revision__grant", "revision__countersigned_at", "before_minor", "after_minor")
    for grant, signed_at, before, after in columns:
        found[grant, timezone.localdate(signed_at).replace(day=1).isoformat()] += after - before
    return found
