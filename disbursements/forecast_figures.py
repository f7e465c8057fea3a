"""What the figures of the forecast are made of: accounts today, the pledges and tranches of months to come."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements.forecast import YEAR, Due, Forecast, Moment, Scenario, month_of, months_later
from disbursements.forms.forecast import ScenarioForm
from disbursements.selectors.liquidity import Liquidity, Promised, usable
from kernel.money import Money, format_money, shares
from kernel.pieces.words import day_in_words, month_in_words
from ledger.figures import Made, Piece, made_of

OPENING, RESERVE, USED, LOWEST, UNCOVERED = "usable", "reserve", "reserve-used", "lowest", "not-covered"
RECEIPTS, PAYMENTS, OWN, CLOSING, CERTAIN = "receipts", "payments", "own-costs", "closing", "certain"
MONTHLY: Final = (RECEIPTS, PAYMENTS, OWN, CLOSING, CERTAIN)


@dataclass(frozen=True)
class Asked:
    """A forecast in a scenario, and whether the reader may open accounts of the ledger."""

    found: Liquidity
    scenario: Scenario
    reads_books: bool

    @cached_property
    def result(self) -> Forecast:
        """The forecast as its page shows it."""
        return self.found.under(self.scenario)

    @cached_property
    def moments(self) -> list[Moment]:
        """What changes the cash, in order."""
        return self.found.moments(self.scenario)

    @cached_property
    def promised(self) -> dict[str, Promised]:
        """The promised payments by their keys."""
        return {one.due.key: one for one in self.found.promised}

    @property
    def address(self) -> str:
        """The scenario as the address carries it."""
        asked = {name: value for name, value in ScenarioForm.address(self.scenario).items() if value}
        return f"?{urlencode(asked, doseq=True)}" if asked else ""

    def money(self, minor: int) -> Money:
        """An amount of the forecast."""
        return Money(minor, self.found.rates.base)

    def url(self, name: str, first: date | None = None) -> str:
        """Where a figure of the same scenario opens."""
        if first is None:
            return reverse("disbursements:forecast_figure", args=[name]) + self.address
        return reverse("disbursements:forecast_month", args=[name, f"{first:%Y-%m}"]) + self.address


def behind(asked: Asked, name: str, month: str) -> Made | None:
    """A figure of the forecast, in a month for those of `MONTHLY`; None where there is no such figure."""
    if name in MONTHLY:
        number = next((at for at, one in enumerate(asked.result.months) if one.key == month), None)
        return None if number is None else made_of(_of_month(asked, name, number), asked.found.rates.base)
    made = _WHOLE.get(name)
    return None if made is None or month else made_of(made(asked), asked.found.rates.base)


def words_of(name: str, month: str) -> dict[str, Any]:
    """What the page of a figure is called."""
    named = {
        OPENING: _("Usable today"),
        RESERVE: _("Reserve by the charter"),
        USED: _("Of it used"),
        LOWEST: _("Least at any moment"),
        UNCOVERED: _("Not covered"),
        RECEIPTS: _("Expected receipts"),
        PAYMENTS: _("Promised payments"),
        OWN: _("Own costs, at most"),
        CLOSING: _("Left at the end"),
        CERTAIN: _("Left if nothing arrives"),
    }
    language = get_language() or "ar"
    label = month_in_words(date.fromisoformat(f"{month}-01"), language=language) if month else _("Forecast of cash")
    return {"label": label, "name": named[name]}


# Months -----------------------------------------------------------------------------------------------------------


def _of_month(asked: Asked, name: str, number: int) -> Iterator[Piece]:
    month = asked.result.months[number]
    here = [one for one in asked.moments if month_of(one.day) == month.first]
    if name == RECEIPTS:
        return (receipt_piece(asked, one) for one in here if one.receipt is not None)
    if name == PAYMENTS:
        return (payment_piece(asked, one, one.paid_minor) for one in here if one.due is not None)
    if name == OWN:
        percent = asked.found.assumptions.own_costs_percent
        return (payment_piece(asked, one, one.own_minor, percent) for one in here if one.own_minor)
    return _left(asked, name, number)


def _left(asked: Asked, name: str, number: int) -> Iterator[Piece]:
    month = asked.result.months[number]
    before = asked.result.months[number - 1] if number else None
    if before is None:
        yield Piece(_("Usable today"), asked.money(asked.result.opening_minor), asked.url(OPENING))
    else:
        minor = before.closing_minor if name == CLOSING else before.certain_minor
        words = month_in_words(before.first, language=get_language() or "ar")
        yield Piece(words, asked.money(minor), asked.url(name, before.first))
    flows = [(PAYMENTS, -month.payments_minor), (OWN, -month.own_costs_minor)]
    if name == CLOSING:
        flows.insert(0, (RECEIPTS, month.receipts_minor))
    for flow, minor in flows:
        yield Piece(words_of(flow, "")["name"], asked.money(minor), asked.url(flow, month.first))


def receipt_piece(asked: Asked, one: Moment) -> Piece:
    """What is expected of a pledge, which opens it."""
    receipt = one.receipt
    assert receipt is not None  # noqa: S101 -- asked of receipts only
    language = get_language() or "ar"
    hint = _("%(percent)s %% of %(sum)s, expected %(day)s") % {
        "percent": receipt.percent,
        "sum": format_money(receipt.money, language),
        "day": day_in_words(receipt.day, language=language),
    }
    url = reverse("funds:pledge_figure", args=[receipt.key])
    name = asked.found.donors.get(receipt.donor, "")
    return Piece(name, asked.money(one.received_minor), url, hint, share=True)


def payment_piece(asked: Asked, one: Moment, minor: int, percent: int = 100) -> Piece:
    """``minor`` units of a promised payment, or of the costs beside it, which open its tranche."""
    due = one.due
    assert due is not None  # noqa: S101 -- asked of payments only
    return due_piece(asked, due, minor, percent)


def due_piece(asked: Asked, due: Due, minor: int, percent: int = 100) -> Piece:
    """A share of a promised payment, valued in the currency of the forecast; it opens its tranche or, before that, its grant."""
    promised, language = asked.promised[due.key], get_language() or "ar"
    day, whole = day_in_words(due.day, language=language), format_money(due.money, language)
    hint = day if percent == 100 else f"{percent} % · {whole} · {day}"
    return Piece(f"{promised.reference} · {promised.number}", asked.money(minor), promised.opens, hint, share=True)


# The whole forecast -----------------------------------------------------------------------------------------------


def _opening(asked: Asked) -> Iterator[Piece]:
    for one in usable():
        fall = asked.scenario.falls.get(one.money.currency, 0)
        worth = one.sign * (asked.found.rates.valued(one.money, fall_percent=fall) or 0)
        if worth:
            url = reverse("ledger:account_figure", args=[one.account.pk, one.figure]) if asked.reads_books else ""
            yield Piece(
                one.account.title, asked.money(worth), url, share=one.valued(asked.found.rates), code=one.account.code
            )


def _reserve(asked: Asked) -> Iterator[Piece]:
    """The charter's share of what is promised within a year, spread over the payments to the cent."""
    end, percent = months_later(asked.found.today, YEAR), asked.found.assumptions.reserve_percent
    year = [one for one in asked.moments if one.due is not None and one.day < end]
    parts = shares(asked.result.reserve_minor, [one.paid_minor for one in year]) if asked.result.reserve_minor else []
    return (payment_piece(asked, one, minor, percent) for one, minor in zip(year, parts, strict=False))


