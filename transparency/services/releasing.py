"""Releasing grants to the public: month by month, after the charter's delay, through `transparency.release`.

A month's grants are released together. What is withheld later leaves the table at once, in the transaction that withholds it.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from audit.leases import lease
from charter.calendar import add_months
from charter.schema import PublicationRules
from charter.selectors import rules_to_begin_with
from disbursements.books import SPENDING_ACCEPTED
from disbursements.models import Payment
from disbursements.states import PaymentState
from grants.models import Grant
from grants.states import GrantState
from kernel.codes import reference
from ledger.models import Transfer
from transparency.models import ReleaseBatch, ReleasedGrant, ReleasedPool
from transparency.release.facts import Part, Truth
from transparency.release.pools import Pool, Safety, band_of, release
from transparency.selectors import plans
from transparency.selectors.published import SIGNED
from transparency.selectors.withholdings import parts_withheld

ADVANCES = "1210/"
"""Accounts of what partners hold, by the grant's reference (chart of accounts)."""

_NOTHING: dict[str, Any] = {
    "name_ar": "", "name_latin": "", "kind": "", "women_led": None, "youth_led": None, "displaced_led": None, "title": "",
    "governorates": [], "sector": "", "month": None, "months": None, "state": "", "amount_minor": None, "paid_minor": None, "payments": {}, "ended": None,
    "planned": {}, "people_planned": None, "people_reached": None,
    "call": None, "size": "", "spent_minor": None, "band_from_minor": None, "band_below_minor": None,
}  # fmt: skip


def safety_of(publication: PublicationRules) -> Safety:
    """The charter's numbers as the pools need them."""
    return Safety(
        publication.least_partners, tuple(publication.band_edges_minor), publication.least_uncertainty_percent
    )


def release_due(today: date | None = None) -> int:
    """Release every month that is due and bring the released rows up to date; the number of grants newly told."""
    publication = rules_to_begin_with().publication
    today = today or timezone.localdate()
    told = 0
    with lease("transparency.release", duration=timedelta(minutes=10)) as held:
        if not held:
            return 0
        for month in _due_months(publication, today):
            told += _release_month(month, publication)
        _refresh(_told_until(publication, today), publication)
    return told


@transaction.atomic
def tell_anew(grant: Grant) -> None:
    """After a withholding began or was lifted: tell a released grant as it may be told now.

    An amount that was in a sum stays in it, or the sum would tell what remains.
    """
    row = ReleasedGrant.objects.select_for_update(no_key=True).filter(grant=grant).first()
    if row is None:
        return
    publication = rules_to_begin_with().publication
    withheld = parts_withheld([grant]).get(grant.pk, frozenset())
    if row.pool is None and Part.AMOUNT in withheld:
        if row.amount_minor is not None:
            _hide_amount(row, publication)
        return
    _fill(row, grant, withheld)
    row.save()
    _forget_what_tells(row.pool, publication)


# One month --------------------------------------------------------------------------------------------------------


def _told_until(publication: PublicationRules, today: date) -> date:
    """The first day of the month that is not told yet."""
    return (today - timedelta(days=publication.delay_days)).replace(day=1)


def _due_months(publication: PublicationRules, today: date) -> list[date]:
    first = _signed().aggregate(first=Min("countersigned_at"))["first"]
    if first is None:
        return []
    until, known = _told_until(publication, today), set(ReleaseBatch.objects.values_list("month", flat=True))
    month, months = timezone.localdate(first).replace(day=1), []
    while month < until:
        months.append(month)
        month = add_months(month, 1)
    return [one for one in months if one not in known]


def _signed() -> QuerySet[Grant]:
    return Grant.objects.filter(state__in=SIGNED)


@transaction.atomic
def _release_month(month: date, publication: PublicationRules) -> int:
    """Tell the month's grants, and those that waited from months before."""
    batch = ReleaseBatch.objects.create(month=month)
    end = timezone.make_aware(datetime.combine(add_months(month, 1), time.min))
    due = _signed().filter(countersigned_at__lt=end, released__isnull=True)
    grants = {str(one.pk): one for one in due.select_related("organisation", "application", "call")}
    withheld = parts_withheld(grants.values())
    told = release((_truth(one, withheld.get(one.pk, frozenset())) for one in grants.values()), safety_of(publication))
    for truth in told.open:
        grant = grants[truth.grant]
        row = ReleasedGrant(batch=batch, grant=grant, code=_code(batch), currency=grant.currency)
        _fill(row, grant, truth.withheld)
        row.save()
    for pool in told.pools:
        _tell_pool(batch, pool, grants, publication)
    return len(grants) - len(told.waiting)


