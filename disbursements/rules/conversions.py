"""Rates of payments: recorded from the slip by one officer, confirmed by another, after the money arrived."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from disbursements import conversion_events as events
from disbursements.models import Conversion, Payment
from disbursements.rules.tranches import is_not_of_the_payee
from disbursements.states import ConversionState, PaymentState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of


def may_record_rate(payment: Payment, *, actor: Any) -> PermissionResult:
    """A finance officer, of a payment that was sent and did not come back, once."""
    if payment.state not in {PaymentState.SENT, PaymentState.CONFIRMED}:
        return Denied(_("The rate is recorded when the payment was sent."))
    if Conversion.objects.filter(payment=payment).exclude(state=ConversionState.WITHDRAWN).exists():
        return Denied(_("The rate of this payment is recorded already."))
    return all_of(may_hold(actor, Role.FINANCE_OFFICER), is_not_of_the_payee(actor, payment.tranche.grant))


@rule_for(events.ConversionRecorded)
def may_record_conversion(conversion: Conversion, *, actor: Any, event: Any = None) -> PermissionResult:
    """As `may_record_rate`, into another currency than the payment's, against the bulletin of that currency."""
    reference, payment = conversion.reference, conversion.payment
    if conversion.currency == payment.currency:
        return Denied(_("This payment was made in its own currency: there is no rate."))
    if (reference.base, reference.currency, reference.series) != (
        payment.currency,
        conversion.currency,
        conversion.series,
    ):
        return Denied(_("This reference rate is of other currencies."))
    return may_record_rate(payment, actor=actor)


@rule_for(events.ConversionConfirmed)
def may_confirm_conversion(conversion: Conversion, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another person, once the partner has confirmed that the money arrived."""
    if actor is not None and actor.pk == conversion.recorded_by_id:
        return Denied(_("You recorded this rate; another person confirms it."))
    if conversion.payment.state != PaymentState.CONFIRMED:
        return Denied(_("The partner has not confirmed yet that the money arrived."))
    office = may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
    return all_of(office, is_not_of_the_payee(actor, conversion.payment.tranche.grant))


@rule_for(events.ConversionWithdrawn)
def may_withdraw_conversion(conversion: Conversion, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance and the fund manager, before it is confirmed; the system, when the payment came back."""
    if actor is None and conversion.payment.state == PaymentState.FAILED:
        return Allowed()
    return may_hold(actor, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
