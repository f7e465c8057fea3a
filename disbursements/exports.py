"""Lists as files for spreadsheets: exactly what the filters show."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from disbursements.forecast import Forecast, Month
from disbursements.models import Payment, Tranche
from disbursements.selectors.fund_statement import ClassStatement, Line
from disbursements.selectors.waqf import Part, WaqfStatement
from disbursements.waqf_words import FIGURES, PARTS
from grants.models import Grant, Report
from kernel.money import Money
from kernel.spreadsheets import table_file


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount)


def _file(kind: str, name: str, header: list[str], rows: Any) -> FileResponse:
    return table_file(kind, name, header, rows, right_to_left=get_language_bidi())


def grants_file(kind: str, grants: QuerySet[Grant]) -> FileResponse:
    """The grants of a list, one a row; ``kind`` is one of `kernel.spreadsheets.FORMATS`, here and below."""
    header = [
        _("Reference"), _("Organisation"), _("Project"), _("Call"), _("State"), _("Amount"), _("Currency"), _("Months"),
        _("From"), _("Until"), _("Governorates"),
    ]  # fmt: skip
    return _file(kind, "grants", header, (_grant_row(grant) for grant in grants))


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


def tranches_file(kind: str, tranches: QuerySet[Tranche]) -> FileResponse:
    """The tranches of a list, one a row."""
    header = [
        _("Grant"), _("Organisation"), _("Number"), _("State"), _("Planned for"), _("Year"), _("Amount"), _("Currency"),
        _("Due"),
    ]  # fmt: skip
    return _file(kind, "tranches", header, (_tranche_row(one) for one in tranches))


def _tranche_row(one: Tranche) -> list[Any]:
    return [
        one.grant.reference,
        str(one.grant.organisation),
        one.number,
        one.get_state_display(),
        one.due_on,
        one.year,
        _amount(one.amount_minor, one.currency),
        one.currency,
        one.step_due.date() if one.step_due else "",
    ]


def payments_file(kind: str, payments: QuerySet[Payment]) -> FileResponse:
    """The payments of a list, one a row."""
    header = [
        _("Payment"), _("Grant"), _("Organisation"), _("Number"), _("State"), _("Amount"), _("Currency"), _("Sent on"),
        _("Bank reference"), _("Received on"), _("Amount received"), _("Bank fee"),
    ]  # fmt: skip
    return _file(kind, "payments", header, (_payment_row(payment) for payment in payments))


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


def reports_file(kind: str, reports: QuerySet[Report]) -> FileResponse:
    """The reports of a list, one a row."""
    header = [
        _("Grant"), _("Organisation"), _("Report"), _("Kind"), _("State"), _("From"), _("Until"), _("Due on"), _("Spent"),
        _("Currency"),
    ]  # fmt: skip
    return _file(kind, "reports", header, (_report_row(one) for one in reports))


def _report_row(one: Report) -> list[Any]:
    return [
        one.grant.reference,
        str(one.grant.organisation),
        one.label,
        one.get_kind_display(),
        one.get_state_display(),
        one.period_start,
        one.period_end,
        one.due_on,
        _amount(one.spent_minor, one.grant.currency),
        one.grant.currency,
    ]


def forecast_file(kind: str, found: Forecast, currency: str) -> FileResponse:
    """The months of a forecast, one a row."""
    header = [
        _("Month"), _("Expected receipts"), _("Promised payments"), _("Own costs, at most"), _("Left at the end"),
        _("Left if nothing arrives"), _("Currency"),
    ]  # fmt: skip
    return _file(kind, "forecast", header, (_month_row(one, currency) for one in found.months))


def _month_row(one: Month, currency: str) -> list[Any]:
    figures = (one.receipts_minor, one.payments_minor, one.own_costs_minor, one.closing_minor, one.certain_minor)
    return [f"{one.first:%Y-%m}", *(_amount(minor, currency) for minor in figures), currency]


def fund_statement_file(kind: str, rows: Sequence[ClassStatement], lines: Mapping[Line, Any]) -> FileResponse:
    """The fund's statement, one class and currency a row."""
    header = [_("Class"), _("Currency"), _("At the beginning"), *map(str, lines.values()), _("At the end")]
    return _file(kind, "fund-statement", header, (_class_row(row, lines) for row in rows))


def _class_row(row: ClassStatement, lines: Mapping[Line, Any]) -> list[Any]:
    figures = (row.opening, *(row.lines[line] for line in lines), row.closing)
    return [row.label, row.opening.currency, *(str(money.amount) for money in figures)]


def waqf_file(kind: str, told: WaqfStatement) -> FileResponse:
    """A waqf in one year: its figures, then the lines of grants that its yield was paid for."""
    header = [_("Year"), _("Part"), _("What"), _("Grant"), _("Amount"), _("Currency")]
    figures = [
        [told.year, str(PARTS[one.part]), str(FIGURES[name]), "", str(money.amount), one.currency]
        for one in told.parts
        for name, money in one.rows
    ]
    lines = [
        [told.year, str(PARTS[Part.YIELD]), row.line, row.grant, str(row.paid.amount), row.paid.currency]
        for row in told.granted
    ]
    return _file(kind, f"waqf-{told.year}", header, iter([*figures, *lines]))
