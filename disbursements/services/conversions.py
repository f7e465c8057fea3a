"""Rates of payments, and the books of what an exchange cost or gave (domain §5.5: 4310 gain, 7010 loss realised)."""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from disbursements import books
from disbursements import conversion_events as events
from disbursements.conversions import GAIN, LOSS, result_key
from disbursements.models import Conversion, Payment
from disbursements.states import ConversionState
from funds.models import Contribution
from funds.restrictions import CostType, Use
from funds.selectors import filling_of
from funds.services import bank_account
from kernel.database import lock_rows
from kernel.money import Money, format_money
from kernel.permissions import Refused
from ledger.models import Account
from ledger.selectors import available_minor, rate_before
from ledger.services import TransferDraft, open_account, post


def record_conversion(
    payment: Payment,
    *,
    currency: str,
    series: str,
    contract_units: Decimal,
    paid_out_minor: int,
    charged_minor: int,
    actor: Any,
) -> Conversion:
    """Record what the slip shows; the reference is the bulletin that counted on the day of sending. Raises `Refused`."""
    day = payment.sent_on or timezone.localdate()
    reference = rate_before(payment.currency, currency, series, day)
    if reference is None:
        raise Refused(_("No bulletin of this currency is recorded for that day: record its rate first."))
    conversion = Conversion(
        payment=payment,
        currency=currency,
        series=series,
        reference=reference,
        contract_units=contract_units,
        paid_out_minor=paid_out_minor,
        charged_minor=charged_minor,
        recorded_by=actor,
    )
    event = events.ConversionRecorded(
        payment=payment.pk,
        currency=currency,
        series=series,
        reference=str(reference.units),
        contract=str(contract_units),
        realised=str(conversion.realised_units),
        paid_out_minor=paid_out_minor,
        charged_minor=charged_minor,
    )
    return lifecycle.create(conversion, event, actor=actor)


@transaction.atomic
def confirm_conversion(conversion: Conversion, *, actor: Any) -> Conversion:
    """Another person confirms the slip; what was charged beyond or below the payment is posted as loss or gain.

    Raises `Refused`, also when no money is free that may bear the loss.
    """
    event = events.ConversionConfirmed(loss_minor=conversion.loss_minor)
    confirmed = lifecycle.move(conversion, event, actor=actor, changes={"confirmed_by": actor})
    loss = confirmed.loss_minor
    drafts = _loss(confirmed, loss) if loss > 0 else _gain(confirmed, -loss)
    post([draft for draft in drafts if draft.minor], leaf=confirmed.leaf)
    return confirmed


def withdraw_conversion(conversion: Conversion, *, reason: str, actor: Any) -> Conversion:
    """Take back what was recorded and not confirmed; it can be recorded anew."""
    return lifecycle.move(conversion, events.ConversionWithdrawn(), actor=actor, reason=reason)


def end_conversions(payment: Payment) -> None:
    """The payment came back: what was recorded of its rate ends with it."""
    for one in Conversion.objects.filter(payment=payment, state=ConversionState.RECORDED):
        lifecycle.move(one, events.ConversionWithdrawn(), actor=None)


def _kept_gains(currency: str) -> Account:
    """Gains that were made before: unrestricted money of the fund, which bears losses first."""
    return open_account(
        f"3011/{currency}", currency=currency, purpose=books.KEPT_GAINS(currency=currency), debits_within_credits=True
    )


def _through(currency: str) -> Account:
    """Where class money meets the result of exchange, so that the statement of the fund can tell it from costs."""
    return open_account(f"3091/{currency}", currency=currency, purpose=books.EXCHANGE(currency=currency))


def _gain(conversion: Conversion, minor: int) -> list[TransferDraft]:
    payment, currency = conversion.payment, conversion.payment.currency
    said = books.GAIN(payment=payment.key, grant=payment.tranche.grant.reference)
    income = open_account(f"4310/{currency}", currency=currency, purpose=books.GAINS(currency=currency))
    return [
        TransferDraft(result_key(conversion.pk, GAIN), bank_account(currency), income, minor, said),
        TransferDraft(uuid5(conversion.pk, "kept"), _through(currency), _kept_gains(currency), minor, said),
    ]


def _loss(conversion: Conversion, minor: int) -> list[TransferDraft]:
    payment, currency = conversion.payment, conversion.payment.currency
    said = books.LOSS(payment=payment.key, grant=payment.tranche.grant.reference)
    expense = open_account(f"7010/{currency}", currency=currency, purpose=books.LOSSES(currency=currency))
    bearers = _bearers(minor, currency)
    paid = TransferDraft(result_key(conversion.pk, LOSS), expense, bank_account(currency), minor, said)
    return [paid] + [
        TransferDraft(uuid5(conversion.pk, f"borne:{account.pk}"), account, _through(currency), part, said)
        for account, part in bearers
    ]


def _bearers(minor: int, currency: str) -> list[tuple[Account, int]]:
    """Who bears a loss: earlier gains, then money whose donors allow it; never zakat, waqf or other restricted money."""
    gains = _kept_gains(currency)
    lock_rows(Account.objects.filter(pk=gains.pk))
    first = min(minor, available_minor(gains))
    use = Use(on=timezone.localdate(), cost_type=CostType.EXCHANGE_LOSS)
    filling = filling_of(minor - first, use, currency=currency)
    if filling.missing_minor:
        asked = format_money(Money(minor, currency), (get_language() or "en")[:2])
        raise Refused(_("No money is free that may bear the exchange loss of %(amount)s.") % {"amount": asked})
    found = Contribution.objects.select_related("account").in_bulk([UUID(key) for key, _minor in filling.parts])
    sources = [(found[UUID(key)].account, part) for key, part in filling.parts]
    return [(account, part) for account, part in [(gains, first), *sources] if account is not None and part]
