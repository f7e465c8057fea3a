"""Who may request, approve, pay, confirm; and what must be true before."""

from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.events import Event
from audit.rules import rule_for, system_only
from charter import stored
from charter.schema import CharterRules
from disbursements import events
from disbursements.controls import approvals_needed
from disbursements.models import Approval, ConditionWaiver, DisbursementRequest, Payment, Refund, Tranche
from disbursements.positions import current_request, payload_hash
from disbursements.rules.channels import is_vouched, its_channel_carries_it
from disbursements.states import MOVING, ApprovalKind, PaymentState, RefundState, RunState, TrancheState
from disbursements.waiting import (
    conditions_are_met,
    earlier_are_received,
    enough_is_reported,
    enough_is_stated,
    is_active,
    no_report_is_overdue,
    waivable,
)
from grants.closure_blockers import blockers_of, blocks_closure
from grants.models import Grant
from grants.rules.grants import signs_for
from grants.states import GrantState, ReportKind, ReportState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of, any_of
from organisations.models import BankAccount
from organisations.rules import is_clear, is_not_being_changed, person_role
from organisations.states import BankAccountState

rule_for(
    events.TranchePlanned,
    events.TrancheFellDue,
    events.TranchePaid,
    events.TrancheReceived,
    events.TranchePaymentFailed,
    events.RefundWaived,
)(system_only)


def _rules(grant: Grant) -> CharterRules:
    return stored.rules_of(grant.frozen_rules)


# Requests --------------------------------------------------------------------------------------------------------


