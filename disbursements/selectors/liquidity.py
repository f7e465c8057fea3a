"""What the forecast of the fund's cash is made of: money that is there, is promised, and is to be paid."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from charter.schema import CharterRules
from charter.selectors import rules_in_force
from disbursements.forecast import (
    Assumptions,
    Dependence,
    Due,
    Forecast,
    Moment,
    Receipt,
    Scenario,
    Stock,
    dependence,
    forecast,
    moments,
    months_later,
)
from disbursements.models import Payment, Tranche
from disbursements.plans import plan_shown
from disbursements.selectors.figures import AMOUNT, behind_extension, link_to
from disbursements.states import PaymentState, TrancheState
from funds.giving import POOL
from funds.models import Contribution, Donor, Pledge, PledgeEstimate
from funds.selectors import OPEN_PLEDGES
from funds.states import ContributionState, PledgeState, RestrictionClass
from grants.models import Grant, Revision
from grants.states import GrantState, RevisionState
from kernel import identity
from kernel.money import Money
from ledger.figures import CREDIT, FREE
from ledger.models import Account
from ledger.rates import POUND, Rates
from ledger.selectors import Balance, balances, rates_on

BANKS = ("1010/", "1050/", "1060/")
"""Accounts of money that is the fund's: in its bank, on its way, at the card processor (chart of accounts)."""
_CALLS, _OWED, _CAPITAL = "envelope/", "2010/", f"{POOL}/{RestrictionClass.ENDOWMENT.value}/"
_OVER = (TrancheState.PAID, TrancheState.RECEIVED, TrancheState.CANCELLED)
_RUNNING = (GrantState.ACTIVE, GrantState.SUSPENDED)
_AWARDED = (
    GrantState.AWARDED, GrantState.OFFER_SENT, GrantState.OFFER_ACCEPTED, GrantState.AGREEMENT_DRAFTED,
    GrantState.SIGNED_BY_PARTNER,
)  # fmt: skip
UNSIGNED = (RevisionState.APPROVED, RevisionState.AMENDMENT_SIGNED)
"""States of a cost extension in which its money is kept aside."""


@dataclass(frozen=True, slots=True)
class Promised:
    """A payment that the fund has promised: of which grant, which tranche; ``tranche`` is None before the signature.

    ``extension`` is the change (and its round) whose money is kept aside for a tranche more, until both sides signed.
    """

    due: Due
    grant: UUID
    reference: str
    number: int
    tranche: UUID | None = None
    extension: tuple[UUID, int] | None = None

    @property
    def opens(self) -> str:
        """Where its amount opens: the tranche, what the extension adds, or the award of whose plan it is a part."""
        if self.tranche is not None:
            return link_to("tranche_figure", self.tranche)
        return behind_extension(*self.extension) if self.extension else link_to("grant_figure", self.grant, AMOUNT)


@dataclass(frozen=True, slots=True)
class Liquidity:
    """All that a forecast is reckoned from, read once for every scenario."""

    today: date
    rules: CharterRules
    rates: Rates
    stock: Stock
    receipts: tuple[Receipt, ...]
    promised: tuple[Promised, ...]
    donors: dict[str, str]
    """Names of the donors who have promised or given."""
    leading: Dependence | None
    """The donor who gave most in the last twelve months."""

    def under(self, scenario: Scenario) -> Forecast:
        """The forecast in a scenario."""
        return forecast(
            self.stock,
            self.receipts,
            [one.due for one in self.promised],
            today=self.today,
            rates=self.rates,
            assumptions=self.assumptions,
            scenario=scenario,
        )

    def moments(self, scenario: Scenario) -> list[Moment]:
        """What the months of the forecast in a scenario are made of."""
        return moments(
            self.receipts,
            [one.due for one in self.promised],
            today=self.today,
            rates=self.rates,
            assumptions=self.assumptions,
            scenario=scenario,
        )

    @property
    def assumptions(self) -> Assumptions:
        """The charter's numbers."""
        reserves = self.rules.reserves
        return Assumptions(
            self.rules.forecast.months, reserves.reserve_from_percent, reserves.running_costs_most_percent
        )

    @property
    def alarm(self) -> Dependence | None:
        """The donor on whom the fund depends more than the charter lets pass without an alarm."""
        limit = self.rules.reserves.donor_concentration_alarm_percent
        return self.leading if self.leading is not None and self.leading.percent > limit else None

    def scenarios(self) -> dict[str, Scenario]:
        """What the charter asks to be looked at: each thing alone, then all at once; the largest promise stops."""
        rules = self.rules.forecast
        promised: dict[str, int] = defaultdict(int)
        for one in self.receipts:
            promised[one.donor] += (self.rates.valued(one.money) or 0) * one.percent
        stopped = frozenset({max(promised, key=lambda donor: (promised[donor], donor))}) if promised else frozenset()
        falls = {POUND: rules.pound_falls_percent}
        return {
            "plan": Scenario(),
            "stops": Scenario(stopped=stopped),
            "late": Scenario(late_months=rules.late_months),
            "pound": Scenario(falls=falls),
            "all": Scenario(stopped, rules.late_months, falls),
        }


@identity.system("disbursements.forecast")
def liquidity(today: date | None = None) -> Liquidity:
    """What there is on a day, for all of the fund, whoever asks: about a dozen queries, and the plans of new awards."""
    day = today or timezone.localdate()
    rules = rules_in_force()
    rates = rates_on(rules.currency, day)
    given = _given(day, rates)
    receipts = tuple(_receipts(rules))
    known = {*given, *(one.donor for one in receipts)}
    names = {str(one.pk): str(one.name) for one in Donor.objects.filter(pk__in=known)}
    return Liquidity(
        day, rules, rates, _stock(), receipts, (*_tranches(), *_planned(), *_kept_aside()), names, dependence(given)
    )  # fmt: skip


