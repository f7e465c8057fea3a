"""What the forecast's warnings are made of: windows to bridge, payments that are not covered, amounts without a rate."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements.forecast import Moment
from disbursements.forecast_figures import CLOSING, OPENING, UNCOVERED, Asked, cash_after, changes_by, payment_piece
from disbursements.selectors.liquidity import Promised, usable
from kernel.money import Money
from kernel.pieces.words import day_in_words, month_in_words
from ledger.figures import Made, Piece, made_of

AMOUNT, BEFORE = "amount", "before"
RISK_FIGURES: Final = (AMOUNT, UNCOVERED, BEFORE)


def risk_words(name: str) -> str:
    """What a figure of a payment at risk is called."""
    return {AMOUNT: _("Amount"), UNCOVERED: _("Not covered"), BEFORE: _("Left before it")}[name]


# Windows ----------------------------------------------------------------------------------------------------------


def behind_window(asked: Asked, month: str) -> Made | None:
    """What is missing at the worst in the window that begins with a month: how the cash falls to it."""
    found = next((one for one in asked.result.bridges() if one.key == month), None)
    if found is None:
        return None
    months = asked.result.months
    within = [at for at, one in enumerate(months) if found.first <= one.first <= found.last]
    worst = min(within, key=lambda at: (months[at].lowest_minor, at))
    pieces = [replace(one, money=-one.money) for one in _down_to_the_least(asked, worst)]
    return made_of(pieces, asked.found.rates.base)


def _down_to_the_least(asked: Asked, number: int) -> Iterator[Piece]:
    """What there is when a month begins, and its changes up to the moment at which the least is there."""
    month = asked.result.months[number]
    cash = asked.result.months[number - 1].closing_minor if number else asked.result.opening_minor
    if number:
        before = asked.result.months[number - 1].first
        words = month_in_words(before, language=get_language() or "ar")
        yield Piece(words, asked.money(cash), asked.url(CLOSING, before))
    else:
        yield Piece(_("Usable today"), asked.money(cash), asked.url(OPENING))
    for one in asked.moments:
        if one.day.replace(day=1) != month.first:
            continue
        if cash == month.lowest_minor:
            return
        cash += one.minor
        yield from changes_by(asked, one)


# Payments at risk -------------------------------------------------------------------------------------------------


def promised_of(asked: Asked, grant: UUID, number: int) -> Promised | None:
    """The payment of a grant with this number, where it is at risk."""
    risky = {one.due.key for one in asked.result.at_risk}
    found = (one for one in asked.found.promised if (one.grant, one.number) == (grant, number))
    return next((one for one in found if one.due.key in risky), None)


def behind_risk(asked: Asked, promised: Promised, name: str) -> Made:
    """One of `RISK_FIGURES` of a payment at risk."""
    at, moment = _moment_of(asked, promised)
    if name == AMOUNT:
        return made_of([_whole(promised)], promised.due.money.currency)
    if name == BEFORE:
        return made_of(cash_after(asked, at), asked.found.rates.base)
    return made_of(_missing(asked, promised, at, moment), asked.found.rates.base)


def _moment_of(asked: Asked, promised: Promised) -> tuple[int, Moment]:
    key = promised.due.key
    return next((at, one) for at, one in enumerate(asked.moments) if one.due is not None and one.due.key == key)


def _whole(promised: Promised) -> Piece:
    """The tranche, or what an extension adds; before the signature the award, of whose plan it is a part."""
    label, due = f"{promised.reference} · {promised.number}", promised.due
    day = day_in_words(due.day, language=get_language() or "ar")
    if promised.tranche or promised.extension:
        return Piece(label, due.money, promised.opens, day)
    return Piece(
        label, due.money, promised.opens, _("by the schedule of the offer, %(day)s") % {"day": day}, share=True
    )


def _missing(asked: Asked, promised: Promised, at: int, moment: Moment) -> Iterator[Piece]:
    """The payment less what is left before it; where nothing is, all of it is missing."""
    left = asked.result.opening_minor + sum(one.minor for one in asked.moments[:at])
    yield payment_piece(asked, moment, moment.paid_minor)
    if left > 0:
        covered = min(left, moment.paid_minor)
        url = reverse("disbursements:forecast_risk", args=[promised.grant, promised.number, BEFORE]) + asked.address
        yield Piece(risk_words(BEFORE), asked.money(-covered), url, share=covered != left)


# Without a rate ---------------------------------------------------------------------------------------------------


def behind_unvalued(asked: Asked, currency: str) -> Made | None:
    """The amounts in a currency for which no rate is recorded: had, promised and expected, none set off against another."""
    pieces = [one for one in _unvalued(asked) if one.money.currency == currency]
    known = {one.currency for one in asked.result.unvalued}
    return made_of(pieces, currency) if currency in known else None


def _unvalued(asked: Asked) -> Iterator[Piece]:
    for held in usable():
        money = Money(abs(held.money.minor), held.money.currency)
        url = reverse("ledger:account_figure", args=[held.account.pk, held.figure]) if asked.reads_books else ""
        if money:
            yield Piece(held.account.title, money, url, share=held.sign < 0, code=held.account.code)
    for promised in asked.found.promised:
        yield _whole(promised)
    for one in asked.found.receipts:
        if one.donor not in asked.scenario.stopped:
            url, day = (
                reverse("funds:pledge_figure", args=[one.key]),
                day_in_words(one.day, language=get_language() or "ar"),
            )
            yield Piece(asked.found.donors.get(one.donor, ""), one.money, url, day, share=True)
