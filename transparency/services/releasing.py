"""Releasing grants to the public: month by month, after the charter's delay, through `transparency.release`.

A month's grants are released together. What is withheld later leaves the table at once, in the transaction that withholds it.
Both hold `writing.alone`: whoever withholds either is read by the release, or finds what was released and takes it back.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from audit.leases import lease
from charter.calendar import add_months
from charter.schema import PublicationRules
from charter.selectors import rules_to_begin_with
from grants.models import Grant
from kernel.codes import reference
from transparency.models import ReleaseBatch, ReleasedGrant, ReleasedPool
from transparency.release.facts import Part, Truth
from transparency.release.pools import Pool, Safety, band_of, release
from transparency.selectors import additions, plans, published
from transparency.selectors.published import SIGNED
from transparency.selectors.withholdings import parts_withheld
from transparency.services import refreshing, writing

_NOTHING: dict[str, Any] = {
    "name_ar": "", "name_latin": "", "kind": "", "women_led": None, "youth_led": None, "displaced_led": None, "title": "",
    "governorates": [], "sector": "", "month": None, "months": None, "state": "", "amount_minor": None, "paid_minor": None, "payments": {}, "ended": None,
    "added": {}, "planned": {}, "people_planned": None, "people_reached": None, "passed_on": {},
    "call": None, "size": "", "spent_minor": None, "indirect_minor": None, "band_from_minor": None, "band_below_minor": None,
}  # fmt: skip
_UNCOUNTED = {"counted_minor": 0, "counted_spent_minor": 0, "counted_added_minor": 0, "pooled_added_minor": 0}
"""What the published sums hold of a grant that is held back."""


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
        refreshing.refresh(_told_until(publication, today), publication)
    return told


@transaction.atomic
def tell_anew(grant: Grant) -> ReleasedGrant | None:
    """After a withholding began or was lifted: tell a released grant as it may be told now; None before it is released.

    An amount that was in a sum stays in it, or the sum would tell what remains.
    """
    writing.alone()
    row = ReleasedGrant.objects.filter(grant=grant).select_related("batch", "pool").first()
    if row is None:
        return None
    publication = rules_to_begin_with().publication
    withheld = parts_withheld([grant]).get(grant.pk, frozenset())
    if row.pool is not None or Part.AMOUNT not in withheld:
        signed = additions.signed_amounts([grant.pk])[grant.pk]
        common = row.pool is not None and _signed_together(_members(row.pool))
        _fill(row, grant, withheld, signed, month_is_common=common)
        row.save()
    elif row.amount_minor is not None:
        _hide_amount(row, publication)
    if row.pool is not None:
        _forget_what_tells(row.pool, publication)
    return row


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
    """Tell the month's grants, and those that waited from months before: never told yet, or held back later."""
    writing.alone()
    batch = ReleaseBatch.objects.create(month=month)
    end = timezone.make_aware(datetime.combine(add_months(month, 1), time.min))
    due = _signed().filter(countersigned_at__lt=end).exclude(pk__in=published.told().values("grant"))
    grants = {str(one.pk): one for one in due.select_related("organisation", "application", "call", "released")}
    signed = additions.signed_amounts(due.values("pk"))
    told = release(_truths(grants.values(), signed), safety_of(publication))
    for truth in told.open:
        grant = grants[truth.grant]
        row = _row_of(grant, batch)
        _fill(row, grant, truth.withheld, signed[grant.pk])
        row.save()
    for pool in told.pools:
        _tell_pool(batch, pool, grants, signed, publication)
    return len(grants) - len(told.waiting)


def _truths(grants: Iterable[Grant], signed: Mapping[UUID, int]) -> list[Truth]:
    """Each grant with its amount as it was ``signed``, and what was added to it only as far as that is told openly."""
    listed = list(grants)
    withheld = parts_withheld(listed)
    return [_truth(one, withheld.get(one.pk, frozenset()), signed[one.pk] + _told_added(one)) for one in listed]


def _told_added(grant: Grant) -> int:
    row: ReleasedGrant | None = getattr(grant, "released", None)
    return row.added_minor if row is not None else 0


def _truth(grant: Grant, withheld: frozenset[Part], amount_minor: int) -> Truth:
    return Truth(
        grant=str(grant.pk),
        partner=str(grant.organisation_id),
        governorates=frozenset(grant.application.governorates),
        sector=grant.application.sector,
        amount_minor=amount_minor,
        least_minor=min(grant.call.floor_minor, amount_minor),
        most_minor=max(grant.call.ceiling_minor, amount_minor),
        withheld=withheld,
        told_before=hasattr(grant, "released"),
    )


