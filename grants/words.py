"""Amounts and codes inside sentences that are made before the reader's language is known."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language

from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words, moment_in_words


def _amount(minor: int, currency: str) -> str:
    return format_money(Money(minor, currency), get_language() or "en")


amount = lazy(_amount, str)
"""``amount(minor, currency)``: an amount as its reader writes it."""


def _listed(words: Iterable[object]) -> str:
    comma = "، " if get_language() == "ar" else ", "
    return comma.join(str(word) for word in words)


listed = lazy(_listed, str)
"""``listed(words)``: several things, one after the other."""


def _moment(value: datetime) -> str:
    return moment_in_words(value, language=get_language() or "en")


moment = lazy(_moment, str)
"""``moment(value)``: weekday, day, hour and zone."""

Words = str | Promise


def _day(value: date) -> str:
    return day_in_words(value, language=get_language() or "en")


day = lazy(_day, str)
"""``day(value)``: a day in words."""
