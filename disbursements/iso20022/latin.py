"""Text as banks carry it: the letters that every bank's wire can take (SWIFT's character set X)."""

import re
import unicodedata
from typing import Final

_ALLOWED: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
_SPELT: Final = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
        "Đ": "D", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "&": "+", "_": "-", "–": "-", "—": "-",
        "’": "'", "‘": "'", "ʼ": "'", "ʿ": "'", "ʾ": "'", "“": "'", "”": "'", '"': "'", ";": ",", "@": "(at)",
    }
)  # fmt: skip
_SPACES: Final = re.compile(r" {2,}")


class NotLatinError(ValueError):
    """Text whose letters a bank cannot carry."""


def bank_text(text: str, *, limit: int) -> str:
    """``text`` in the banks' letters, at most ``limit`` characters: accents dropped, other signs become spaces.

    Raises `NotLatinError` for letters of another script (they are not guessed), and for text without any letter or digit.
    """
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text.translate(_SPELT)) if not unicodedata.combining(char)
    ).translate(_SPELT)
    foreign = [char for char in plain if not char.isascii() and char.isalnum()]
    if foreign:
        raise NotLatinError(text)
    carried = _SPACES.sub(" ", "".join(char if char in _ALLOWED else " " for char in plain)).strip(" /")
    if not any(char.isalnum() for char in carried):
        raise NotLatinError(text)
    return carried[:limit].rstrip()


def is_bank_text(text: str) -> bool:
    """Whether banks can carry the text."""
    try:
        bank_text(text, limit=140)
    except NotLatinError:
        return False
    return True
