"""What stands behind figures of payments: of which sources, what arrived, what another currency made of them, files for the bank."""

# public: figures of payments, for partners
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements.conversions import GAIN, LOSS, result_key
from disbursements.models import Conversion, Payment, PaymentRun
from disbursements.selectors.conversions import conversion_shown
from disbursements.selectors.figures import link_to, of_payment
from disbursements.selectors.tranches import reservations_by_source
from disbursements.states import ConversionState, PaymentState
from grants.models import GrantFunding
from grants.selectors.grants import rules_of
from kernel.money import Money, format_money
from ledger.figures import Behind, Made, Piece, made_of, posted
from ledger.models import Transfer, TransferKind

ARRIVED, FEE, PAID_OUT, CHARGED, SHARE = "arrived", "bank-fee", "paid-out", "charged", "share"
PAYMENT_FIGURES: Final = (ARRIVED, FEE, PAID_OUT, CHARGED, LOSS, GAIN, SHARE)


@dataclass(frozen=True, slots=True)
class SourcePart:
    """What a payment takes from one source of its grant."""

    funding: GrantFunding
    money: Money


def sources_of(payment: Payment) -> list[SourcePart]:
    """What the payment takes from which source of the grant, the first committed first."""
    return [
        SourcePart(funding, Money(kept.amount_minor, kept.currency))
        for funding, kept in reservations_by_source(payment)
    ]


def behind_source_part(payment: Payment, funding: GrantFunding) -> Behind:
    """The transfer of a payment out of one source: what is reserved, then what was settled."""
    kept = [one.pk for source, one in reservations_by_source(payment) if source == funding]
    if payment.state == PaymentState.CONFIRMED:
        return posted(Transfer.objects.filter(kind=TransferKind.SETTLE, pending__in=kept), payment.currency)
    return posted(Transfer.objects.filter(pk__in=kept), payment.currency)


def behind_run(run: PaymentRun) -> Made:
    """The payments that a file for the bank orders, whatever became of them."""
    return made_of([of_payment(line.payment) for line in run.lines.all()], run.currency)


# What arrived, and in which currency ------------------------------------------------------------------------------


def behind_payment_part(payment: Payment, name: str) -> Behind | Made | None:
    """One of `PAYMENT_FIGURES`; None where the payment has no such figure."""
    if name in {ARRIVED, FEE}:
        return None if payment.received_minor is None else _received(payment, name)
    shown = conversion_shown(payment)
    found: Conversion | None = shown["conversion"]
    if found is None:
        return None
    if name in {LOSS, GAIN}:
        return _result(found, name)
    if name == SHARE:
        return made_of([_shared(payment, shown["share"])], payment.currency) if shown["share"] else None
    made: dict[str, Callable[[Conversion], Iterator[Piece]]] = {PAID_OUT: _paid_out, CHARGED: _charged}
    return made_of(made[name](found), found.currency if name == PAID_OUT else payment.currency)


def _part(payment: Payment, words: str, minor: int, name: str) -> Piece:
    return Piece(words, Money(minor, payment.currency), link_to("payment_part_figure", payment.pk, name))


def _received(payment: Payment, name: str) -> Made:
    arrived = payment.received_minor or 0
    if name == ARRIVED:
        pieces = [of_payment(payment), _part(payment, _("Bank fee"), -payment.fee_minor, FEE)]
    else:
        pieces = [of_payment(payment), _part(payment, _("Arrived"), -arrived, ARRIVED)]
    return made_of([one for one in pieces if one.money], payment.currency)


def _paid_out(found: Conversion) -> Iterator[Piece]:
    """The payment again, as the slip says it in the payee's currency."""
    charged = format_money(found.charged, get_language() or "ar")
    hint = _("%(charged)s at %(rate)s") % {"charged": charged, "rate": found.realised_units}
    url = link_to("payment_part_figure", found.payment_id, CHARGED)
    yield Piece(found.payment.key, found.paid_out, url, hint, share=True)


def _charged(found: Conversion) -> Iterator[Piece]:
    payment = found.payment
    yield of_payment(payment)
    if found.loss_minor > 0:
        yield _part(payment, _("Loss of exchange, borne by the fund"), found.loss_minor, LOSS)
    elif found.loss_minor < 0:
        yield _part(payment, _("Gain of exchange, kept by the fund"), found.loss_minor, GAIN)


def _result(found: Conversion, name: str) -> Behind | Made | None:
    """Loss or gain: the transfer that booked it, or before its confirmation how it is reckoned."""
    payment, sign = found.payment, 1 if name == LOSS else -1
    if found.loss_minor * sign <= 0:
        return None
    if found.state == ConversionState.CONFIRMED:
        return posted(Transfer.objects.filter(key=result_key(found.pk, name)), payment.currency)
    whole = of_payment(payment)
    pieces = [
        _part(payment, _("Charged to the fund"), sign * found.charged_minor, CHARGED),
        Piece(whole.label, whole.money * -sign, whole.url, whole.hint),
    ]
    return made_of(pieces, payment.currency)


def _shared(payment: Payment, minor: int) -> Piece:
    """The part of the payment that the charter puts on the fund above what stays with the project."""
    rules, whole = rules_of(payment.tranche.grant).exchange, of_payment(payment)
    said = {"share": rules.fund_share_above_percent, "limit": rules.stays_with_project_up_to_percent}
    hint = _("%(share)s %% of what is above %(limit)s %%") % said
    return Piece(whole.label, Money(minor, payment.currency), whole.url, hint, share=True)
