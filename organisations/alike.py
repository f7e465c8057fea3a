"""Names that a reader takes for each other: across spellings, transliterations and letters that look the same. Plain Python.

A name becomes a short key: letters folded, words that every organisation bears left out, vowels and long vowels dropped, look-alike
Latin letters made one. Equal keys, or keys one letter apart when they are long enough, are worth a look by a person; they
prove nothing, so nobody is refused for them.
"""

import re
import unicodedata
from typing import Final

from kernel.texts import search_key

_COMMON_ARABIC: Final = frozenset(
    map(
        search_key,
        [
            "جمعية",
            "مؤسسة",
            "منظمة",
            "مبادرة",
            "فريق",
            "شبكة",
            "اتحاد",
            "رابطة",
            "هيئة",
            "مركز",
            "خيرية",
            "الخيرية",
            "تنموية",
            "التنموية",
            "التنمية",
            "للتنمية",
            "في",
            "من",
        ],
    )
)
_COMMON_LATIN: Final = frozenset(
    [
        "association",
        "foundation",
        "organisation",
        "organization",
        "initiative",
        "team",
        "network",
        "union",
        "league",
        "centre",
        "center",
        "society",
        "charity",
        "charitable",
        "development",
        "developmental",
        "humanitarian",
        "for",
        "of",
        "and",
        "the",
        "in",
    ]
)
_ARTICLES: Final = re.compile(r"^(?:وال|بال|فال|كال|لل|ال)(?=\w{2})")
_LATIN_ARTICLES: Final = re.compile(r"\b(?:al|el|ul|as|ash|at|an|ar)[\s\-']+")
_WEAK_ARABIC: Final = str.maketrans("", "", "اويهء")
_ALIKE: Final = (
    ("rn", "m"),
    ("vv", "w"),
    ("0", "o"),
    ("1", "l"),
    ("5", "s"),
    ("ph", "f"),
    ("ck", "k"),
    ("q", "k"),
    ("c", "k"),
    ("z", "s"),
)
_VOWELS: Final = re.compile(r"[aeiouyh]")
LONG_ENOUGH: Final = 5
"""Keys of so many letters may differ in one of them."""


def arabic_key(name: str) -> str:
    """The consonants of an Arabic name without articles and without words that every organisation bears."""
    words = [word for word in search_key(name).split() if word not in _COMMON_ARABIC]
    bare = [_ARTICLES.sub("", word) for word in words]
    return "".join(bare).translate(_WEAK_ARABIC)


def latin_key(name: str) -> str:
    """The consonants of a Latin name: accents and letters that look alike folded, articles and common words left out."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    spoken = _LATIN_ARTICLES.sub("", plain)
    words = [word for word in re.findall(r"[^\W_]+", spoken) if word not in _COMMON_LATIN]
    key = "".join(words)
    for seen, meant in _ALIKE:
        key = key.replace(seen, meant)
    return re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", key))


def are_alike(one: str, other: str) -> bool:
    """Whether two keys are equal, or long and one letter apart."""
    if not one or not other:
        return False
    return one == other or (min(len(one), len(other)) >= LONG_ENOUGH and _one_apart(one, other))


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter was changed, added or left out, or two neighbours changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        swapped = short[:at] + short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
        return short[at + 1 :] == long[at + 1 :] or swapped == long
    return short[at:] == long[at + 1 :]
