"""Reference codes that people read out on the telephone: ``APP-2026-7K3QF2XM``.

Seven random symbols of Crockford's base 32 (no I, L, O, U) and one check symbol, the remainder by 37 of prefix, year
and random part together. One wrong symbol, or two neighbours exchanged, is always noticed. The code is random, so it
tells nobody how many others there are; the column that keeps it is unique.
"""

import re
import secrets
from typing import Final

from kernel.numerals import western_digits, without_marks

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Crockford's five further check symbols are ``*~$=U``; a code that would end in one of them is drawn again.
_BASE: Final = 32
_MODULUS: Final = 37
_RANDOM_SYMBOLS: Final = 7
_SHAPE: Final = re.compile(r"([A-Z]{2,5})-([0-9]{4})-([0-9A-Z]{8})")
_MISREAD: Final = str.maketrans("OIL", "011")


def _remainder(prefix: str, year: str, symbols: str) -> int:
    value = int.from_bytes((prefix + year).encode("ascii"), "big")
    for symbol in symbols:
        value = value * _BASE + ALPHABET.index(symbol)
    return value % _MODULUS


def reference(prefix: str, year: int) -> str:
    """A new code such as ``APP-2026-7K3QF2XM``; ``prefix`` is two to five capital letters."""
    if not re.fullmatch(r"[A-Z]{2,5}", prefix):
        raise ValueError(f"a prefix is two to five capital letters, not {prefix!r}")
    while True:
        symbols = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_SYMBOLS))
        remainder = _remainder(prefix, f"{year:04}", symbols)
        if remainder < _BASE:
            return f"{prefix}-{year:04}-{symbols}{ALPHABET[remainder]}"


def normalise(code: str) -> str | None:
    """The code that ``code`` stands for as a person typed it, or None when it is not one of ours.

    Small letters, Arabic digits, invisible marks, and O, I, L typed for 0, 1, 1 are understood.
    """
    typed = western_digits(without_marks(code)).strip().upper()
    match = _SHAPE.fullmatch(typed)
    if match is None:
        return None
    prefix, year, symbols = match[1], match[2], match[3].translate(_MISREAD)
    if any(symbol not in ALPHABET for symbol in symbols):
        return None
    payload, check = symbols[:-1], symbols[-1]
    if _remainder(prefix, year, payload) != ALPHABET.index(check):
        return None
    return f"{prefix}-{year}-{symbols}"


def is_valid(code: str) -> bool:
    """Whether ``code``, as typed, is a well-formed code with the right check symbol."""
    return normalise(code) is not None
