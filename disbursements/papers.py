"""Papers about payments, drawn when somebody asks for them: their facts are the record's, their proof the log's."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import papers
from disbursements.events import PaymentConfirmed, PaymentSent
from disbursements.models import Payment, Voucher
from disbursements.selectors import zakat
from disbursements.selectors.waqf import WaqfStatement
from disbursements.voucher_events import VoucherIssued
from disbursements.waqf_words import FIGURES, PARTS
from funds.events import ContributionConfirmed, WaqfAdded
from funds.models import Contribution, WaqfDeed
from kernel.money import Money, format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words, list_in_words, moment_in_words


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


def voucher(one: Voucher, code: str, language: str) -> bytes:
    """The voucher of a cash payment, as PDF in ``language``, with the code that is kept nowhere else."""
    payment = one.payment
    grant = payment.tranche.grant
    with override(language):
        data = {
            "language": language,
            "reference": payment.key,
            "title": _("Voucher of a payment"),
            "facts": [
                (_("To"), grant.organisation.name_ar if language == "ar" else grant.organisation.name_latin),
                (_("Amount"), _money(payment, payment.amount_minor, language)),
                (_("Handed over by"), str(payment.provider)),
                (_("Grant"), grant.reference),
                (_("Valid until"), moment_in_words(one.expires_at, language=language)),
            ],
            "code_label": _("Code, to be told only where the cash is handed over"),
            "code": code,
            "rule": _("Count the cash before you tell the code. Whoever has the code can confirm the payment, once."),
            "proof": papers.printed(one, VoucherIssued.type),
        }
    return render_pdf("disbursements/voucher.typ", data)


def zakat_certificate(contribution: Contribution, language: str) -> bytes:
    """To whom the zakat of ``contribution`` was distributed and what still waits, as PDF in ``language``."""
    with override(language):
        [clock] = zakat.clocks([contribution])
        whole, grants = clock.left.minor == 0, zakat.reached(contribution)
        back = sum((one.paid for one in grants), Money(0, contribution.currency)) - clock.distributed
        facts = [
            (_("Donor"), contribution.donor.name.localize(language)),
            (_("Received on"), day_in_words(contribution.received_on, language=language)),
            (_("Amount"), format_money(Money(contribution.amount_minor, contribution.currency), language)),
            (_("Distributed"), format_money(clock.distributed, language)),
            *([(_("Given back by partners"), format_money(back, language))] if back.minor else []),
            (_("Still waits"), format_money(clock.left, language)),
            (_("With its recipients by"), day_in_words(clock.due_on, language=language)),
        ]
        data = {
            "language": language,
            "reference": contribution.reference,
            "title": _("Certificate of distributed zakat") if whole else _("Distribution of zakat so far"),
            "facts": facts,
            "head": [_("Grant"), _("Classes of recipients"), _("Paid until"), _("Amount")],
            "rows": [
                [
                    one.grant.code,
                    list_in_words(one.recipients, language=language),
                    f"{one.last_on:%Y-%m}" if one.grant.withheld else one.last_on.isoformat(),
                    format_money(one.paid, language),
                ]
                for one in grants
            ],
            "note": _("No cost of the fund, no fee and no loss of exchange was taken from it."),
            "proof": papers.printed(contribution, ContributionConfirmed.type),
        }
    return render_pdf("disbursements/zakat.typ", data)


def waqf_statement(told: WaqfStatement, deed: WaqfDeed | None, language: str) -> bytes:
    """A waqf in one year, as PDF in ``language``: the deed, capital, yield, and the lines that the yield was paid for."""
    with override(language):
        facts = [(_("Donor"), told.waqf.donor.name.localize(language)), (_("Year"), str(told.year))]
        if deed is not None:
            facts += [
                (_("Founder"), deed.founder),
                (_("Date of the deed"), day_in_words(deed.deeded_on, language=language)),
                (_("Nazir"), deed.nazir),
                (_("Conditions of the founder"), deed.conditions),
            ]
        data = {
            "language": language,
            "reference": str(told.year),
            "title": _("Statement of the waqf “%(name)s”") % {"name": told.waqf.name},
            "facts": facts,
            "parts": [
                {
                    "title": f"{PARTS[one.part]} ({one.currency})",
                    "rows": [[str(FIGURES[name]), format_money(money, language)] for name, money in one.rows],
                }
                for one in told.parts
            ],
            "head": [_("Grant"), _("Line of the budget"), _("Amount")],
            "lines": [[one.grant, one.line, format_money(one.paid, language)] for one in told.granted],
            "lines_title": _("What the yield was paid for in the year"),
            "note": _(
                "The capital was neither spent nor granted. No cost of the fund, no fee and no loss of exchange was taken from the yield."
            ),
            "proof": papers.printed(told.waqf, WaqfAdded.type),
        }
    return render_pdf("disbursements/waqf.typ", data)


def _money(payment: Payment, minor: int, language: str) -> str:
    return format_money(Money(minor, payment.currency), language)