def _truth(grant: Grant, withheld: frozenset[Part]) -> Truth:
    return Truth(
        grant=str(grant.pk),
        partner=str(grant.organisation_id),
        governorates=frozenset(grant.application.governorates),
        sector=grant.application.sector,
        amount_minor=grant.amount_minor,
        least_minor=min(grant.call.floor_minor, grant.amount_minor),
        most_minor=max(grant.call.ceiling_minor, grant.amount_minor),
        withheld=withheld,
    )


def _tell_pool(
    batch: ReleaseBatch, pool: Pool, grants: dict[str, Grant], publication: PublicationRules
) -> ReleasedPool:
    stored = ReleasedPool.objects.create(
        batch=batch,
        governorates=sorted(pool.governorates),
        sector=pool.sector,
        grants=len(pool.members),
        partners=pool.partners,
        amount_minor=pool.amount_minor,
        currency=grants[pool.members[0].grant].currency,
        banded=pool.banded,
    )
    months = {_month_of(grants[truth.grant]) for truth in pool.members}
    for truth in pool.members:
        grant = grants[truth.grant]
        row = ReleasedGrant.objects.filter(grant=grant).first() or ReleasedGrant(
            batch=batch, grant=grant, code=_code(batch), currency=grant.currency
        )
        # What was told of its payments stays in the sum of all payments, or the difference would tell it.
        row.counted_minor = row.paid_minor or row.counted_minor
        row.counted_spent_minor = row.spent_minor or row.counted_spent_minor
        row.pool, row.amount_minor = stored, None
        _fill(row, grant, truth.withheld, month_is_common=len(months) == 1)
        if pool.banded:
            row.band_from_minor, row.band_below_minor = band_of(truth.amount_minor, safety_of(publication))
        row.save()
    return stored


def _code(batch: ReleaseBatch) -> str:
    return reference("GR", batch.month.year)


def _month_of(grant: Grant) -> date:
    return timezone.localdate(grant.countersigned_at).replace(day=1)


def _fill(row: ReleasedGrant, grant: Grant, withheld: frozenset[Part], *, month_is_common: bool = True) -> None:
    """Write into the row what may be told. Of a nameless grant that is what is said of its whole pool."""
    bands = {"band_from_minor": row.band_from_minor, "band_below_minor": row.band_below_minor}
    told = {**_NOTHING, **(bands if row.pool_id else {})}
    if Part.NAME in withheld:
        told |= {"governorates": row.pool.governorates, "sector": row.pool.sector} if row.pool else {}
        told["month"] = _month_of(grant) if month_is_common else None
    else:
        told |= _named(grant, withheld)
        if row.pool_id is None:
            told |= {"amount_minor": grant.amount_minor, "paid_minor": row.paid_minor or row.counted_minor}
            told["payments"] = row.payments
            told |= {name: getattr(row, name) for name in plans.FIELDS}
            told["spent_minor"] = row.spent_minor or row.counted_spent_minor
            told["call"] = grant.call if told["governorates"] else None
    for name, value in told.items():
        setattr(row, name, value)


def _named(grant: Grant, withheld: frozenset[Part]) -> dict[str, Any]:
    organisation, application = grant.organisation, grant.application
    return {
        "name_ar": organisation.name_ar,
        "name_latin": organisation.name_latin,
        "kind": organisation.type,
        "women_led": organisation.women_led,
        "youth_led": organisation.youth_led,
        "displaced_led": organisation.displaced_led,
        "size": _size(grant),
        "title": "" if Part.TITLE in withheld else application.title,
        "governorates": [] if Part.PLACE in withheld else application.governorates,
        "sector": application.sector,
        "month": _month_of(grant),
        "months": grant.months,
        "state": _told_state(grant),
    }


def _size(grant: Grant) -> str:
    """The key of the organisation's band of size by the rules under which the grant was signed."""
    spent: int = grant.organisation.last_year_expenditure_minor
    bands = grant.frozen_rules["organisations"]["size_bands"]
    return str(next(band["key"] for band in bands if band["below_minor"] is None or spent < band["below_minor"]))


def _told_state(grant: Grant) -> str:
    """A suspension is between the fund and the organisation; the public reads how a grant ended."""
    return GrantState.ACTIVE if grant.state == GrantState.SUSPENDED else grant.state


# Later ------------------------------------------------------------------------------------------------------------