def _used(asked: Asked) -> Iterator[Piece]:
    reserve, used = asked.result.reserve_minor, asked.result.reserve_used_minor
    if not used:
        return
    yield Piece(_("Reserve by the charter"), asked.money(reserve), asked.url(RESERVE))
    yield Piece(_("Least at any moment"), asked.money(-asked.result.lowest_minor), asked.url(LOWEST))
    if rest := used - reserve + asked.result.lowest_minor:
        yield Piece(_("What not even the reserve covers"), asked.money(rest))


def _lowest(asked: Asked) -> Iterator[Piece]:
    """Today's cash and every change of it up to the moment at which the least is there."""
    cash, last = asked.result.opening_minor, 0
    least = cash
    for number, one in enumerate(asked.moments, start=1):
        cash += one.minor
        if cash < least:
            least, last = cash, number
    yield from cash_after(asked, last)


def cash_after(asked: Asked, number: int) -> Iterator[Piece]:
    """Today's cash, and the first so many changes of it."""
    yield Piece(_("Usable today"), asked.money(asked.result.opening_minor), asked.url(OPENING))
    for one in asked.moments[:number]:
        yield from changes_by(asked, one)


def changes_by(asked: Asked, one: Moment) -> Iterator[Piece]:
    """How a moment changes the cash: a receipt, or a payment and the fund's own costs beside it."""
    if one.receipt is not None:
        yield receipt_piece(asked, one)
        return
    yield payment_piece(asked, one, -one.paid_minor)
    if one.own_minor:
        yield payment_piece(asked, one, -one.own_minor, asked.found.assumptions.own_costs_percent)


def _uncovered(asked: Asked) -> Iterable[Piece]:
    return (due_piece(asked, one.due, one.missing_minor) for one in asked.result.at_risk if one.missing_minor)


_WHOLE: dict[str, Callable[[Asked], Iterable[Piece]]] = {
    OPENING: _opening,
    RESERVE: _reserve,
    USED: _used,
    LOWEST: _lowest,
    UNCOVERED: _uncovered,
}