@rule_for(events.TrancheRequested)
def may_request(tranche: Tranche, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The signatory asks in order, when enough is spent and reported and no condition of the award holds the tranche."""
    return all_of(
        signs_for(tranche.grant, actor),
        is_active(tranche.grant),
        lambda: conditions_are_met(tranche),
        lambda: earlier_are_received(tranche),
        lambda: enough_is_reported(tranche),
        lambda: no_report_is_overdue(tranche),
    )


@rule_for(events.ConditionWaived)
def may_waive(waiver: ConditionWaiver, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """The fund manager, who is not of the payee, waives a condition that keeps a tranche from being requested."""
    if waiver.condition not in waivable(waiver.tranche):
        return Denied(_("This condition does not hold the tranche now."))
    return all_of(may_hold(actor, Role.FUND_MANAGER), is_not_of_the_payee(actor, waiver.tranche.grant))


def is_payable(account: BankAccount, grant: Grant) -> PermissionResult:
    """Whether money may go to this account: the organisation's own, in the grant's currency, verified, past its pause."""
    if account.organisation_id != grant.organisation_id:
        return Denied(_("This is not an account of the organisation."))
    if account.currency != grant.currency:
        return Denied(
            _("This account is kept in %(account)s; the grant is paid in %(grant)s. Choose an account in %(grant)s.")
            % {"account": account.currency, "grant": grant.currency}
        )
    if account.state != BankAccountState.VERIFIED or account.usable_from is None:
        return Denied(_("The bank account is not verified yet."))
    if account.is_erased:
        return Denied(_("The details of this account were erased. Record the account again."))
    if account.usable_from > timezone.now():
        return Denied(
            _("The bank account was verified recently; it can be used from %(time)s.")
            % {"time": f"{timezone.localtime(account.usable_from):%Y-%m-%d %H:%M}"}
        )
    return is_not_being_changed(account)


@rule_for(events.DisbursementRequested)
def may_state(request: DisbursementRequest, *, actor: Any, event: Event) -> PermissionResult:
    """The signatory states the position and names a verified account; enough of the money received is spent."""
    grant = request.tranche.grant
    return all_of(signs_for(grant, actor), enough_is_stated(request), is_payable(request.bank_account, grant))


@rule_for(events.TrancheReturned)
def may_return(tranche: Tranche, *, actor: Any, event: Event) -> PermissionResult:
    """A programme or finance officer returns a request, as long as no payment is on its way."""
    return all_of(may_hold(actor, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER), has_no_live_payment(tranche))


def has_no_live_payment(tranche: Tranche) -> PermissionResult:
    """Whether no payment of the tranche is prepared, sent or arrived."""
    if tranche.payments.exclude(state=PaymentState.FAILED).exists():
        return Denied(_("There is a payment of this tranche already."))
    return Allowed()


# Approvals -------------------------------------------------------------------------------------------------------

_OFFICE = {
    ApprovalKind.PROGRAMME: Role.PROGRAMME_OFFICER,
    ApprovalKind.FINANCE: Role.FINANCE_OFFICER,
    ApprovalKind.MANAGER: Role.FUND_MANAGER,
}


def approvals_of(tranche: Tranche) -> list[Approval]:
    """The approvals of the current request."""
    return list(tranche.approvals.filter(round=tranche.request_round))


def is_another_person(tranche: Tranche, actor: Any) -> PermissionResult:
    """Whether the person has neither asked for nor approved this request."""
    if actor is not None and any(approval.approver_id == actor.pk for approval in approvals_of(tranche)):
        return Denied(_("You approved this request already; the next approval is another person's."))
    return is_not_of_the_payee(actor, tranche.grant)


def is_what_was_asked(tranche: Tranche, payload_sha256: str) -> PermissionResult:
    """Whether the approval is for exactly what the current request says."""
    request = current_request(tranche)
    if payload_sha256 == request.payload_sha256 == payload_hash(tranche, request):
        return Allowed()
    return Denied(_("The request changed since you opened it. Please read it again."))


@rule_for(events.ProgrammeApproved)
def may_approve_programme(tranche: Tranche, *, actor: Any, event: Any) -> PermissionResult:
    """A programme officer approves what was asked."""
    return all_of(
        may_hold(actor, Role.PROGRAMME_OFFICER),
        is_active(tranche.grant),
        is_another_person(tranche, actor),
        is_what_was_asked(tranche, event.payload_sha256),
    )


@rule_for(events.FinanceApproved)
def may_approve_finance(tranche: Tranche, *, actor: Any, event: Any) -> PermissionResult:
    """A finance officer, another person than the programme's, approves the same content."""
    return all_of(
        may_hold(actor, Role.FINANCE_OFFICER),
        is_active(tranche.grant),
        is_another_person(tranche, actor),
        is_what_was_asked(tranche, event.payload_sha256),
    )


@rule_for(events.ApprovalGiven)
def may_give_approval(approval: Approval, *, actor: Any, event: Any) -> PermissionResult:
    """Each approval is another person's, of the right office, of exactly what was asked; the manager's comes last."""
    tranche = approval.tranche
    kind = ApprovalKind(approval.kind)
    result = all_of(
        may_hold(actor, _OFFICE[kind]),
        is_another_person(tranche, actor),
        is_what_was_asked(tranche, event.payload_sha256),
    )
    return all_of(result, the_manager_is_needed(tranche)) if kind is ApprovalKind.MANAGER else result


def the_manager_is_needed(tranche: Tranche) -> PermissionResult:
    """Whether the tranche waits for the fund manager: above the charter's threshold, after finance."""
    rules = _rules(tranche.grant).payments
    if approvals_needed(tranche.amount_minor, rules) <= rules.approvals:
        return Denied(_("This amount needs no approval of the fund manager."))
    if tranche.state != TrancheState.FINANCE_APPROVED:
        return Denied(_("The fund manager approves after finance."))
    return Allowed()


_BEFORE = {
    ApprovalKind.PROGRAMME: TrancheState.REQUESTED,
    ApprovalKind.FINANCE: TrancheState.PROGRAMME_APPROVED,
    ApprovalKind.MANAGER: TrancheState.FINANCE_APPROVED,
}


def may_be_approved(tranche: Tranche, kind: ApprovalKind, *, actor: Any) -> PermissionResult:
    """Whether ``actor`` may give the approval ``kind`` now; for pages."""
    if tranche.state != _BEFORE[kind]:
        return Denied(_("This approval is not asked for now: %(state)s.") % {"state": tranche.get_state_display()})
    result = all_of(may_hold(actor, _OFFICE[kind]), is_active(tranche.grant), is_another_person(tranche, actor))
    return all_of(result, the_manager_is_needed(tranche)) if kind is ApprovalKind.MANAGER else result


def may_be_prepared(tranche: Tranche, *, actor: Any) -> PermissionResult:
    """Whether ``actor`` may prepare the payment of the tranche now; for pages."""
    if tranche.state != TrancheState.FINANCE_APPROVED:
        return Denied(_("The tranche is not approved for payment: %(state)s.") % {"state": tranche.get_state_display()})
    payment = Payment(tranche=tranche, bank_account=current_request(tranche).bank_account)
    return may_prepare(payment, actor=actor)


def is_fully_approved(tranche: Tranche) -> PermissionResult:
    """Whether as many different people approved the current content as the charter asks for this amount."""
    needed = approvals_needed(tranche.amount_minor, _rules(tranche.grant).payments)
    request = current_request(tranche)
    valid = [a for a in approvals_of(tranche) if a.payload_sha256 == payload_hash(tranche, request)]
    people = {approval.approver_id for approval in valid}
    if len(people) >= needed and len(valid) >= needed:
        return Allowed()
    return Denied(
        _("This amount needs %(needed)s approvals of different people; it has %(given)s.")
        % {"needed": needed, "given": len(people)}
    )


@rule_for(events.TrancheHeld, events.TrancheReleased)
def may_hold_tranche(tranche: Tranche, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager holds and releases."""
    return may_hold(actor, Role.FUND_MANAGER)


@rule_for(events.TrancheCancelled)
def may_cancel(tranche: Tranche, *, actor: Any, event: Event) -> PermissionResult:
    """The fund manager cancels; so does the end of the grant."""
    if actor is None and tranche.grant.state in {GrantState.TERMINATED, GrantState.CLOSED}:
        return Allowed()
    return may_hold(actor, Role.FUND_MANAGER)


def is_not_of_the_payee(actor: Any, grant: Grant) -> PermissionResult:
    """Whether the person does not belong to the organisation that receives the money."""
    if actor is not None and person_role(actor, grant.organisation):
        return Denied(_("You belong to the organisation that asks for the money."))
    return Allowed()


# Payments --------------------------------------------------------------------------------------------------------


@rule_for(events.PaymentAttested)
def may_attest(payment: Payment, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """Finance officers and the fund manager, of a payment that did not come back."""
    if payment.state == PaymentState.FAILED:
        return Denied(_("This payment came back: attest the one that follows it."))
    return may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)


@rule_for(events.PaymentPrepared)
def may_prepare(payment: Payment, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer prepares the payment of a fully approved tranche to the account that was approved."""
    tranche = payment.tranche
    if tranche.state != TrancheState.FINANCE_APPROVED:
        return Denied(_("The tranche is not approved for payment: %(state)s.") % {"state": tranche.get_state_display()})
    return all_of(
        may_hold(actor, Role.FINANCE_OFFICER),
        is_active(tranche.grant),
        has_no_live_payment(tranche),
        is_fully_approved(tranche),
        is_payable(payment.bank_account, tranche.grant),
        its_channel_carries_it(payment),
        is_not_of_the_payee(actor, tranche.grant),
    )


@rule_for(events.PaymentSent)
def may_send(payment: Payment, *, actor: Any, event: Event) -> PermissionResult:
    """Another person than the maker releases it, after looking again at approvals and account."""
    if actor is not None and actor.pk == payment.maker_id:
        return Denied(_("You prepared this payment; another person releases it."))
    return all_of(
        may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER),
        leaves_with_its_run(payment, event),
        is_active(payment.tranche.grant),
        is_fully_approved(payment.tranche),
        is_what_was_prepared(payment),
        is_payable(payment.bank_account, payment.tranche.grant),
        is_clear(payment.tranche.grant.organisation),
        its_channel_carries_it(payment),
        is_held_within_limits(payment),
        is_not_of_the_payee(actor, payment.tranche.grant),
    )


def is_held_within_limits(payment: Payment) -> PermissionResult:
    """Whether the provider would hold no more of the fund's money than it may at once; PostgreSQL holds it at the end."""
    provider = payment.provider
    if provider is None:
        return Allowed()
    held = provider.payments.filter(state=PaymentState.SENT).exclude(pk=payment.pk).aggregate(total=Sum("amount_minor"))
    if (held["total"] or 0) + payment.amount_minor <= provider.most_open_minor:
        return Allowed()
    return Denied(
        _("%(provider)s would hold more than it may at once; wait until an earlier payment has arrived.")
        % {"provider": provider}
    )


def leaves_with_its_run(payment: Payment, event: Any) -> PermissionResult:
    """Whether the payment stands in no file for the bank, or leaves with exactly the file that was released."""
    line = payment.run_lines.exclude(run__state=RunState.DISCARDED).select_related("run").first()
    if line is None or (line.run.state == RunState.RELEASED and event.slip_sha256 == line.run.sha256):
        return Allowed()
    return Denied(_("The payment stands in the file %(run)s and leaves with it.") % {"run": line.run.reference})


def is_what_was_prepared(payment: Payment) -> PermissionResult:
    """Whether the payment is still for exactly what was approved."""
    request = current_request(payment.tranche)
    if payment.payload_sha256 == payload_hash(payment.tranche, request):
        return Allowed()
    return Denied(_("The request changed since the payment was prepared."))


@rule_for(events.PaymentConfirmed)
def may_confirm(payment: Payment, *, actor: Any, event: Any) -> PermissionResult:
    """The partner's signatory confirms what arrived; so does finance by the code of the voucher that the payee showed."""
    if (
        event.received_minor <= 0
        or event.fee_minor < 0
        or event.received_minor + event.fee_minor != payment.amount_minor
    ):
        return Denied(_("What arrived and the bank's fee must add up to the amount sent."))
    return any_of(is_vouched(payment, actor), signs_for(payment.tranche.grant, actor))


@rule_for(events.PaymentFailed)
def may_report_failure(payment: Payment, *, actor: Any, event: Event) -> PermissionResult:
    """A finance officer records that the bank gave the money back; the end of the grant stops what was only prepared."""
    ended = payment.tranche.grant.state in {GrantState.TERMINATED, GrantState.CLOSED}
    if actor is None and ended and payment.state == PaymentState.PREPARED:
        return Allowed()
    return may_hold(actor, Role.FINANCE_OFFICER)


# Refunds and closure ---------------------------------------------------------------------------------------------


@rule_for(events.RefundComputed)
def may_compute_refund(refund: Refund, *, actor: Any, event: Event | None = None) -> PermissionResult:
    """A finance officer computes the refund once, when the final report is accepted and no payment is on its way."""
    grant = refund.grant
    if Refund.objects.filter(grant=grant).exists():
        return Denied(_("The refund of this grant is computed already."))
    final = grant.reports.filter(kind=ReportKind.FINAL, state__in=[ReportState.ACCEPTED, ReportState.WAIVED])
    if not final.exists():
        return Denied(_("The final report is not accepted yet."))
    return all_of(may_hold(actor, Role.FINANCE_OFFICER), nothing_is_on_its_way(grant))


@rule_for(events.RefundReceived)
def may_record_refund(refund: Refund, *, actor: Any, event: Event) -> PermissionResult:
    """A finance officer records the refund from the bank statement."""
    return may_hold(actor, Role.FINANCE_OFFICER)


@rule_for(events.RefundConfirmed)
def may_confirm_refund(refund: Refund, *, actor: Any, event: Event) -> PermissionResult:
    """A second person confirms it."""
    if actor is not None and actor.pk == refund.received_by_id:
        return Denied(_("You recorded this refund; another person confirms it."))
    return may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)


@blocks_closure
def nothing_is_on_its_way(grant: Grant) -> PermissionResult:
    """Whether no tranche is between request and receipt."""
    if not grant.tranches.filter(state__in=MOVING).exists():
        return Allowed()
    return Denied(_("A tranche is still on its way; finish or cancel it first."))


@blocks_closure
def refund_is_settled(grant: Grant) -> PermissionResult:
    """Whether the refund was computed, and received or waived."""
    refund = Refund.objects.filter(grant=grant).first()
    if refund is None:
        return Denied(_("The refund is not computed yet."))
    if refund.state in {RefundState.SETTLED, RefundState.WAIVED}:
        return Allowed()
    return Denied(_("The refund is not settled yet."))


def what_blocks(grant: Grant) -> list[PermissionResult]:
    """Every refusal that stands in the way of closing the grant, one line each."""
    return [answer for answer in blockers_of(grant) if not answer]
