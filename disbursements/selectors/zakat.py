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
from disbursements.selectors.crossings import Line, crossings_of, fundings_of
from funds.models import Contribution
from funds.selectors import contributions_visible_to, pools
from funds.states import ContributionState, RestrictionClass
from funds.telling import Known, known_to
from grants.models import Envelope, GrantFunding, ReligiousBasis
from grants.states import BasisState, ReligiousClass, ZakatRecipients
from kernel import identity
from kernel.money import Money
from ledger.figures import Behind, adding_up
from ledger.models import Account, Transfer, TransferKind
from ledger.selectors import balances

Place = tuple[Account, UUID]
"""An account with the contribution whose money stands on it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One contribution of zakat, or gifts by card that were not gathered into one yet (then there is none).

    What grants were paid less what they gave back, what waits, and until which day it may. The days begin with the money:
    for what was gathered from gifts by card, with the oldest of these gifts.
    """

    contribution: Contribution | None
    since: date
    given: Money
    left: Money
    distributed: Money
    alarm_on: date
    due_on: date
    pool: UUID | None = None
    """The account of gifts by card that were not gathered yet."""

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
    """The clocks of ``contributions``; as many queries for one as for many."""
    found = list(contributions)
    rules = charter_in_force().rules.zakat
    begun = _begun(found)
    kept, owed = _kept(found), _owed(found)
    sums = balances([account for account, _pk in [*kept, *owed]])
    left, given = _totals(found), _totals(found)
    for account, pk in [*kept, *owed]:
        left[pk] += sums[account.pk].posted_minor
    paid = _sums(Transfer.objects.filter(kind=TransferKind.SETTLE), "debit", owed)
    back = _sums(Transfer.objects.filter(reason=REFUND(grant="").key), "credit", kept)
    for account, pk in [*kept, *owed]:
        given[pk] += paid.get(account.pk, 0) - back.get(account.pk, 0)
    return [_clock(one, begun[one.pk], rules, left[one.pk], given[one.pk]) for one in found]


def _clock(one: Contribution, since: date, rules: ZakatRules, left: int, given: int) -> Clock:
    alarm, due = _days(since, rules)
    whole, waits, done = (Money(minor, one.currency) for minor in (one.amount_minor, left, given))
    return Clock(one, since, whole, waits, done, alarm, due)


def _days(since: date, rules: ZakatRules) -> tuple[date, date]:
    """When the alarm begins and when the time is over."""
    due = since + timedelta(days=rules.distribution_days)
    return due - timedelta(days=rules.alarm_days), due


def _begun(found: list[Contribution]) -> dict[UUID, date]:
    """Since when the fund has each contribution, or the oldest gift that is in it."""
    begun = {one.pk: one.received_on for one in found}
    gathered = [one for one in found if one.pool_id is not None]
    if gathered:
        parts = pools.gifts_in(pools.pools_of(RestrictionClass.ZAKAT))
        gifts = {one.pk: parts[one.pool_id].gathered.get(one.reference, {}) for one in gathered if one.pool_id}
        days = pools.days_of({gift for held in gifts.values() for gift in held})
        begun |= {pk: day for pk, held in gifts.items() if (day := pools.first_day(held, days)) is not None}
    return begun


@identity.system("disbursements.zakat")
def waiting_gifts() -> list[Clock]:
    """The clocks of zakat that came by card and was not gathered into a contribution yet, one for each currency."""
    accounts = pools.pools_of(RestrictionClass.ZAKAT)
    standing = pools.gifts_in(accounts) if accounts else {}
    days = pools.days_of({gift for one in standing.values() for gift in one.left})
    rules, found = charter_in_force().rules.zakat, []
    for account in accounts:
        left = Money(sum(standing[account.pk].left.values()), account.currency)
        since = pools.first_day(standing[account.pk].left, days)
        if left.minor and since is not None:
            alarm, due = _days(since, rules)
            found.append(Clock(None, since, left, left, Money(0, left.currency), alarm, due, account.pk))
    return found


DISTRIBUTED, LEFT = "distributed", "left"


@identity.system("disbursements.zakat")
def behind(contribution: Contribution, name: str) -> Behind:
    """The transfers that add up to what was distributed of a contribution, or to what is left of it."""
    told = crossings_of([contribution], fundings_of([contribution]))
    if name == LEFT:
        return adding_up([(one.transfer, one.money) for one in told], contribution.currency)
    moved = [one for one in told if one.line in {Line.PAID, Line.REFUNDED}]
    return adding_up([(one.transfer, -one.money) for one in moved], contribution.currency)


@dataclass(frozen=True, slots=True)
class Share:
    """A gift of zakat by card: what the fund holds or held of it, its share of what was paid, and when all of it must be."""

    gift: str
    held: Money
    paid: Money
    due_on: date


@identity.system("disbursements.zakat")
def shares_of(references: Iterable[str]) -> list[Share]:
    """The gifts of ``references`` that are zakat; gifts gathered together share what was paid in proportion (rounded down)."""
    wanted, rules = set(references), charter_in_force().rules.zakat
    accounts = pools.pools_of(RestrictionClass.ZAKAT)
    standing = pools.gifts_in(accounts) if accounts else {}
    paid = {one.contribution.reference: one for one in clocks(zakat().filter(pool__in=accounts)) if one.contribution}
    days, found = pools.days_of(wanted), []
    for account in accounts:
        held, done = dict(standing[account.pk].left), dict.fromkeys(standing[account.pk].left, 0)
        for reference, parts in standing[account.pk].gathered.items():
            whole = sum(parts.values())
            for gift, minor in parts.items():
                held[gift] = held.get(gift, 0) + minor
                done[gift] = done.get(gift, 0) + minor * min(paid[reference].distributed.minor, whole) // whole
        for gift in sorted(wanted & held.keys() & days.keys()):
            _alarm, due = _days(days[gift], rules)
            found.append(Share(gift, Money(held[gift], account.currency), Money(done[gift], account.currency), due))
    return found


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
    """What one grant was paid from a contribution of zakat, for which classes of recipients; ``grant`` as its donor knows it."""

    grant: Known
    recipients: tuple[str, ...]
    paid: Money
    last_on: date


@identity.system("disbursements.zakat")
def reached(contribution: Contribution) -> list[Reached]:
    """The grants that were paid from ``contribution``, the first one first, as its donor may read them."""
    found = GrantFunding.objects.filter(envelope__contribution=contribution).select_related("grant").order_by("leaf_id")
    rows = list(found)
    known = known_to(contribution.donor, {row.grant.reference for row in rows})
    told = []
    for row in rows:
        settled = Transfer.objects.filter(kind=TransferKind.SETTLE, debit=row.account_id).order_by("id")
        paid = [(one.amount_minor, timezone.localdate(one.posted_at)) for one in settled]
        if paid:
            served = _recipients(row.grant.application_id)
            money = Money(sum(minor for minor, _day in paid), contribution.currency)
            told.append(Reached(known[row.grant.reference], served, money, paid[-1][1]))
    return told


def _recipients(application: Any) -> tuple[str, ...]:
    bases = ReligiousBasis.objects.filter(
        application=application, restriction=ReligiousClass.ZAKAT, state=BasisState.APPROVED
    )
    return tuple(str(ZakatRecipients(one).label) for one in sorted(set(bases.values_list("recipients", flat=True))))
