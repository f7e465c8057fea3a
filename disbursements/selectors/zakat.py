"""Zakat and its clock: what was distributed, what still waits with the fund, and until when it may (domain §5.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from charter.schema.money import ZakatRules
from charter.selectors import charter_in_force
from disbursements.books import REFUND
from funds.models import Contribution
from funds.selectors import contributions_visible_to
from funds.states import ContributionState, RestrictionClass
from grants.models import Envelope, GrantFunding, ReligiousBasis
from grants.states import BasisState, ReligiousClass, ZakatRecipients
from kernel import identity
from kernel.money import Money
from ledger.models import Account, Transfer, TransferKind
from ledger.selectors import balances

Place = tuple[Account, UUID]
"""An account with the contribution whose money stands on it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One contribution of zakat: what grants were paid less what they gave back, what waits, and until which day it may."""

    contribution: Contribution
    left: Money
    distributed: Money
    alarm_on: date
    due_on: date

    @property
    def rings(self) -> bool:
        """Whether money waits so long that the alarm has begun."""
        return self.left.minor > 0 and timezone.localdate() >= self.alarm_on

    @property
    def is_late(self) -> bool:
        """Whether money waits past its last day."""
        return self.left.minor > 0 and timezone.localdate() > self.due_on


def zakat() -> QuerySet[Contribution]:
    """All zakat in the books."""
    return Contribution.objects.filter(restriction_class=RestrictionClass.ZAKAT, state=ContributionState.CONFIRMED)


def zakat_visible_to(user: Any) -> QuerySet[Contribution]:
    """Zakat of the donors whose money ``user`` sees, the oldest first."""
    return contributions_visible_to(user).filter(pk__in=zakat()).order_by("received_on", "reference")


@identity.system("disbursements.zakat")
def clocks(contributions: Iterable[Contribution]) -> list[Clock]:
    """The clocks of ``contributions``; six queries, however many they are."""
    found = list(contributions)
    rules = charter_in_force().rules.zakat
    kept, owed = _kept(found), _owed(found)
    sums = balances([account for account, _pk in [*kept, *owed]])
    left, given = _totals(found), _totals(found)
    for account, pk in [*kept, *owed]:
        left[pk] += sums[account.pk].posted_minor
    paid = _sums(Transfer.objects.filter(kind=TransferKind.SETTLE), "debit", owed)
    back = _sums(Transfer.objects.filter(reason=REFUND(grant="").key), "credit", kept)
    for account, pk in [*kept, *owed]:
        given[pk] += paid.get(account.pk, 0) - back.get(account.pk, 0)
    return [_clock(one, rules, left[one.pk], given[one.pk]) for one in found]


def _clock(one: Contribution, rules: ZakatRules, left: int, given: int) -> Clock:
    due = one.received_on + timedelta(days=rules.distribution_days)
    alarm = due - timedelta(days=rules.alarm_days)
    return Clock(one, Money(left, one.currency), Money(given, one.currency), alarm, due)


def _totals(found: list[Contribution]) -> dict[UUID, int]:
    return {one.pk: 0 for one in found}


def _kept(found: list[Contribution]) -> list[Place]:
    """The accounts on which the fund keeps the money: the contributions' own, and those of calls that drew on them."""
    own = [(one.account, one.pk) for one in found if one.account is not None]
    drawn = Envelope.objects.filter(contribution__in=found).select_related("account")
    return own + [(one.account, one.contribution_id) for one in drawn]


def _owed(found: list[Contribution]) -> list[Place]:
    """The accounts of what is owed to grants."""
    funding = GrantFunding.objects.filter(envelope__contribution__in=found).select_related("account", "envelope")
    return [(one.account, one.envelope.contribution_id) for one in funding]


def _sums(transfers: QuerySet[Transfer], side: str, places: list[Place]) -> dict[UUID, int]:
    rows = transfers.filter(**{f"{side}__in": [account.pk for account, _pk in places]}).order_by().values(side)
    return {row[side]: int(row["total"]) for row in rows.annotate(total=Sum("amount_minor"))}


@dataclass(frozen=True, slots=True)
class Reached:
    """What one grant was paid from a contribution of zakat, for which classes of recipients."""

    grant: str
    recipients: tuple[str, ...]
    paid: Money
    last_on: date


@identity.system("disbursements.zakat")
def reached(contribution: Contribution) -> list[Reached]:
    """The grants that were paid from ``contribution``, the first one first; two queries and one for each grant."""
    rows = GrantFunding.objects.filter(envelope__contribution=contribution).select_related("grant").order_by("leaf_id")
    told = []
    for row in rows:
        settled = Transfer.objects.filter(kind=TransferKind.SETTLE, debit=row.account_id).order_by("id")
        paid = [(one.amount_minor, timezone.localdate(one.posted_at)) for one in settled]
        if paid:
            served = _recipients(row.grant.application_id)
            money = Money(sum(minor for minor, _day in paid), contribution.currency)
            told.append(Reached(row.grant.reference, served, money, paid[-1][1]))
    return told


def _recipients(application: Any) -> tuple[str, ...]:
    bases = ReligiousBasis.objects.filter(
        application=application, restriction=ReligiousClass.ZAKAT, state=BasisState.APPROVED
    )
    return tuple(str(ZakatRecipients(one).label) for one in sorted(set(bases.values_list("recipients", flat=True))))
