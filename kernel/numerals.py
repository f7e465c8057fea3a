"""Numbers as people type them, in Western, Arabic-Indic or Persian digits.

Python's and Django's own readers take ``1e3``, ``1_000`` and mathematical digits, and refuse ``١٬٢٣٤٫٥٠`` or a number
with an invisible direction mark, which Arabic keyboards add. Here a number is read in one way only, or refused with
a reason that names the problem and shows an example.
"""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_WESTERN = "0123456789"
_DIGITS: Final = str.maketrans(_ARABIC_INDIC + _PERSIAN, _WESTERN * 2)
# Arabic thousands separator and Arabic comma; the minus and the spaces of typographers.
_SIGNS: Final = str.maketrans(
    {"٬": ",", "،": ",", "٫": ".", "\u2212": "-", "\u2013": "-", "\ufe63": "-", "\uff0d": "-"}
)
_SPACES: Final = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,3}(?: \d{3})+(?:\.\d*)?")
_NEGATIVE: Final = re.compile(r"-\s?[\d., ]+|[\d., ]+-|\([\d., ]+\)")
_SCIENTIFIC: Final = re.compile(r"[\d.,]+\s?[eE]\s?[+-]?\d+")
_MAX_DIGITS: Final = 12


class AmountError(ValueError):
    """A number that could not be read.

    ``code`` is one of the keys of `MESSAGES`;
    ``message`` is a translated sentence with an example.
    """

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


MESSAGES: Final[dict[str, Promise]] = {
    "empty": _("Write a number, for example 1250 or ١٢٥٠."),
    "not_a_number": _("Write the number in digits only, for example 1250.50 or ١٢٥٠٫٥٠."),
    "scientific": _("Write the number out in full: 1000, not 1e3."),
    "underscore": _("Write the number without underscores: 1000 or 1,000."),
    "grouping": _(
        "Separate thousands in groups of three and write a point before the cents, for example 1,250.50 or ١٬٢٥٠٫٥٠."
    ),
    "too_many_decimals": _(
        "Write at most two digits after the point, for example 1250.50; thousands are separated by a comma: 1,250."
    ),
    "no_decimals": _("Write a whole number without a fraction, for example 1250."),
    "too_large": _("This number is too large; write at most 12 digits before the point."),
    "negative": _("Write a number of zero or more, without a minus sign."),
}


def _error(code: str) -> AmountError:
    return AmountError(code, MESSAGES[code])


def western_digits(text: str) -> str:
    """``text`` with Arabic-Indic (٠–٩) and Persian (۰–۹) digits as 0–9, all else untouched."""
    return text.translate(_DIGITS)


def without_marks(text: str) -> str:
    """``text`` without invisible formatting characters: direction marks, joiners, zero-width spaces (category Cf)."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _normalise(text: str) -> str:
    return _SPACES.sub(" ", western_digits(without_marks(text)).translate(_SIGNS)).strip()


def _plain_digits(text: str) -> str:
    """The number without its grouping; raises `AmountError` for what is not a number."""
    if not text:
        raise _error("empty")
    if _NEGATIVE.fullmatch(text):
        raise _error("negative")
    if _SCIENTIFIC.fullmatch(text):
        raise _error("scientific")
    if re.fullmatch(r"[\d_.,]+", text, re.ASCII) and "_" in text:
        raise _error("underscore")
    if not re.fullmatch(r"\d[\d., ]*", text, re.ASCII):
        raise _error("not_a_number")
    if "," in text or " " in text:
        if not _GROUPED.fullmatch(text):
            raise _error("grouping")
        text = text.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        raise _error("not_a_number")
    return text


def parse_amount(text: str, *, decimals: int = 2) -> Decimal:
    """The exact number that ``text`` says: at most 12 digits and ``decimals`` more after the point.

    Reads ``1234.5``, ``1,234.50``, ``1 234.50``, ``١٬٢٣٤٫٥٠``, ``۱۲۳۴``; invisible marks never change a number.
    Grouping counts only in threes, so ``1,50`` is refused rather than guessed. Raises `AmountError`.
    """
    whole, _point, fraction = _plain_digits(_normalise(text)).partition(".")
    if len(fraction) > decimals:
        raise _error("too_many_decimals" if decimals else "no_decimals")
    if len(whole) > _MAX_DIGITS:
        raise _error("too_large")
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def parse_whole(text: str) -> int:
    """The whole number that ``text`` says, under the rules of `parse_amount`; ``12.0`` is refused (no_decimals)."""
    return int(parse_amount(text, decimals=0))
