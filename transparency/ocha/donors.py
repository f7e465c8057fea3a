"""Donors by country, so that they can be named in every language; what is no country keeps the name of the source."""

from functools import cache

from babel import Locale

from transparency.ocha.places import fold

_ALSO = {
    "bruneidarussalam": "BN",
    "republicofkorea": "KR",
    "korearepublicof": "KR",
    "czechrepublic": "CZ",
    "turkey": "TR",
    "unitedstatesofamerica": "US",
}


@cache
def _codes() -> dict[str, str]:
    names = Locale("en").territories
    return {fold(name): code for code, name in names.items() if len(code) == 2 and code.isalpha()} | _ALSO


def donor_key(name: str) -> str:
    """The ISO code of a country (``DK``), or the name as it stands."""
    return _codes().get(fold(name), name)


def donor_name(key: str, language: str) -> str:
    """The donor's name for people: the country in ``language``, or the name of the source."""
    if len(key) == 2 and key.isalpha() and key.isupper():
        return Locale(language).territories.get(key) or Locale("en").territories.get(key) or key
    return key
