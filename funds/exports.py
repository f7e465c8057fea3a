"""Lists of donors' money as files for spreadsheets: exactly what the filters show."""

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from funds import selectors
from funds.models import Contribution, Donor, Pledge
from kernel.money import Money
from kernel.spreadsheets import table_file


def _amount(money: Money) -> str:
    return str(money.amount)


def _file(kind: str, name: str, header: list[str], rows: Any) -> FileResponse:
    return table_file(kind, name, header, rows, right_to_left=get_language_bidi())


def donors_file(kind: str, donors: QuerySet[Donor]) -> FileResponse:
    """The donors of a list, one a row; ``kind`` is one of `kernel.spreadsheets.FORMATS`, here and below."""
    header = [_("Donor"), _("Kind"), _("Name unpublished")]
    rows = ([str(one.name), one.get_kind_display(), _("yes") if one.withhold_name else _("no")] for one in donors)
    return _file(kind, "donors", header, rows)


def pledges_file(kind: str, pledges: QuerySet[Pledge]) -> FileResponse:
    """The pledges of a list, one a row: promises, never money."""
    header = [
        _("Donor"), _("Expected on"), _("Signed on"), _("Restriction"), _("State"), _("Amount"), _("Currency"),
    ]  # fmt: skip
    return _file(kind, "pledges", header, (_pledge_row(one) for one in pledges))


def _pledge_row(one: Pledge) -> list[Any]:
    return [
        str(one.donor),
        one.expected_on,
        one.signed_on or "",
        one.get_restriction_class_display(),
        one.get_state_display(),
        _amount(Money(one.amount_minor, one.currency)),
        one.currency,
    ]


def contributions_file(kind: str, contributions: QuerySet[Contribution]) -> FileResponse:
    """The contributions of a list, one a row, with what of each is free."""
    header = [
        _("Reference"), _("Donor"), _("Received on"), _("Bank reference"), _("Restriction"), _("To be used by"), _("State"),
        _("Amount"), _("Currency"), _("Free"),
    ]  # fmt: skip
    rows = list(contributions)
    free = selectors.available_of(rows)
    return _file(kind, "contributions", header, (_contribution_row(one, free[one.pk]) for one in rows))


def _contribution_row(one: Contribution, free: Money) -> list[Any]:
    return [
        one.reference,
        str(one.donor),
        one.received_on,
        one.bank_reference,
        one.get_restriction_class_display(),
        one.use_by or "",
        one.get_state_display(),
        _amount(Money(one.amount_minor, one.currency)),
        one.currency,
        _amount(free),
    ]
