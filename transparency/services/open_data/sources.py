"""What is told, as plain rows: the released table and the calls. No file is made of anything else."""

from collections import Counter
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from grants.models import Call
from grants.selectors import calls
from transparency.models import ReleasedGrant, ReleasedPool
from transparency.release.told import Told, ToldCall, ToldGrant, ToldSum
from transparency.selectors import published


def told() -> Told:
    """Everything that the public reads now; four queries."""
    rows = list(published.told().order_by("batch__month", "code"))
    paid, added = Counter[str](), Counter[str]()
    in_sums = ReleasedGrant.objects.filter(amount_minor__isnull=True)
    for currency, minor, later in in_sums.values_list("currency", "counted_minor", "counted_added_minor"):
        paid[currency] += minor
        added[currency] += later
    return Told(
        grants=tuple(map(grant, rows)),
        sums=tuple(map(one_sum, published.pools().order_by("batch__month", "pk"))),
        calls=tuple(map(_call, calls.visible_to(AnonymousUser()).order_by("opens_at", "pk"))),
        paid_in_sums=_amounts(paid),
        added_in_sums=_amounts(added),
    )


def _amounts(by_currency: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((currency, minor) for currency, minor in sorted(by_currency.items()) if minor)


def grant(row: ReleasedGrant) -> ToldGrant:
    """A row of the released table."""
    return ToldGrant(
        code=row.code,
        month=row.month,
        currency=row.currency,
        name_ar=row.name_ar,
        name_latin=row.name_latin,
        kind=row.kind,
        women_led=row.women_led,
        youth_led=row.youth_led,
        displaced_led=row.displaced_led,
        title=row.title,
        governorates=tuple(row.governorates),
        sector=row.sector,
        months=row.months,
        state=row.state,
        amount_minor=row.amount_minor,
        paid_minor=row.paid_minor,
        added=_by_month(row.added),
        payments=_by_month(row.payments),
        planned=_by_month(row.planned),
        people_planned=row.people_planned,
        people_reached=row.people_reached,
        passed_on=tuple(sorted(row.passed_on.items())),
        ended=row.ended,
        band_from_minor=row.band_from_minor,
        band_below_minor=row.band_below_minor,
        sum_code=sum_code(row.pool) if row.pool is not None else "",
    )


def sum_code(pool: ReleasedPool) -> str:
    """What stands for a sum in public."""
    return f"SUM-{pool.pk}"


def one_sum(pool: ReleasedPool) -> ToldSum:
    """A sum of grants told together."""
    return ToldSum(
        code=sum_code(pool),
        month=pool.batch.month,
        grants=pool.grants,
        partners=pool.partners,
        amount_minor=pool.amount_minor,
        currency=pool.currency,
        governorates=tuple(pool.governorates),
        sector=pool.sector,
    )


def _by_month(months: dict[str, int]) -> tuple[tuple[date, int], ...]:
    return tuple((date.fromisoformat(day), minor) for day, minor in sorted(months.items()))


def _call(call: Call) -> ToldCall:
    titles = call.title.data if isinstance(call.title.data, dict) else {"ar": str(call.title.data)}
    return ToldCall(
        code=call.reference,
        titles={language: text for language, text in titles.items() if text},
        state=call.state,
        kind=call.grant_type,
        sectors=tuple(call.sectors),
        governorates=tuple(call.governorates),
        currency=call.currency,
        envelope_minor=call.envelope_minor,
        floor_minor=call.floor_minor,
        ceiling_minor=call.ceiling_minor,
        opens=timezone.localdate(call.opens_at),
        closes=timezone.localdate(call.closes_at),
    )