def _stock() -> Stock:
    found = usable()
    return Stock([one.money for one in found if one.sign > 0], [one.money for one in found if one.sign < 0])


@dataclass(frozen=True, slots=True)
class Usable:
    """An account and what of it is usable today (``sign`` 1) or, of the usable, pays no tranche (``sign`` -1)."""

    account: Account
    money: Money
    sign: int

    @property
    def figure(self) -> str:
        """Which figure of the account it is."""
        return CREDIT if self.account.code.startswith(_CALLS) else FREE

    def valued(self, rates: Rates) -> bool:
        """Whether the figure of the account is another: in another currency, or of awards that are not signed."""
        return self.money.currency != rates.base or self.account.code.startswith(_OWED)


@identity.system("disbursements.forecast")
def usable() -> list[Usable]:
    """The fund's cash, and what of it pays no tranche: money of calls not awarded yet, capital of waqfs; two queries."""
    wanted = Q(
        contribution__state=ContributionState.CONFIRMED, contribution__restriction_class=RestrictionClass.ENDOWMENT
    )
    for beginning in (*BANKS, _CALLS, _OWED, _CAPITAL):
        wanted |= Q(code__startswith=beginning)
    found = list(Account.objects.filter(wanted).order_by("code"))
    sums = balances(found)
    return [_usable(one, sums[one.pk]) for one in found]


def _usable(account: Account, sums: Balance) -> Usable:
    if account.code.startswith(BANKS):
        return Usable(account, sums.available, 1)
    if account.code.startswith(_CALLS):
        return Usable(account, sums.posted, -1)
    if account.code.startswith(_OWED):
        return Usable(account, -Money(sums.expected_minor, account.currency), -1)
    return Usable(account, sums.available, -1)


def _receipts(rules: CharterRules) -> Iterator[Receipt]:
    """What open pledges have not brought yet; the capital of a waqf never pays a tranche."""
    said = PledgeEstimate.objects.filter(pledge=OuterRef("pk")).order_by("-recorded_at").values("percent")[:1]
    arrived = Sum("contributions__amount_minor", filter=Q(contributions__state=ContributionState.CONFIRMED))
    pledges = Pledge.objects.filter(state__in=OPEN_PLEDGES).exclude(restriction_class=RestrictionClass.ENDOWMENT)
    for one in pledges.annotate(arrived=arrived, said=Subquery(said)).order_by("expected_on", "pk"):
        left = one.amount_minor - (one.arrived or 0)
        signed = one.state != PledgeState.PLEDGED
        likely = rules.forecast.signed_percent if signed else rules.forecast.pledged_percent
        if left > 0:
            percent = likely if one.said is None else one.said
            yield Receipt(str(one.donor_id), one.expected_on, Money(left, one.currency), percent, str(one.pk))


def _tranches() -> Iterator[Promised]:
    """Tranches that are not paid and for which no payment is prepared: a prepared one has left the free cash already."""
    live = Payment.objects.exclude(state=PaymentState.FAILED).values("tranche")
    waiting = Tranche.objects.filter(grant__state__in=_RUNNING).exclude(state__in=_OVER).exclude(pk__in=live)
    rows = waiting.order_by("due_on", "pk").values_list(
        "pk", "due_on", "amount_minor", "currency", "grant", "grant__reference", "number"
    )
    for pk, day, minor, currency, grant, reference, number in rows:
        yield Promised(Due(str(pk), day, Money(minor, currency)), grant, reference, number, pk)


def _planned() -> Iterator[Promised]:
    """Awards that are not in force yet, by the schedule that the offer shows."""
    for grant in Grant.objects.filter(state__in=_AWARDED).select_related("application", "call").order_by("pk"):
        for row in plan_shown(grant):
            due = Due(f"{grant.pk}:{row.number}", row.due_on, Money(row.amount_minor, grant.currency))
            yield Promised(due, grant.pk, grant.reference, row.number)


def _kept_aside() -> Iterator[Promised]:
    """What approved extensions add that both sides have not signed yet: one tranche more for each."""
    waiting = Revision.objects.filter(state__in=UNSIGNED, added_minor__gt=0, grant__state__in=_RUNNING)
    rows = waiting.annotate(last=Max("grant__tranches__number")).order_by("pk").values_list(
        "pk", "round", "paid_from", "added_minor", "grant__currency", "grant", "grant__reference", "last"
    )  # fmt: skip
    for pk, number, day, minor, currency, grant, reference, last in rows:
        assert day is not None  # noqa: S101 -- PostgreSQL asks for the day of whatever adds money
        due = Due(str(pk), day, Money(minor, currency))
        yield Promised(due, grant, reference, (last or 0) + 1, extension=(pk, number))


def _given(day: date, rates: Rates) -> dict[str, int]:
    """What each donor gave in the twelve months until ``day``, valued by today's rates."""
    rows = (
        Contribution.objects.filter(
            state=ContributionState.CONFIRMED, received_on__gt=months_later(day, -12), received_on__lte=day
        )
        .order_by()
        .values("donor", "currency")
        .annotate(total=Sum("amount_minor"))
    )
    given: dict[str, int] = defaultdict(int)
    for row in rows:
        given[str(row["donor"])] += rates.valued(Money(int(row["total"]), row["currency"])) or 0
    return dict(given)
