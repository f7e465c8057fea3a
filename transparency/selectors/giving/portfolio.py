"""Unearmarked money pro rata: nobody's dollar went to one grant, so each donor's part of each grant is in proportion.

A grant's unearmarked part is shared among all who had given freely when the grant was signed; what an extension added, among
those who had until both sides had signed that. The parts of all donors add up to it to the cent, and all grants together to
the ledger.
"""

from collections import defaultdict
from dataclasses import dataclass, field
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
    signatures: tuple["Signed", ...]
    """The same in parts, each with the moment until which gifts count for it: for the fund alone."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What came with one signature, the agreement's or an extension's: a donor's part of it in minor units."""

    moment: datetime | None
    promised: int
    paid: int


@dataclass(frozen=True, slots=True)
class Split:
    """One grant's unearmarked money, promised and paid, by donor in minor units."""

    grant: Grant
    promised: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    signatures: dict[UUID, list[Signed]] = field(default_factory=lambda: defaultdict(list))

    def add(self, moment: datetime | None, promised: dict[UUID, int], paid: dict[UUID, int]) -> None:
        """Add what came with one signature."""
        for donor, minor in promised.items():
            self.promised[donor] += minor
            self.paid[donor] += paid.get(donor, 0)
            self.signatures[donor].append(Signed(moment, minor, paid.get(donor, 0)))


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
        .values_list("debit__grant_funding")
        .annotate(total=Sum("amount_minor"))
    )
    sums: dict[tuple[UUID, UUID | None], list[int]] = defaultdict(lambda: [0, 0])
    moments: dict[tuple[UUID, UUID | None], datetime | None] = {}
    splits: dict[UUID, Split] = {}
    for row in rows.select_related("grant__organisation", "grant__application", "revision").order_by("-leaf_id"):
        splits.setdefault(row.grant_id, Split(row.grant))
        key = row.grant_id, row.revision_id
        moments[key] = (row.revision or row.grant).countersigned_at
        sums[key][0] += row.amount_minor
        sums[key][1] += paid.get(row.pk, 0)
    for key, (promised_minor, paid_minor) in sums.items():
        given = _given_before(gifts, moments[key])
        splits[key[0]].add(moments[key], pro_rata(promised_minor, given, order), pro_rata(paid_minor, given, order))
    return list(splits.values())


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
            tuple(one.signatures[donor.pk]),
        )
        for one in mine
    ]


def gifts_before(donor: Donor, moment: datetime | None, currency: str) -> list[Contribution]:
    """The donor's own free contributions that count for its part of what was signed at a moment: those given until then."""
    found = _free().filter(donor=donor, currency=currency).order_by("moved_at", "reference")
    return list(found if moment is None else found.filter(moved_at__lte=moment))
