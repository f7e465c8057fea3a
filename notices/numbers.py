"""Numbers of people as gateways take them. Plain Python."""

import re
from typing import Final

from kernel.numerals import western_digits, without_marks

HOME: Final = "963"
"""Syria: a number that begins with one 0 is one of its."""
_BETWEEN: Final = re.compile(r"[\s()./\-–]+")
_ABROAD: Final = re.compile(r"[1-9]\d{7,14}", re.ASCII)
_ACCOUNT: Final = re.compile(r"[1-9]\d{4,14}", re.ASCII)


class UnreadableNumberError(ValueError):
    """No number that a gateway could reach."""


def telephone(text: str) -> str:
    """A telephone number in E.164 without its plus: ``0944 123 456`` is 963944123456; raises `UnreadableNumberError`."""
    number = _BETWEEN.sub("", without_marks(western_digits(text)))
    if number.startswith(("+", "00")):
        number = number.lstrip("+").removeprefix("00")
    elif number.startswith("0"):
        number = HOME + number[1:]
    if not _ABROAD.fullmatch(number):
        raise UnreadableNumberError(text)
    return number


def account(text: str) -> str:
    """The number of a Telegram account; raises `UnreadableNumberError`."""
    number = _BETWEEN.sub("", without_marks(western_digits(text)))
    if not _ACCOUNT.fullmatch(number):
        raise UnreadableNumberError(text)
    return number
