"""Short hands for writing the default charter."""

from typing import Final

from charter.schema import Words

CENTS: Final = 100
THOUSAND: Final = 1000 * CENTS


def words(ar: str, en: str, ku: str = "") -> Words:
    """A text of the charter in Arabic, English and, where the public sees it, Kurmanji."""
    return Words(ar=ar, en=en, ku=ku)
