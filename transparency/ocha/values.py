"""Reading single values of OCHA's files: exactly, or not at all.

Money in these files is text of a 32-bit float (``1.201282E+07``), dates are American with a time, people are four
numbers in one text (``men##women##boys##girls``). Each reader returns what the text says or raises `Unreadable` with a
code and parameters; sentences for people are made from the code elsewhere.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

Parser = Callable[[str], Any]

DECIMAL_PLACES = 15
WHOLE_DIGITS = 20
"""Digits before the point that a column keeps; a single value has at most `MOST_DIGITS`, so sums of values fit."""
MOST_DIGITS = 15
_AMOUNT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII)
_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?Z?)?"
_AMERICAN = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_TIME}", re.ASCII)
_ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_TIME}", re.ASCII)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")


class Unreadable(ValueError):
    """A value that cannot be taken as it stands; ``code`` and ``params`` say why."""

    def __init__(self, code: str, *, column: str = "", **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.params = params


def exact(text: str) -> str:
    """The text as it stands, to the last space: identifiers and titles that other files refer to."""
    return text


def identifier(text: str) -> str:
    """A short code as it stands (up to 20 characters)."""
    if len(text) > 20:
        raise Unreadable("code_too_long", value=text)
    return text


def words(text: str) -> str:
    """Text made fit for reading: entities resolved, invisible characters and surplus spaces removed."""
    plain = html.unescape(html.unescape(text))
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", plain))
    return " ".join(plain.split())


def amount(text: str) -> Decimal | None:
    """An amount, exactly as written (``1.60762E+07`` is 16076200), or None when empty."""
    plain = text.strip()
    if not plain:
        return None
    if not _AMOUNT.fullmatch(plain):
        raise Unreadable("amount", value=text)
    value = Decimal(plain)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > DECIMAL_PLACES or value.adjusted() >= MOST_DIGITS:
        raise Unreadable("amount_too_long", value=text)
    return value


def whole(text: str) -> int | None:
    """A whole number, or None when empty; ``12.0`` is taken, ``12.5`` is not."""
    plain = text.strip()
    if not plain:
        return None
    if _WHOLE.fullmatch(plain):
        return int(plain)
    if _AMOUNT.fullmatch(plain):
        value = amount(plain)
        if value is not None and value == value.to_integral_value():
            return int(value)
    raise Unreadable("whole", value=text)


def small(text: str) -> int | None:
    """A short code number (up to 32,767), or None when empty."""
    value = whole(text)
    if value is not None and not 0 <= value <= 32_767:
        raise Unreadable("whole", value=text)
    return value


def year(text: str) -> int | None:
    """A year of four digits, or None when empty."""
    plain = text.strip()
    if not plain:
        return None
    if not _YEAR.fullmatch(plain):
        raise Unreadable("year", value=text)
    return int(plain)


def day(text: str) -> date | None:
    """The day of ``M/D/YYYY h:mm:ss AM`` or of an ISO date, or None when empty."""
    plain = text.strip()
    if not plain:
        return None
    if match := _AMERICAN.fullmatch(plain):
        month, day_of_month, in_year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(plain):
        in_year, month, day_of_month = (int(part) for part in match.groups())
    else:
        raise Unreadable("day", value=text)
    try:
        return date(in_year, month, day_of_month)
    except ValueError as error:
        raise Unreadable("no_such_day", value=text) from error


def people(text: str) -> tuple[int, int, int, int] | None:
    """Men, women, boys, girls of ``m##w##b##g``, or None when empty."""
    if not text.strip():
        return None
    parts = text.split("##")
    if len(parts) != 4:
        raise Unreadable("people", value=text)
    men, women, boys, girls = (whole(part) or 0 for part in parts)
    return men, women, boys, girls


def people_part(index: int) -> Parser:
    """A reader of one of the four numbers of `people`."""

    def part(text: str) -> int | None:
        counted = people(text)
        return None if counted is None else counted[index]

    return part


def split(text: str) -> list[str]:
    """The parts of a list joined by ``|||``; an empty text has none."""
    return text.split("|||") if text else []


def documents(text: str) -> list[dict[str, str]]:
    """Documents of an allocation: ``name##size##type##url##title`` joined by ``|||``."""
    names = ("name", "size", "kind", "url", "title")
    return [dict(zip(names, part.split("##"), strict=False)) for part in split(text) if part.strip("# ")]


def plans(text: str) -> list[dict[str, str]]:
    """Response plans of an allocation: ``plan##year`` joined by ``|||``."""
    return [dict(zip(("plan", "year"), part.split("##"), strict=False)) for part in split(text) if part.strip("# ")]