def _tell_pool(
    batch: ReleaseBatch,
    pool: Pool,
    grants: Mapping[str, Grant],
    signed: Mapping[UUID, int],
    publication: PublicationRules,
) -> ReleasedPool:
    """Tell grants as one sum, of what was signed and of additions that were told openly: it never changes."""
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
    together = _signed_together(grants[truth.grant] for truth in pool.members)
    for truth in pool.members:
        grant = grants[truth.grant]
        row = _row_of(grant, batch)
        # What was told of its payments stays in the sum of all payments, or the difference would tell it.
        row.counted_minor = row.paid_minor or row.counted_minor
        row.counted_spent_minor = row.spent_minor or row.counted_spent_minor
        row.pooled_added_minor = row.added_minor
        row.pool, row.amount_minor = stored, None
        _fill(row, grant, truth.withheld, signed[grant.pk], month_is_common=together)
        edges = band_of(truth.amount_minor, safety_of(publication)) if pool.banded else (None, None)
        row.band_from_minor, row.band_below_minor = edges
        row.save()
    return stored


def _row_of(grant: Grant, batch: ReleaseBatch) -> ReleasedGrant:
    """The grant's row in the batch: a new one, or that of a grant that was told before."""
    row: ReleasedGrant | None = getattr(grant, "released", None)
    row = row or ReleasedGrant(grant=grant, code=reference("GR", batch.month.year), currency=grant.currency)
    row.batch = batch
    return row


def _month_of(grant: Grant) -> date:
    return timezone.localdate(grant.countersigned_at).replace(day=1)


def _signed_together(grants: Iterable[Grant]) -> bool:
    """Whether all were signed in one month: where they were not, the month of a nameless one would tell it from the others."""
    return len(set(map(_month_of, grants))) == 1


def _members(pool: ReleasedPool) -> QuerySet[Grant]:
    return Grant.objects.filter(released__pool=pool)


def _fill(
    row: ReleasedGrant, grant: Grant, withheld: frozenset[Part], signed_minor: int, *, month_is_common: bool = True
) -> None:
    """Write into the row what may be told. Of a nameless grant that is what is said of its whole pool.

    What was added is told by the refreshing: here an openly told grant keeps what was told of it.
    """
    bands = {"band_from_minor": row.band_from_minor, "band_below_minor": row.band_below_minor}
    told = {**_NOTHING, **(bands if row.pool_id else {})}
    if Part.NAME in withheld:
        told |= {"governorates": row.pool.governorates, "sector": row.pool.sector} if row.pool else {}
        told["month"] = _month_of(grant) if month_is_common else None
    else:
        told |= _named(grant, withheld)
        if row.pool_id is None:
            told |= {"amount_minor": signed_minor + row.added_minor, "added": row.added}
            told |= {"paid_minor": row.paid_minor or row.counted_minor, "payments": row.payments}
            told |= {name: getattr(row, name) for name in plans.FIELDS}
            told["spent_minor"] = row.spent_minor or row.counted_spent_minor
            told["indirect_minor"] = row.indirect_minor
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
        "size": refreshing.size_of(grant),
        "title": "" if Part.TITLE in withheld else application.title,
        "governorates": [] if Part.PLACE in withheld else application.governorates,
        "sector": application.sector,
        "month": _month_of(grant),
        "months": grant.months,
        "state": refreshing.told_state(grant),
    }


# Later ------------------------------------------------------------------------------------------------------------


def _hide_amount(row: ReleasedGrant, publication: PublicationRules) -> None:
    """Move a grant that was told openly into a new sum of its month, with as many others as it takes.

    What was told before cannot be called back; this protects it from everybody who reads from now on. Where there are not
    enough others it waits for a later month, and until then no sum holds anything of it.
    """
    beside = ReleasedGrant.objects.filter(batch=row.batch, amount_minor__isnull=False)
    grants = {
        str(one.grant_id): one.grant
        for one in beside.select_related("grant__organisation", "grant__application", "grant__call")
    }
    signed = additions.signed_amounts(beside.values("grant"))
    told = release(_truths(grants.values(), signed), safety_of(publication))
    for pool in told.pools:
        _tell_pool(row.batch, pool, grants, signed, publication)
    held_back = [UUID(truth.grant) for truth in told.waiting]
    ReleasedGrant.objects.filter(grant__in=held_back).update(**_NOTHING, **_UNCOUNTED)


def _forget_what_tells(pool: ReleasedPool, publication: PublicationRules) -> None:
    """Say no longer where a sum is when one of its nameless grants withholds that; nor of what, when too few are nameless."""
    nameless = pool.rows.filter(name_ar="")
    grants = Grant.objects.filter(released__in=nameless)
    said: dict[str, Any] = {}
    if any(Part.PLACE in parts for parts in parts_withheld(grants).values()):
        said = {"governorates": []}
    if grants.values("organisation").distinct().count() < publication.least_partners:
        said = {"governorates": [], "sector": ""}
    if said:
        nameless.update(**said)
        ReleasedPool.objects.filter(pk=pool.pk).update(**said)