def _hide_amount(row: ReleasedGrant, publication: PublicationRules) -> None:
    """Move a grant that was told openly into a new sum of its month, with as many others as it takes.

    What was told before cannot be called back; this protects it from everybody who reads from now on.
    """
    beside = ReleasedGrant.objects.select_for_update(of=("self",), no_key=True).filter(
        batch=row.batch, amount_minor__isnull=False
    )
    grants = {
        str(one.grant_id): one.grant
        for one in beside.select_related("grant__organisation", "grant__application", "grant__call")
    }
    withheld = parts_withheld(grants.values())
    told = release((_truth(one, withheld.get(one.pk, frozenset())) for one in grants.values()), safety_of(publication))
    for pool in told.pools:
        _tell_pool(row.batch, pool, grants, publication)
    for truth in told.waiting:
        ReleasedGrant.objects.filter(grant=UUID(truth.grant)).update(
            pool=None,
            counted_minor=Coalesce("paid_minor", "counted_minor"),
            counted_spent_minor=Coalesce("spent_minor", "counted_spent_minor"),
            **_NOTHING,
        )


def _forget_what_tells(pool: ReleasedPool | None, publication: PublicationRules) -> None:
    """Say no longer where and in which sector a sum is when too few nameless ones are left in it."""
    if pool is None or not (pool.governorates or pool.sector):
        return
    nameless = pool.rows.filter(name_ar="")
    if nameless.values("grant__organisation").distinct().count() < publication.least_partners:
        nameless.update(governorates=[], sector="")
        ReleasedPool.objects.filter(pk=pool.pk).update(governorates=[], sector="")


def _refresh(until: date, publication: PublicationRules) -> None:
    """Write what was paid before ``until``, and how grants ended, into the released rows.

    How a grant ended is told with its organisation's name. Payments to grants that are told in sums are published as one
    sum, which moves only when it moves for enough partners.
    """
    paid, spent = _paid_by_month(until), spent_by_grant(until)
    planned = plans.by_grant(until, publication)
    changed: list[ReleasedGrant] = []
    moved: dict[str, list[ReleasedGrant]] = {"counted_minor": [], "counted_spent_minor": []}
    for row in ReleasedGrant.objects.select_related("grant__organisation", "grant__call", "call"):
        months = paid.get(row.grant_id, {})
        now = {"counted_minor": sum(months.values()), "counted_spent_minor": spent.get(row.grant.reference, 0)}
        told: dict[str, Any] = {}
        if row.name_ar:
            told = {"state": _told_state(row.grant), "ended": _ended(row.grant, until)}
        if row.amount_minor is not None:
            told |= {"paid_minor": now["counted_minor"], "payments": months, "spent_minor": now["counted_spent_minor"]}
            told |= planned(row.grant_id)
            told |= {"size": row.size or _size(row.grant), "call": row.grant.call if row.governorates else None}
        else:
            for name in (name for name, minor in now.items() if getattr(row, name) != minor):
                setattr(row, name, now[name])
                moved[name].append(row)
        if any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    told_later = ["paid_minor", "payments", "spent_minor", "size", "call", "state", "ended", *plans.FIELDS]
    ReleasedGrant.objects.bulk_update(changed, told_later, batch_size=500)
    for name, rows in moved.items():
        if len({row.grant.organisation_id for row in rows}) >= publication.least_partners:
            ReleasedGrant.objects.bulk_update(rows, [name], batch_size=500)


def _paid_by_month(until: date) -> dict[object, dict[str, int]]:
    paid: dict[object, dict[str, int]] = defaultdict(dict)
    rows = Payment.objects.filter(state=PaymentState.CONFIRMED, received_on__lt=until)
    sums = rows.annotate(month=TruncMonth("received_on")).values_list("tranche__grant", "month")
    for grant, month, total in sums.annotate(total=Sum("amount_minor")).order_by("month"):
        paid[grant][month.isoformat()] = total
    return paid


def spent_by_grant(until: date) -> dict[str, int]:
    """By the grant's reference: what accepted reports say was spent, as the books cleared it before ``until``."""
    end = timezone.make_aware(datetime.combine(until, time.min))
    cleared = Transfer.objects.filter(
        reason=SPENDING_ACCEPTED().key, credit__code__startswith=ADVANCES, posted_at__lt=end
    )
    rows = cleared.values_list("credit__code").annotate(total=Sum("amount_minor")).order_by()
    return {code.removeprefix(ADVANCES): total for code, total in rows}


def _ended(grant: Grant, until: date) -> date | None:
    """The month in which the grant was closed, once that is told."""
    if grant.closed_at is None or timezone.localdate(grant.closed_at) >= until:
        return None
    return timezone.localdate(grant.closed_at).replace(day=1)
