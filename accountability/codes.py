"""The code with which somebody who complained comes back, without a name and without an account. Plain Python.

It is made of what the form carried, so that a form that is sent twice over a bad line gives the same code; the database
keeps its fingerprint only.
"""

import hashlib
import hmac
import re
from typing import Final
from uuid import UUID

from kernel.codes import ALPHABET
from kernel.numerals import western_digits, without_marks

GROUPS: Final = 4
GROUP: Final = 5
_SYMBOLS: Final = GROUPS * GROUP
_MISREAD: Final = str.maketrans("OIL", "011")


def code_of(once: UUID, secret: str) -> str:
    """The code of a form: twenty symbols (100 bits) in groups of five."""
    number = int.from_bytes(hmac.new(secret.encode(), b"complaint" + once.bytes, hashlib.sha256).digest(), "big")
    symbols = ""
    for _place in range(_SYMBOLS):
        number, digit = divmod(number, len(ALPHABET))
        symbols += ALPHABET[digit]
    return "-".join(symbols[at : at + GROUP] for at in range(0, _SYMBOLS, GROUP))


def fingerprint(typed: str) -> str | None:
    """SHA-256 of the code that somebody typed, however spaced; None when it cannot be one."""
    bare = re.sub(r"[\s\-‐-―]", "", western_digits(without_marks(typed))).upper().translate(_MISREAD)
    if len(bare) != _SYMBOLS or any(symbol not in ALPHABET for symbol in bare):
        return None
    return hashlib.sha256(bare.encode()).hexdigest()
