"""Papers about payments, drawn when somebody asks for them: their facts are the record's, their proof the log's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import papers
from disbursements.events import PaymentConfirmed, PaymentSent
from disbursements.models import Payment
from kernel.money import Money, format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words


def advice(payment: Payment, language: str) -> bytes:
    """The advice of a payment that was sent, as PDF in ``language``; no account number stands on it."""
    return render_pdf("disbursements/advice.typ", advice_data(payment, language))


def advice_data(payment: Payment, language: str) -> dict[str, Any]:
    """What the advice shows."""
    grant = payment.tranche.grant
    organisation = grant.organisation
    with override(language):
        facts = [
            (_("Grant"), grant.reference),
            (_("Organisation"), organisation.name_ar if language == "ar" else organisation.name_latin),
            (_("Project"), grant.application.title),
            (_("Tranche"), str(payment.tranche.number)),
            (_("Amount"), _money(payment, payment.amount_minor, language)),
            (_("End-to-end number"), payment.key),
            (_("Bank reference"), payment.bank_reference),
            (_("Sent on"), day_in_words(payment.sent_on, language=language) if payment.sent_on else ""),
        ]
        if payment.received_minor is not None and payment.received_on is not None:
            facts += [
                (_("Amount received"), _money(payment, payment.received_minor, language)),
                (_("Bank fee"), _money(payment, payment.fee_minor, language)),
                (_("Received on"), day_in_words(payment.received_on, language=language)),
            ]
        return {
            "language": language,
            "reference": payment.key,
            "title": _("Advice of a payment"),
            "facts": facts,
            "slip_label": _("Fingerprint of the bank slip (SHA-256)"),
            "slip": payment.slip_sha256,
            "proof": papers.printed(payment, PaymentSent.type, PaymentConfirmed.type),
        }


def _money(payment: Payment, minor: int, language: str) -> str:
    return format_money(Money(minor, payment.currency), language)
