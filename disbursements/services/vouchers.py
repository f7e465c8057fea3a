"""Vouchers: drawn for the payee with a code that is shown once, redeemed by that code, which confirms the payment."""

import secrets
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from charter import stored
from charter.schema.money import PaymentRules
from disbursements import voucher_events as events
from disbursements.models import Payment, Voucher, VoucherTry
from disbursements.services.payments import confirm_payment
from disbursements.states import VoucherState
from kernel import limits
from kernel.codes import ALPHABET
from kernel.numerals import western_digits, without_marks
from kernel.permissions import Refused

_SYMBOLS: Final = 10
_MISREAD: Final = str.maketrans("OIL", "011", " -")


class WrongCode(Refused):
    """The code is not the voucher's; that it was entered stands in the record."""


def _rules(payment: Payment) -> PaymentRules:
    return stored.rules_of(payment.tranche.grant.frozen_rules).payments


def normalised(code: str) -> str:
    """A code as typed or read out: capitals, western digits, no separators, letters that look like digits folded."""
    return western_digits(without_marks(code)).strip().upper().translate(_MISREAD)


@transaction.atomic
def issue_voucher(payment: Payment, *, actor: Any) -> tuple[Voucher, str]:
    """A voucher and its code, which is told here and never again; an earlier voucher of the payment ends. Raises `Refused`."""
    held = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    end_vouchers(held)
    code = "".join(secrets.choice(ALPHABET) for _ in range(_SYMBOLS))
    rules = _rules(held)
    voucher = Voucher(
        payment=held,
        code_digest=make_password(code),
        expires_at=timezone.now() + timedelta(days=rules.voucher_days),
        tries=rules.voucher_tries,
        issued_by=actor,
    )
    event = events.VoucherIssued(expires_at=voucher.expires_at.isoformat())
    return lifecycle.create(voucher, event, actor=actor), f"{code[:5]}-{code[5:]}"


def redeem(payment: Payment, *, code: str, actor: Any) -> Payment:
    """Enter the code that the payee showed: the payment has arrived, once.

    Raises `WrongCode`, which is recorded and in the end blocks the voucher, and `Refused`.
    """
    if not limits.counted("voucher", str(actor.pk), most=_rules(payment).voucher_tries_per_hour):
        raise Refused(_("You entered too many codes in this hour. Try again in the next one."))
    confirmed = _redeemed(payment, normalised(code), actor=actor)
    if confirmed is None:
        raise WrongCode(_("This is not the code of the voucher. Ask for it again, symbol by symbol."))
    return confirmed


@transaction.atomic
def _redeemed(payment: Payment, code: str, *, actor: Any) -> Payment | None:
    """The payment as it is confirmed; None for a wrong code, of which the record is kept. The payment is locked first, as its end locks it."""
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    voucher = Voucher.objects.select_for_update(no_key=True).filter(payment=payment, state=VoucherState.ISSUED).first()
    if voucher is None:
        raise Refused(_("No voucher of this payment is valid: the organisation draws one."))
    if not check_password(code, voucher.code_digest):
        lifecycle.create(VoucherTry(voucher=voucher, tried_by=actor), events.VoucherTried(), actor=actor)
        if voucher.wrong.count() >= voucher.tries:
            lifecycle.move(voucher, events.VoucherBlocked(), actor=None)
        return None
    lifecycle.move(voucher, events.VoucherRedeemed(), actor=actor, changes={"redeemed_by": actor})
    return confirm_payment(payment, received_on=timezone.localdate(), fee_minor=0, actor=actor)


def end_vouchers(payment: Payment) -> None:
    """What was drawn and not shown is worth nothing any more."""
    for one in Voucher.objects.filter(payment=payment, state=VoucherState.ISSUED):
        lifecycle.move(one, events.VoucherVoided(), actor=None)
