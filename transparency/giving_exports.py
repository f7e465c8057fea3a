"""A donor's money as files: tables for spreadsheets, and the statement as a paper."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from funds.models import Donor
from kernel.money import Money, format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words, month_in_words
from kernel.spreadsheets import table_file
from kernel.templatetags.fund import places
from transparency.giving.statement import Line, Movement, Statement
from transparency.selectors.giving import GrantTold, Period, Share, SourceThread


def line_name(line: Line) -> str:
    """What a line of the statement is called."""
    names = {
        Line.RECEIVED: _("Received from you"),
        Line.REFUNDED: _("Given back by partners"),
        Line.PAID: _("Paid to partners"),
        Line.RETURNED: _("Given back to you"),
        Line.COSTS: _("Costs of the fund"),
    }
    return names[line]


def _file(kind: str, name: str, header: list[str], rows: Iterable[list[Any]]) -> FileResponse:
    return table_file(kind, name, header, rows, right_to_left=get_language_bidi())


def _amount(money: Money) -> str:
    return str(money.amount)


def threads_file(kind: str, threads: list[SourceThread]) -> FileResponse:
    """Every grant that each contribution is in, with the donor's own part."""
    header = [
        _("Contribution"), _("Call"), _("Grant"), _("Organisation"), _("Title"), _("Governorates"), _("Sector"),
        _("Promised"), _("Paid and received"), _("Still owed"), _("Given back by partners"), _("Currency"),
    ]  # fmt: skip
    rows = (
        [
            source.contribution.reference, one.call, *_told(one.grant), _amount(one.promised), _amount(one.paid),
            _amount(one.owed), _amount(one.refunded), one.currency,
        ]
        for source in threads
        for one in source.grants
    )  # fmt: skip
    return _file(kind, "contributions-and-grants", header, rows)


def portfolio_file(kind: str, shares: list[Share]) -> FileResponse:
    """The donor's proportional part of every grant that unearmarked money is in."""
    header = [
        _("Grant"), _("Organisation"), _("Title"), _("Governorates"), _("Sector"), _("Promised"), _("Paid and received"),
        _("Currency"),
    ]  # fmt: skip
    rows = ([*_told(one.grant), _amount(one.promised), _amount(one.paid), one.promised.currency] for one in shares)
    return _file(kind, "unearmarked", header, rows)


def _told(grant: GrantTold) -> list[str]:
    return [grant.code, grant.called, grant.title, places(grant.governorates), grant.sector]


def statement_rows(
    statement: Statement, period: Period, references: dict[UUID, str], told: dict[UUID, GrantTold]
) -> list[list[str]]:
    """The statement line by line: day, what, contribution, grant, signed amount in whole units."""
    rows = [[_month(period.first), _("Opening balance"), "", "", _signed(statement, statement.opening)]]
    for one in statement.movements:
        grant = told.get(one.grant) if one.grant else None
        rows.append(
            [
                day_of(one, told),
                line_name(one.line),
                references.get(one.contribution, ""),
                grant.code if grant else "",
                _signed(statement, one.line.sign * one.minor),
            ]
        )
    rows.append([_month(period.last), _("Closing balance"), "", "", _signed(statement, statement.closing)])
    return rows


def day_of(movement: Movement, told: Mapping[UUID, GrantTold]) -> str:
    """The day in words, or only the month where a partner's name is withheld, or may be: as `funds.telling` does."""
    day = timezone.localdate(movement.moment)
    return _month(day) if _is_hushed(movement, told) else day_in_words(day, language=get_language() or "ar")


def _is_hushed(movement: Movement, told: Mapping[UUID, GrantTold]) -> bool:
    """A commission names its payment alone, whose grant may be anybody's; a loss or a refund names its grant."""
    if movement.grant is not None:
        return movement.grant not in told or told[movement.grant].withheld
    if movement.about:
        return movement.about not in {one.code for one in told.values() if not one.withheld}
    return bool(movement.payment)


def _month(day: date | datetime) -> str:
    return month_in_words(day, language=get_language() or "ar")


def _signed(statement: Statement, minor: int) -> str:
    return str(Money(minor, statement.currency).amount)


def statement_file(kind: str, rows: list[list[str]], currency: str) -> FileResponse:
    """The statement as a table."""
    header = [_("Day"), _("What"), _("Contribution"), _("Grant"), _("Amount"), _("Currency")]
    return _file(kind, "statement", header, ([*row, currency] for row in rows))


def held_rows(statement: Statement) -> list[tuple[str, str, Money]]:
    """For what the closing balance is held, by the key of the figure; the rows add up to it."""
    held = statement.held
    kept = {
        "free": held.free,
        "for-calls": held.for_calls,
        "for-awards": held.for_awards,
        "owed": held.owed,
        "on-the-way": held.on_the_way,
        "for-costs": held.for_costs,
    }
    return [(key, figure_name(key), Money(minor, statement.currency)) for key, minor in kept.items() if minor]


def summary_rows(statement: Statement) -> list[tuple[str, str, Money]]:
    """Opening, the lines (what is taken off says so), closing, each by the key of the figure."""
    currency = statement.currency
    lines = [
        (
            line.value,
            line_name(line) if line.sign > 0 else _("Less: %(line)s") % {"line": line_name(line)},
            Money(minor, currency),
        )
        for line, minor in statement.sums.items()
    ]
    return [
        ("opening", _("Opening balance"), Money(statement.opening, currency)),
        *lines,
        ("closing", _("Closing balance"), Money(statement.closing, currency)),
    ]


def figure_name(key: str) -> str:
    """What a figure of the statement is called."""
    named = {
        "opening": _("Opening balance"),
        "closing": _("Closing balance"),
        "promised": _("Newly promised to grants in the period"),
        "free": _("Free"),
        "for-calls": _("Set aside for calls"),
        "for-awards": _("Kept for awards that are not signed yet"),
        "owed": _("Owed to signed grants"),
        "on-the-way": _("On its way to partners"),
        "for-costs": _("Kept for costs of payments"),
    }
    return named[key] if key in named else line_name(Line(key))


def statement_pdf(donor: Donor, statement: Statement, period: Period, rows: list[list[str]]) -> bytes:
    """The statement as a paper in the reader's language."""
    language = get_language() or "ar"

    def money(amount: Money) -> str:
        return format_money(amount, language)

    data = {
        "language": language,
        "currency": statement.currency,
        "title": _("Statement of your money"),
        "reference": f"{period.first:%Y-%m} – {period.last:%Y-%m}",
        "donor": str(donor.name),
        "facts": [
            (_("Period"), f"{_month(period.first)} – {_month(period.last)}"),
            (_("Drawn on"), day_in_words(timezone.localdate(), language=language)),
            (_("Newly promised to grants in the period"), money(Money(statement.promised, statement.currency))),
        ],
        "summary_head": (_("What"), _("Amount")),
        "summary": [(name, amount.minor) for _key, name, amount in summary_rows(statement)],
        "held_title": _("For what the closing balance is held"),
        "held": [(name, amount.minor) for _key, name, amount in held_rows(statement)],
        "entries_title": _("What came and went"),
        "entries_head": (_("Day"), _("What"), _("Contribution"), _("Grant"), _("Amount")),
        "entries": rows,
        "note": _(
            "Every line is a sum of transfers in the fund's books. Where a partner's name is withheld for its safety, the "
            "grant stands under a code that only you have, and days are told as months."
        ),
    }
    return render_pdf("transparency/statement.typ", data)
