"""Unearmarked money pro rata: nobody's dollar went to one grant, so each donor's part of each grant is in proportion.

A grant's unearmarked part is shared among all who had given freely when the grant was signed. The parts of all donors
add up to it to the cent, and all grants together to the ledger.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from funds.models import Contribution, Donor
from funds.restrictions import FREE
from grants.models import Grant, GrantFunding
from kernel import identity
from kernel.money import Money
from ledger.models import Transfer, TransferKind
from transparency.giving.shares import pro_rata
from transparency.selectors.giving.names import GrantTold, told_to


@dataclass(frozen=True, slots=True)
class Share:
    """A donor's part of what unearmarked money did in one grant."""

    key: UUID
    """The grant's id: for the fund alone, never shown to a donor."""
    grant: GrantTold
    promised: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class Split:
    """One grant's unearmarked money, promised and paid, by donor in minor units."""

    grant: Grant
    promised: dict[UUID, int]
    paid: dict[UUID, int]


def _free() -> QuerySet[Contribution]:
    """Confirmed contributions without any condition."""
    return Contribution.objects.filter(
        account__isnull=False,
        restriction_class__in=list(FREE),
        sectors=[],
        governorates=[],
        groups=[],
        use_by__isnull=True,
    )


@identity.system("transparency.giving")
def shares_by_donor(currency: str) -> list[Split]:
    """Every signed grant that unearmarked money of a currency is in, the latest first; four queries."""
    gifts = list(
        _free().filter(currency=currency).order_by("moved_at").values_list("moved_at", "donor", "amount_minor")
    )
    order = list(Donor.objects.order_by("created_at", "pk").values_list("pk", flat=True))
    rows = GrantFunding.objects.filter(envelope__contribution__in=_free(), grant__currency=currency)
    paid = dict(
        Transfer.objects.filter(kind=TransferKind.SETTLE, debit__grant_funding__in=rows)
        .order_by()
        .values_list("debit__grant_funding__grant")
        .annotate(total=Sum("amount_minor"))
    )
    promised: dict[UUID, int] = defaultdict(int)
    grants: dict[UUID, Grant] = {}
    for row in rows.select_related("grant__organisation", "grant__application").order_by("-leaf_id"):
        promised[row.grant_id] += row.amount_minor
        grants[row.grant_id] = row.grant
    splits = []
    for pk, grant in grants.items():
        given = _given_before(gifts, grant.countersigned_at)
        splits.append(Split(grant, pro_rata(promised[pk], given, order), pro_rata(paid.get(pk, 0), given, order)))
    return splits


def _given_before(gifts: list[tuple[datetime, UUID, int]], moment: datetime | None) -> dict[UUID, int]:
    given: dict[UUID, int] = defaultdict(int)
    for at, donor, minor in gifts:
        if moment is None or at <= moment:
            given[donor] += minor
    return given


@identity.system("transparency.giving")
def portfolio(donor: Donor, currency: str) -> list[Share]:
    """The donor's own parts, grant by grant; empty for who gave nothing unearmarked."""
    mine = [one for one in shares_by_donor(currency) if one.promised.get(donor.pk)]
    told = told_to(donor, [one.grant for one in mine])
    return [
        Share(
            one.grant.pk,
            told[one.grant.pk],
            Money(one.promised[donor.pk], currency),
            Money(one.paid.get(donor.pk, 0), currency),
        )
        for one in mine
    ]


def gifts_before(donor: Donor, grant: Grant, currency: str) -> list[Contribution]:
    """The donor's own free contributions that count for its part of ``grant``: those given until it was signed."""
    found = _free().filter(donor=donor, currency=currency).order_by("moved_at", "reference")
    signed = grant.countersigned_at
    return list(found if signed is None else found.filter(moved_at__lte=signed))
