"""Bank details as text: one form for comparing, the check digits of an IBAN. Plain Python."""

import json
import re
import unicodedata
from typing import Final

NUMBER: Final = "organisations.bank_account.number"
"""Purpose of the digest by which an equal number is found."""
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_SEPARATORS: Final = re.compile(r"[\s\-./\u200e\u200f\u061c]+")


def normalised_number(number: str) -> str:
    """An account number without separators, in capitals and western digits."""
    folded = unicodedata.normalize("NFKC", number).upper()
    western = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in folded)
    return _SEPARATORS.sub("", western)


def looks_like_iban(number: str) -> bool:
    """Whether a normalised number has the shape of an IBAN: two letters, two digits, eleven to thirty more."""
    return _IBAN.fullmatch(number) is not None


def has_right_check_digits(iban: str) -> bool:
    """Whether the remainder of an IBAN by 97 is 1 (ISO 13616)."""
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in rearranged)) % 97 == 1


def details_as_text(*, holder_latin: str, holder_ar: str, bank: str, number: str, currency: str) -> str:
    """The normalised details as one text: the same account always gives the same."""
    details = [
        " ".join(holder_latin.casefold().split()),
        " ".join(holder_ar.split()),
        " ".join(bank.casefold().split()),
        normalised_number(number),
        currency.upper(),
    ]
    return json.dumps(details, ensure_ascii=False)
