"""Days as people write them: ISO, day/month/year, or with the month's name in Arabic, English or Kurmanji."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final

from babel.dates import get_month_names

from kernel.numerals import western_digits, without_marks
from kernel.texts import search_key

# ar_SY says كانون الثاني, ar يناير; both are read.
_LOCALES: Final = ("ar_SY", "ar", "en", "ku")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{4})", re.ASCII)
_NAMED: Final = re.compile(r"(\d{1,2})\.? ?([^\d,،]+?)[,،]? ?(\d{4})", re.ASCII)


# Common spellings that the locale data lack.
_ALSO: Final = {"كانون ثاني": 1, "تشرين أول": 10, "تشرين ثاني": 11, "كانون أول": 12, "sept": 9, "çile": 1}


def _names() -> Iterator[tuple[str, int]]:
    for name, month in _ALSO.items():
        yield search_key(name), month
    for locale in _LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, locale).items():
                    yield search_key(name).strip("."), month


@cache
def _months() -> dict[str, int]:
    """Month numbers by folded name; a test holds that no name means two months."""
    return dict(_names())


def _month(name: str) -> int | None:
    """The month of a name, or of two names of the same month as the UN writes them: ``كانون الثاني/يناير``."""
    found = {_months().get(search_key(part).strip(".")) for part in name.split("/")}
    return found.pop() if len(found) == 1 else None


class UnreadableDayError(ValueError):
    """``text`` is in no form that is read here (``form``) or names a day that does not exist (``no_such_day``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _parts(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[4]), int(match[3]), int(match[1])
    if (match := _NAMED.fullmatch(text)) and (month := _month(match[2])):
        return int(match[3]), month, int(match[1])
    return None


def parse_day(text: str) -> date:
    """The day that ``text`` names: ``2026-05-01``, ``1/5/2026`` (day first, always), ``1 May 2026``, ``١ أيار ٢٠٢٦``.

    Raises `UnreadableDayError`; years are written with four digits.
    """
    plain = " ".join(western_digits(without_marks(text)).split())
    parts = _parts(plain)
    if parts is None:
        raise UnreadableDayError("form")
    try:
        return date(*parts)
    except ValueError as error:
        raise UnreadableDayError("no_such_day") from error
