"""Reference rates of exchange and the two series of the Syrian pound. Plain Python (domain specification §5.6).

A rate is how many units of a currency one unit of the base is worth. On 1 January 2026 a hundred old pounds became one new
pound: the books hold new pounds only, and what is said in old ones is converted by that rate of the law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from kernel.money import Money, minor_digits

POUND: Final = "SYP"
NEW_POUND_FROM: Final = date(2026, 1, 1)
OLD_FOR_ONE_NEW: Final = 100


class Series(StrEnum):
    """Which pound is meant: the notes before and after the conversion have the same code."""

    OLD = "old"
    NEW = "new"


def in_new_pounds(minor: int, series: str) -> int:
    """Hundredths of new pounds for those of ``series``.

    Raises ValueError for old pounds that are no whole number of hundredths of the new one.
    """
    if series != Series.OLD:
        return minor
    if minor % OLD_FOR_ONE_NEW:
        raise ValueError("old pounds are converted in whole pounds")
    return minor // OLD_FOR_ONE_NEW


def series_fits(series: str, on: date) -> bool:
    """Whether pounds of ``series`` were there on a day: new ones only since the conversion."""
    return series != Series.NEW or on >= NEW_POUND_FROM


def mixed_up(said: Decimal | int, before: Decimal | int) -> bool:
    """Whether one number is about a hundred times the other: most likely the other series is meant.

    About: between fifty and two hundred times, so that no ordinary move of a rate hides the mistake.
    """
    if said <= 0 or before <= 0:
        return False
    times = Fraction(said) / Fraction(before)
    times = times if times >= 1 else 1 / times
    return Fraction(OLD_FOR_ONE_NEW, 2) <= times <= OLD_FOR_ONE_NEW * 2


def gap_percent(realised: Decimal, reference: Decimal) -> Decimal:
    """By how many percent a realised rate is below (negative) or above the reference, to two digits."""
    return ((realised / reference - 1) * 100).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Rates:
    """Units of each currency for one unit of ``base``."""

    base: str
    units: Mapping[str, Decimal]

    def knows(self, currency: str) -> bool:
        """Whether amounts of ``currency`` can be valued."""
        return currency == self.base or currency in self.units

    def valued(self, money: Money, *, fall_percent: int = 0) -> int | None:
        """Minor units of the base, rounded down; worth ``fall_percent`` less. None for a currency without a rate.

        What is owed (a negative amount) is rounded away from zero, so that no rounding makes money.
        """
        if money.currency == self.base:
            return money.minor
        if money.currency not in self.units:
            return None
        digits = Fraction(10) ** (minor_digits(self.base) - minor_digits(money.currency))
        worth = Fraction(money.minor) * digits / Fraction(self.units[money.currency])
        return (worth * (100 - fall_percent) / 100).__floor__()
