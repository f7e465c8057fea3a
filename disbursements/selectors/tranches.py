"""Reading tranches, payments and the money that a partner holds."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from audit.selectors import timeline
from disbursements.controls import approvals_needed
from disbursements.models import Approval, ConditionWaiver, DisbursementRequest, Payment, Refund, Tranche
from disbursements.positions import positions
from disbursements.states import MOVING, PaymentState, RefundState, TrancheState
from disbursements.waiting import ASKABLE, enough_is_reported
from grants.models import Grant, GrantFunding, Report
from grants.rules.grants import visible_grants
from grants.selectors.grants import reports_visible_to, rules_of
from grants.states import GrantState, ReportKind, ReportState
from kernel.money import Money
from kernel.permissions import Allowed, Denied, PermissionResult
from kernel.texts import search_key
from ledger.models import Transfer, TransferKind
from ledger.selectors import balance
from organisations.rules import memberships_of
from organisations.selectors import sees_bank_accounts


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
    """The grant's tranches with their payments and approvals, in order; three queries."""
    return grant.tranches.order_by("number").prefetch_related(
        "approvals",
        Prefetch("payments", queryset=Payment.objects.exclude(state=PaymentState.FAILED).order_by("pk")),
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


# What waits -------------------------------------------------------------------------------------------------------


def _approved(user: Any) -> list[Tranche]:
    """Tranches that finance approved and that have no live payment, with their approvals and grants; two queries."""
    found = tranches_to_work_on(user, [TrancheState.FINANCE_APPROVED]).filter(grant__state=GrantState.ACTIVE)
    return list(
        found.exclude(pk__in=Payment.objects.exclude(state=PaymentState.FAILED).values("tranche")).prefetch_related(
            "approvals"
        )
    )


def _given(tranche: Tranche) -> int:
    return len({one.approver_id for one in tranche.approvals.all() if one.round == tranche.request_round})


def _needed(tranche: Tranche) -> int:
    return approvals_needed(tranche.amount_minor, rules_of(tranche.grant).payments)


def tranches_to_pay(user: Any) -> list[Tranche]:
    """Tranches with all their approvals whose payment can be prepared."""
    return [tranche for tranche in _approved(user) if _given(tranche) >= _needed(tranche)]


def tranches_for_manager(user: Any) -> list[Tranche]:
    """Tranches above the charter's threshold that still want the fund manager's approval."""
    return [tranche for tranche in _approved(user) if _given(tranche) < _needed(tranche)]


def tranches_to_request(user: Any, organisations: Iterable[Any]) -> tuple[list[Tranche], list[Tranche]]:
    """Tranches that the partner may ask for: those with enough reported as spent, and those that wait for more.

    Six queries, however many there are.
    """
    found = tranches_to_work_on(user, list(ASKABLE)).filter(
        grant__organisation__in=list(organisations), grant__state=GrantState.ACTIVE
    )
    due = list(found.prefetch_related("waivers"))
    grants = {one.grant_id for one in due}
    now = positions(grants)
    scheduled = Report.objects.filter(grant__in=grants, kind=ReportKind.PROGRESS, extra=0)
    reported = set(scheduled.values_list("grant_id", "number"))
    ready: list[Tranche] = []
    waits: list[Tranche] = []
    for one in due:
        by_report = (one.grant_id, one.number - 1) in reported
        enough = enough_is_reported(one, now[one.grant_id], by_report=by_report)
        (ready if enough else waits).append(one)
    return ready, waits


def payments_listed(user: Any, *, state: str = "", text: str = "") -> QuerySet[Payment]:
    """Visible payments, narrowed, the latest first, with what lists show."""
    found = visible_payments(user).select_related(
        "tranche", "tranche__grant", "tranche__grant__organisation", "maker", "checker"
    )
    found = found.defer("tranche__grant__frozen_rules")  # a list shows nothing of the charter, and it is long
    if state:
        found = found.filter(state=state)
    if words := text.strip():
        found = found.filter(
            Q(key__icontains=words) | Q(bank_reference__icontains=words) | _about(words, "tranche__grant")
        )
    return found.order_by("-moved_at", "pk")


def _about(words: str, grant: str) -> Q:
    """Rows whose grant (at the end of the path ``grant``) or its organisation is called so."""
    return Q(**{f"{grant}__reference__icontains": words}) | Q(
        **{f"{grant}__organisation__name_key__contains": search_key(words)}
    )


def tranches_listed(user: Any, *, state: str = "", text: str = "") -> QuerySet[Tranche]:
    """Visible tranches, narrowed, the earliest planned first, with what lists show."""
    found = visible_tranches(user).select_related("grant", "grant__organisation").defer("grant__frozen_rules")
    if state:
        found = found.filter(state=state)
    if words := text.strip():
        found = found.filter(_about(words, "grant"))
    return found.order_by("due_on", "grant__reference", "number")


def tranches_in_force(user: Any) -> QuerySet[Tranche]:
    """Visible tranches that are or will be paid, in the order of their days, with what the calendar shows."""
    found = visible_tranches(user).exclude(state=TrancheState.CANCELLED).select_related("grant")
    return found.defer("grant__frozen_rules").order_by("due_on", "grant__reference", "number")


def tranches_summed(tranches: QuerySet[Tranche]) -> QuerySet[Tranche]:
    """Those of a list that count in its sum: all but the cancelled."""
    return tranches.exclude(state=TrancheState.CANCELLED)


def tranches_sums(tranches: QuerySet[Tranche]) -> list[Money]:
    """What the tranches come to in each currency, without cancelled ones."""
    rows = (
        tranches_summed(tranches).order_by().values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    )
    return [Money(int(row["total"]), row["currency"]) for row in rows]


def reports_listed(user: Any, *, state: str = "", text: str = "") -> QuerySet[Report]:
    """Visible reports, narrowed, the earliest due first, with what lists show."""
    found = reports_visible_to(user).defer("grant__frozen_rules", "grant__call__frozen_rules")
    if state:
        found = found.filter(state=state)
    return found.filter(_about(text.strip(), "grant")) if text.strip() else found


def payments_summed(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Those of a list that count in its sum: all but what came back."""
    return payments.exclude(state=PaymentState.FAILED)


def payments_sums(payments: QuerySet[Payment]) -> list[Money]:
    """What the payments come to in each currency, without those that came back."""
    rows = (
        payments_summed(payments).order_by().values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    )
    return [Money(int(row["total"]), row["currency"]) for row in rows]


def payments_to_release(user: Any) -> QuerySet[Payment]:
    """Prepared payments that ``user`` did not prepare."""
    return payments_listed(user, state=PaymentState.PREPARED).exclude(maker=user)


def unconfirmed_payments() -> QuerySet[Payment]:
    """Payments on their way."""
    return (
        Payment.objects.filter(state=PaymentState.SENT)
        .select_related("tranche", "tranche__grant", "tranche__grant__organisation")
        .order_by("sent_on", "pk")
    )


def payment_page(user: Any) -> QuerySet[Payment]:
    """Visible payments with what a payment's page shows; the account only for whom the second wall shows it."""
    page = visible_payments(user).select_related(
        "tranche", "tranche__grant", "tranche__grant__organisation", "maker", "checker", "confirmed_by", "provider"
    )
    return page.prefetch_related("bank_account")


def tranche_page(user: Any) -> QuerySet[Tranche]:
    """Visible tranches with what a tranche's page shows."""
    return visible_tranches(user).select_related("grant", "grant__organisation", "grant__call")


def waivers_of(tranche: Tranche) -> QuerySet[ConditionWaiver]:
    """The conditions of the tranche that were waived, in their order."""
    return tranche.waivers.select_related("waived_by").order_by("recorded_at")


def requests_of(tranche: Tranche) -> QuerySet[DisbursementRequest]:
    """The requests of a tranche, the latest first; their account only for whom the second wall shows it."""
    return tranche.requests.select_related("requested_by").prefetch_related("bank_account").order_by("-round")


def approvals_shown(tranche: Tranche) -> QuerySet[Approval]:
    """The approvals of the current request, in their order."""
    return tranche.approvals.filter(round=tranche.request_round).select_related("approver").order_by("recorded_at")


def payments_of(tranche: Tranche) -> QuerySet[Payment]:
    """All payments of a tranche, the latest first."""
    return tranche.payments.select_related("maker", "checker").order_by("-moved_at")


def reports_to_write(user: Any) -> QuerySet[Report]:
    """Open and returned reports of the organisations of ``user``."""
    written = [ReportState.OPEN, ReportState.RETURNED]
    return (
        Report.objects.filter(grant__organisation__in=list(memberships_of(user)), state__in=written)
        .select_related("grant", "grant__organisation")
        .order_by("due_on", "pk")
    )


def grants_without_refund(user: Any) -> QuerySet[Grant]:
    """Grants whose final report is accepted and whose refund is not computed."""
    final = Report.objects.filter(kind=ReportKind.FINAL, state__in=[ReportState.ACCEPTED, ReportState.WAIVED]).values(
        "grant"
    )
    moving = Tranche.objects.filter(state__in=MOVING).values("grant")
    return (
        Grant.objects.filter(visible_grants(user), pk__in=final, refund__isnull=True)
        .filter(state__in=[GrantState.ACTIVE, GrantState.TERMINATED])
        .exclude(pk__in=moving)
        .select_related("organisation")
        .order_by("ends_on", "pk")
    )


def refunds_awaited(user: Any) -> QuerySet[Refund]:
    """Refunds that partners owe."""
    return _refunds(user).filter(state=RefundState.COMPUTED)


def refunds_to_confirm(user: Any) -> QuerySet[Refund]:
    """Refunds that another person than ``user`` recorded."""
    return _refunds(user).filter(state=RefundState.RECEIVED).exclude(received_by=user)


def _refunds(user: Any) -> QuerySet[Refund]:
    grants = Grant.objects.filter(visible_grants(user)).values("pk")
    return (
        Refund.objects.filter(grant__in=grants).select_related("grant", "grant__organisation").order_by("due_on", "pk")
    )


def grants_to_close(user: Any) -> QuerySet[Grant]:
    """Grants whose refund is settled and whose reports are all done."""
    open_reports = Report.objects.exclude(state__in=[ReportState.ACCEPTED, ReportState.WAIVED]).values("grant")
    return (
        Grant.objects.filter(
            visible_grants(user),
            state__in=[GrantState.ACTIVE, GrantState.TERMINATED],
            refund__state__in=[RefundState.SETTLED, RefundState.WAIVED],
        )
        .exclude(pk__in=open_reports)
        .exclude(pk__in=Tranche.objects.filter(state__in=MOVING).values("grant"))
        .select_related("organisation")
        .order_by("ends_on", "pk")
    )


def last_return(tranche: Tranche) -> str:
    """Why the request came back, while it is returned."""
    if tranche.state != TrancheState.RETURNED:
        return ""
    return next((entry.reason for entry in timeline(tranche) if entry.to_state == TrancheState.RETURNED), "")


def reservation_key(payment: Payment, funding_id: UUID) -> UUID:
    """Key of the transfer that keeps the part of one source for a payment."""
    return uuid5(payment.pk, f"pay:{funding_id}")


def transit_key(payment: Payment, reservation: UUID) -> UUID:
    """Key of the transfer that keeps the same money at the provider, once it has left the bank."""
    return uuid5(payment.pk, f"transit:{reservation}")


def reservations(payment: Payment) -> list[Transfer]:
    """The transfers that keep the payment's money, one for each source: at the bank, or at its provider once it is there."""
    keys = [reservation_key(payment, pk) for pk in payment.tranche.grant.funding.values_list("pk", flat=True)]
    wanted = keys
    if payment.provider_id is not None:
        transit = [transit_key(payment, key) for key in keys]
        wanted = transit if Transfer.objects.filter(key__in=transit).exists() else keys
    return list(Transfer.objects.filter(key__in=wanted).select_related("debit", "credit").order_by("pk"))


def reservations_by_source(payment: Payment) -> list[tuple[GrantFunding, Transfer]]:
    """The sources of the grant that the payment takes from, each with the transfer that keeps its part; three queries."""
    kept = {one.key: one for one in reservations(payment)}
    found = []
    for funding in payment.tranche.grant.funding.select_related("envelope__contribution").order_by("leaf_id"):
        key = reservation_key(payment, funding.pk)
        held = kept.get(key) or kept.get(transit_key(payment, key))
        if held is not None:
            found.append((funding, held))
    return found


def commission_transfers(payment: Payment) -> list[Transfer]:
    """The transfers that keep the commission of the payment's provider."""
    if payment.commission_minor == 0:
        return []
    found = Transfer.objects.filter(leaf__event__subject_id=payment.pk, kind=TransferKind.PEND)
    return list(
        found.filter(Q(debit__code__startswith="6050/") | Q(credit__code__startswith="3090/"))
        .select_related("debit", "credit")
        .order_by("pk")
    )


def shows_account(user: Any, payment: Payment) -> PermissionResult:
    """Whether the person may read where the money went: finance, the manager, auditors, the partner's signatories."""
    if sees_bank_accounts(user, payment.tranche.grant.organisation):
        return Allowed()
    return Denied(_("Bank details are for finance, auditors and the organisation's signatories."))
