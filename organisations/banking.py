"""Bank details as text: one form for comparing, IBAN and BIC by their registries. Plain Python."""

import json
import re
import unicodedata
from typing import Final

from schwifty import BIC, IBAN
from schwifty.exceptions import InvalidCountryCode, InvalidLength, InvalidStructure, SchwiftyException

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


class WrongIban(ValueError):
    """A number in the shape of an IBAN that no bank gave: ``code`` is ``length``, ``structure`` or ``iban`` (its check digits)."""

    def __init__(self, code: str, *, right_length: int = 0) -> None:
        super().__init__(code)
        self.code, self.right_length = code, right_length


def check_iban(iban: str) -> None:
    """Judge a normalised IBAN by the registry of its country (ISO 13616). Raises `WrongIban`.

    A country that is not in the registry has no structure to hold it against, only the check digits that all have.
    """
    try:
        IBAN(iban)
    except InvalidCountryCode:
        if not _leaves_one(iban):
            raise WrongIban("iban") from None
    except InvalidLength:
        raise WrongIban("length", right_length=IBAN(iban, allow_invalid=True).spec.iban_length) from None
    except InvalidStructure:
        raise WrongIban("structure") from None
    except SchwiftyException:
        raise WrongIban("iban") from None


def _leaves_one(iban: str) -> bool:
    rearranged = iban[4:] + iban[:4]
    return int("".join(str(int(char, 36)) for char in rearranged)) % 97 == 1


def is_bic(code: str) -> bool:
    """Whether a code in capitals is built as a BIC (ISO 9362), with a country that exists."""
    try:
        BIC(code)
    except SchwiftyException:
        return False
    return True


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
