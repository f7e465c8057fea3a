"""Amounts of money: whole minor units of a currency, never a float.

The database holds integers in minor units (cents of a dollar); `Decimal` and text exist at the edges only.
This module is plain Python: it knows no Django.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Final

MINOR_DIGITS: Final[dict[str, int]] = {
    "JPY": 0,
    "KRW": 0,
    "BHD": 3,
    "IQD": 3,
    "JOD": 3,
    "KWD": 3,
    "LYD": 3,
    "OMR": 3,
    "TND": 3,
}
"""Digits after the point by ISO 4217, where they are not two."""

NAMES: Final[dict[str, dict[str, str]]] = {
    "ar": {"USD": "دولار", "EUR": "يورو", "SYP": "ل.س", "TRY": "ليرة تركية", "GBP": "جنيه إسترليني"},
}
"""What an amount is followed by in languages that do not simply write the code."""

_NO_BREAK_SPACE = "\u00a0"
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"
"""An isolate of Unicode's bidirectional algorithm, which no first-strong guess of a direction looks into."""
_PLAIN = re.compile(r"-?\d+(\.\d+)?")


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies were added or compared."""


def minor_digits(currency: str) -> int:
    """How many digits a currency has after the point (2 for USD)."""
    return MINOR_DIGITS.get(currency, 2)


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Split the whole number ``total`` by ``weights`` so that the parts sum to it exactly.

    The method of largest remainders: each part is its exact share rounded down, and the units left over go to the
    largest remainders, the earlier part first when two are equal. A negative total is split like its opposite.
    Raises ValueError when a weight is negative or all are zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and not all zero")
    if total < 0:
        return [-part for part in shares(-total, weights)]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount: ``minor`` units (may be negative) of the ISO 4217 ``currency``."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are a whole number, not {self.minor!r}")
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(f"a currency is three capital letters, not {self.currency!r}")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> "Money":
        """The money of an exact amount in whole units, ``Money.of("12.50", "USD")``.

        Raises ValueError for what is not a plain decimal number or has more digits than the currency's smallest coin.
        """
        if isinstance(amount, str):
            if not _PLAIN.fullmatch(amount) or not amount.isascii():
                raise ValueError(f"not a plain decimal number: {amount!r}")
            amount = Decimal(amount)
        elif type(amount) is not int and not isinstance(amount, Decimal):
            raise TypeError(f"an exact amount is needed, not {amount!r}")
        scaled = Decimal(amount).scaleb(minor_digits(currency))
        if scaled != int(scaled):
            raise ValueError(f"{amount} is finer than the smallest unit of {currency}")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with the currency's digits after the point."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def allocate(self, weights: Sequence[int]) -> list["Money"]:
        """Split by ``weights`` without losing a cent (largest remainder, see `shares`)."""
        return [Money(part, self.currency) for part in shares(self.minor, weights)]

    def _minor_of(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be put together")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._minor_of(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


def format_amount(money: Money) -> str:
    """The number alone, ``1,234.50``: what `kernel.numerals.parse_amount` reads back, in every language."""
    return f"{money.amount:,}"


def format_money(money: Money, language: str) -> str:
    """The amount for people: ``USD 1,234.50``, in Arabic ``1,234.50 دولار``; parts never break over two lines.

    Digits and separators are the same in all languages of the fund, so that a number can be compared between the
    Arabic and the English copy of an agreement and typed back as it is shown. A minus begins no number in text from right
    to left, where it would be drawn behind the last digit: such a number stands in an isolate from left to right.
    """
    number = format_amount(money) if money.minor >= 0 else f"{_LEFT_TO_RIGHT}{format_amount(money)}{_END}"
    names = NAMES.get(language)
    if names is None:
        return f"{money.currency}{_NO_BREAK_SPACE}{number}"
    name = names.get(money.currency, money.currency).replace(" ", _NO_BREAK_SPACE)
    return f"{number}{_NO_BREAK_SPACE}{name}"
