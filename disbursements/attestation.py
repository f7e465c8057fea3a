"""The attestation of a payment: what a bank asks before it carries money to Syria, on one paper, each fact from the record."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import papers
from audit.sealed import opened_or
from disbursements.events import PaymentPrepared, PaymentSent
from disbursements.models import Payment
from disbursements.selectors import approvals_shown
from disbursements.states import Exemption
from kernel.money import Money, format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words, in_damascus, list_in_words
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.selectors.screening import screenings_of

MOST_SEARCHES = 10
"""Searches of the lists of sanctions on one paper, the latest first."""


def attestation(payment: Payment, language: str, *, exemption: str, citation: str, reader: Any) -> bytes:
    """The paper for the bank as PDF in ``language``: purpose, payee, approvals, searches, and the exemption cited."""
    with override(language):
        data = {
            "language": language,
            "reference": payment.key,
            "title": _("Attestation of a payment"),
            "facts": _facts(payment, language),
            "purpose_label": _("Purpose"),
            "purpose": payment.tranche.grant.application.summary,
            "payee_label": _("Payee"),
            "payee": _payee(payment),
            "approvals_label": _("Approvals"),
            "approvals_head": [_("Approval"), _("By"), _("On")],
            "approvals": [
                [one.get_kind_display(), str(one.approver), _day(one.recorded_at, language)]
                for one in approvals_shown(payment.tranche)
            ],
            "searches_label": _("Searches in the lists of sanctions"),
            "searches_head": [_("On"), _("Occasion"), _("Names compared"), _("Likenesses found")],
            "searches": _searches(payment, language, reader),
            "exemption_label": _("Exemption cited"),
            "exemption": str(Exemption(exemption).label),
            "citation": citation,
            "note": _("The fund attests that the facts above stand in its record of decisions."),
            "proof": papers.printed(payment, PaymentSent.type, PaymentPrepared.type),
        }
    return render_pdf("disbursements/attestation.typ", data)


def _facts(payment: Payment, language: str) -> list[tuple[str, str]]:
    application = payment.tranche.grant.application
    places = [str(Governorate(code).label) for code in application.governorates]
    return [
        (_("Amount"), format_money(Money(payment.amount_minor, payment.currency), language)),
        (_("Grant"), payment.tranche.grant.reference),
        (_("Project"), application.title),
        (_("Sector"), str(Sector(application.sector).label) if application.sector else ""),
        (_("Governorates"), list_in_words(places, language=language)),
        (_("Channel"), payment.get_channel_display()),
        (_("Provider"), str(payment.provider) if payment.provider else "–"),
    ]


def _payee(payment: Payment) -> list[tuple[str, str]]:
    organisation, account = payment.tranche.grant.organisation, payment.bank_account
    return [
        (_("Organisation"), organisation.name_ar),
        (_("Name in Latin letters"), organisation.name_latin),
        (_("Account holder, in Latin letters"), str(opened_or(account, "holder_latin", "–"))),
        (_("Bank"), str(opened_or(account, "bank", "–"))),
        (_("IBAN or account number"), str(opened_or(account, "number", "–"))),
    ]


def _searches(payment: Payment, language: str, reader: Any) -> list[list[str]]:
    """The latest searches of the payee's names, and of the provider's where one carries the payment."""
    rows = [
        [_day(one.recorded_at, language), one.get_occasion_display(), str(one.names), str(one.hits)]
        for one in screenings_of(reader, payment.tranche.grant.organisation)[:MOST_SEARCHES]
    ]
    if payment.provider is not None:
        rows += [
            [_day(one.recorded_at, language), str(payment.provider), "–", one.get_outcome_display()]
            for one in payment.provider.screenings.order_by("-recorded_at")[:MOST_SEARCHES]
        ]
    return rows


def _day(moment: Any, language: str) -> str:
    return day_in_words(in_damascus(moment).date(), language=language)
