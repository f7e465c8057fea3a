"""Whom the fund tells what: people of donors by role and choice, donors by the grants that their money is in."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from accounts.models import User
from charter.selectors import rules_to_begin_with
from funds.models import Contribution, Donor
from funds.rules import mandates_of as mandates_held
from funds.selectors import mandates_of
from funds.states import ContributionState, MandateRole
from grants.models import Grant, GrantFunding
from kernel import identity
from transparency.models import DonorAlerts
from transparency.selectors.giving.portfolio import shares_by_donor
from transparency.states import AlertKind

_MONEY: Final = (AlertKind.MONEY_RECEIVED, AlertKind.TRANCHE_PAID, AlertKind.CONCENTRATION)
_WORK: Final = (
    AlertKind.TRANCHE_PAID, AlertKind.REPORT_CLEARED, AlertKind.REPORT_LATE, AlertKind.GRANT_SUSPENDED,
    AlertKind.GRANT_CLOSED,
)  # fmt: skip
OPENED_BY: Final = {
    MandateRole.LEAD.value: tuple(AlertKind),
    MandateRole.FINANCE.value: _MONEY,
    MandateRole.PROGRAMME.value: _WORK,
}
"""What each role of a donor may be told of: what it may read."""


def kinds_of(roles: Iterable[str]) -> list[AlertKind]:
    """Of what people with these roles may be told."""
    opened = {kind for role in roles for kind in OPENED_BY[role]}
    return [kind for kind in AlertKind if kind in opened]


def kinds_for(donor: Donor, user: Any) -> list[AlertKind]:
    """Of what the person may be told for the donor today; nothing for who does not represent it."""
    return kinds_of(role for of, role in mandates_held(user) if of == donor.pk)


def chosen_by(donor: Donor, user: Any) -> list[str]:
    """Of what the person is told: the own choice, else everything that the role opens."""
    row = DonorAlerts.objects.filter(donor=donor, user=user).first()
    return [kind for kind in kinds_for(donor, user) if row is None or kind in row.kinds]


def people_to_tell(donor: Donor, kind: AlertKind) -> list[User]:
    """People who represent the donor today in a role that may be told of it, and have not chosen otherwise."""
    roles: dict[User, list[str]] = defaultdict(list)
    for mandate in mandates_of(donor):
        roles[mandate.user].append(mandate.role)
    chosen = dict(DonorAlerts.objects.filter(donor=donor, user__in=list(roles)).values_list("user", "kinds"))
    return [
        person
        for person, held in roles.items()
        if person.is_active and kind in kinds_of(held) and kind in chosen.get(person.pk, AlertKind)
    ]


@identity.system("transparency.alerts")
def donors_in(grants: Iterable[Grant]) -> dict[UUID, list[Donor]]:
    """By grant: donors whose money is in it, their own contributions or a part of what was given freely."""
    listed = {grant.pk: grant for grant in grants}
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = GrantFunding.objects.filter(grant__in=listed)
    for grant, donor in rows.values_list("grant", "envelope__contribution__donor"):
        found[grant].add(donor)
    for currency in {grant.currency for grant in listed.values()}:
        for split in shares_by_donor(currency):
            if split.grant.pk in listed:
                found[split.grant.pk] |= {donor for donor, minor in split.promised.items() if minor}
    donors = Donor.objects.in_bulk({donor for those in found.values() for donor in those})
    return {grant: [donors[donor] for donor in those] for grant, those in found.items()}


@identity.system("transparency.alerts")
def concentration(year: int) -> tuple[UUID, int] | None:
    """The donor that gave more of a year's confirmed money than the charter wants, and the charter's percent.

    None while nobody did, or while a single donor gave at all. In the charter's currency.
    """
    rules = rules_to_begin_with()
    rows = Contribution.objects.filter(
        state=ContributionState.CONFIRMED, currency=rules.currency, received_on__year=year
    )
    sums = dict(rows.order_by().values_list("donor").annotate(total=Sum("amount_minor")))
    limit = rules.reserves.donor_concentration_alarm_percent
    if len(sums) < 2:
        return None
    largest = max(sums, key=lambda donor: (sums[donor], str(donor)))
    return (largest, limit) if 100 * sums[largest] > limit * sum(sums.values()) else None


def concentration_now() -> tuple[UUID, int] | None:
    """`concentration` of this year."""
    return concentration(timezone.localdate().year)
