"""Reading tranches, payments and the money that a partner holds."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum

from disbursements.models import Payment, Refund, Tranche
from disbursements.states import PaymentState, TrancheState
from grants.models import Grant, GrantFunding
from grants.rules.grants import visible_grants
from kernel.money import Money
from ledger.models import Transfer, TransferKind
from ledger.selectors import balance


def paid_minor(grant: Grant) -> int:
    """What the fund sent and did not get back from the bank, in minor units."""
    live = [PaymentState.SENT, PaymentState.CONFIRMED]
    total = Payment.objects.filter(tranche__grant=grant, state__in=live).aggregate(total=Sum("amount_minor"))["total"]
    return total or 0


def visible_tranches(user: Any) -> QuerySet[Tranche]:
    """Tranches of the grants that a person may see."""
    grants = Grant.objects.filter(visible_grants(user)).values("pk")
    return Tranche.objects.filter(grant__in=grants)


def visible_payments(user: Any) -> QuerySet[Payment]:
    """Payments of the grants that a person may see."""
    return Payment.objects.filter(tranche__in=visible_tranches(user).values("pk"))


def tranches_to_work_on(user: Any, states: list[str]) -> QuerySet[Tranche]:
    """Visible tranches in ``states`` with what lists show, the earliest due first; one query."""
    return (
        visible_tranches(user)
        .filter(state__in=states)
        .select_related("grant", "grant__organisation", "grant__call")
        .order_by("step_due", "due_on", "pk")
    )


def schedule_of(grant: Grant) -> QuerySet[Tranche]:
    """The grant's tranches with their payments, in order; two queries."""
    return grant.tranches.order_by("number").prefetch_related(
        Prefetch("payments", queryset=Payment.objects.exclude(state=PaymentState.FAILED).order_by("pk"))
    )


def open_tranches(grant: Grant) -> QuerySet[Tranche]:
    """Tranches that are neither received nor cancelled."""
    return grant.tranches.exclude(state__in=[TrancheState.RECEIVED, TrancheState.CANCELLED])


def refund_of(grant: Grant) -> Refund | None:
    """The grant's refund, if one was computed."""
    return Refund.objects.filter(grant=grant).first()


def funding_in_use_order(grant: Grant) -> list[tuple[GrantFunding, int]]:
    """The grant's sources with what the fund still owes from each (minor units), the first committed first."""
    rows = grant.funding.select_related("account", "envelope__contribution").order_by("leaf_id")
    return [(row, balance(row.account).available_minor) for row in rows]


def paid_by_source(grant: Grant) -> list[tuple[GrantFunding, int]]:
    """The grant's sources with what was really paid from each (minor units), the first committed first."""
    rows = list(grant.funding.select_related("account", "envelope__contribution__account").order_by("leaf_id"))
    settled = (
        Transfer.objects.filter(kind=TransferKind.SETTLE, debit__in=[row.account_id for row in rows])
        .order_by()
        .values("debit")
        .annotate(total=Sum("amount_minor"))
    )
    paid = {row["debit"]: int(row["total"]) for row in settled}
    return [(row, paid.get(row.account_id, 0)) for row in rows]


def owed(grant: Grant) -> Money:
    """What the fund has committed to the grant and not yet paid or reserved for a payment."""
    return Money(sum(minor for _row, minor in funding_in_use_order(grant)), grant.currency)


def finance_waiting() -> Q:
    """Tranches whose payment can be prepared: approved, without a live payment."""
    return Q(state=TrancheState.FINANCE_APPROVED) & ~Q(payments__state__in=[PaymentState.PREPARED, PaymentState.SENT])
