"""The register of decisions as a file."""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from kernel.money import Money
from kernel.spreadsheets import table_file
from kernel.templatetags.fund import places
from transparency.selectors.decisions import DecisionTold


def decisions_file(kind: str, decisions: Iterable[DecisionTold]) -> FileResponse:
    """One decision a row; scores and votes as text, because each call has criteria of its own."""
    header = [
        _("Code"), _("Organisation"), _("Title"), _("Governorates"), _("Sector"), _("Month of signature"), _("Decision"),
        _("Amount"), _("Currency"), _("Panel's mean of 100"), _("Mean by criterion"), _("Votes"),
        _("Votes of civil society"), _("Votes needed"), _("Leaf in the log"),
    ]  # fmt: skip
    return table_file(kind, "decisions", header, map(_row, decisions), right_to_left=get_language_bidi(), public=True)


def _row(one: DecisionTold) -> list[Any]:
    row, votes = one.row, one.votes
    return [
        row.code, row.name, row.title, places(row.governorates), row.get_sector_display() if row.sector else "",
        f"{row.month:%Y-%m}" if row.month else "", one.outcome,
        "" if row.signed_minor is None else str(Money(row.signed_minor, row.currency).amount), row.currency, one.mean,
        _pairs(one.criteria), _pairs(votes.counts), _pairs(votes.civil_society or ()), votes.needed, one.leaf,
    ]  # fmt: skip


def _pairs(pairs: Iterable[tuple[str, Any]]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in pairs)
