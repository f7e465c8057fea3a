"""Lists as files for spreadsheets: exactly what the filters show."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from disbursements.models import Payment
from grants.models import Grant
from kernel.csv_files import csv_file
from kernel.money import Money


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)


def grants_csv(grants: QuerySet[Grant]) -> HttpResponse:
    """The grants of a list, one a row."""
    header = [
        _("Reference"), _("Organisation"), _("Project"), _("Call"), _("State"), _("Amount"), _("Currency"), _("Months"),
        _("From"), _("Until"), _("Governorates"),
    ]  # fmt: skip
    return csv_file("grants.csv", header, (_grant_row(grant) for grant in grants))


def _grant_row(grant: Grant) -> list[Any]:
    return [
        grant.reference,
        str(grant.organisation),
        grant.application.title,
        grant.call.reference,
        grant.get_state_display(),
        _amount(grant.amount_minor, grant.currency),
        grant.currency,
        grant.months,
        grant.starts_on or "",
        grant.ends_on or "",
        " ".join(grant.application.governorates),
    ]


def payments_csv(payments: QuerySet[Payment]) -> HttpResponse:
    """The payments of a list, one a row."""
    header = [
        _("Payment"), _("Grant"), _("Organisation"), _("Number"), _("State"), _("Amount"), _("Currency"), _("Sent on"),
        _("Bank reference"), _("Received on"), _("Amount received"), _("Bank fee"),
    ]  # fmt: skip
    return csv_file("payments.csv", header, (_payment_row(payment) for payment in payments))


def _payment_row(payment: Payment) -> list[Any]:
    received = payment.received_minor
    return [
        payment.key,
        payment.tranche.grant.reference,
        str(payment.tranche.grant.organisation),
        payment.tranche.number,
        payment.get_state_display(),
        _amount(payment.amount_minor, payment.currency),
        payment.currency,
        payment.sent_on or "",
        payment.bank_reference,
        payment.received_on or "",
        _amount(received, payment.currency) if received is not None else "",
        _amount(payment.fee_minor, payment.currency),
    ]
