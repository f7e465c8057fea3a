"""Vouchers of cash payments: the payee draws one, whoever hands over the notes has its code entered by finance."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from disbursements import voucher_events as events
from disbursements.models import Payment, Voucher, VoucherTry
from disbursements.rules.tranches import is_not_of_the_payee
from disbursements.states import CASH, PaymentState, VoucherState
from grants.rules.grants import signs_for
from kernel.permissions import Denied, PermissionResult, all_of

rule_for(events.VoucherBlocked, events.VoucherVoided)(system_only)


def may_draw_voucher(payment: Payment, *, actor: Any) -> PermissionResult:
    """A signatory of the payee, while a cash payment is on its way."""
    if payment.channel not in CASH or payment.state != PaymentState.SENT:
        return Denied(_("There is a voucher only for cash that is on its way."))
    return signs_for(payment.tranche.grant, actor)


@rule_for(events.VoucherIssued)
def may_issue_voucher(voucher: Voucher, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_draw_voucher`."""
    return may_draw_voucher(voucher.payment, actor=actor)


def may_enter_code(payment: Payment, *, actor: Any) -> PermissionResult:
    """A finance officer who is not of the payee, while a voucher is valid."""
    voucher = Voucher.objects.filter(payment=payment, state=VoucherState.ISSUED).first()
    if voucher is None or payment.state != PaymentState.SENT:
        return Denied(_("No voucher of this payment is valid: the organisation draws one."))
    return may_redeem(voucher, actor=actor)


@rule_for(events.VoucherRedeemed)
def may_redeem(voucher: Voucher, *, actor: Any, event: Any = None) -> PermissionResult:
    """A finance officer who is not of the payee, before the voucher ends."""
    if voucher.expires_at < timezone.now():
        return Denied(_("This voucher has expired: the organisation draws another one."))
    return all_of(may_hold(actor, Role.FINANCE_OFFICER), is_not_of_the_payee(actor, voucher.payment.tranche.grant))


@rule_for(events.VoucherTried)
def may_try(attempt: VoucherTry, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_redeem`."""
    return may_redeem(attempt.voucher, actor=actor)
