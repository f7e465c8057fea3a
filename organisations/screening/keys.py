"""The consonants of a name, the same for its Arabic, Persian and Latin spellings."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_ARABIC: Final = str.maketrans(
    {
        **dict.fromkeys("بپ", "b"), **dict.fromkeys("تطثٹټ", "t"), **dict.fromkeys("جچ", "j"), "خ": "k",
        **dict.fromkeys("دضذڈډ", "d"), **dict.fromkeys("رڑړ", "r"), **dict.fromkeys("زظژځ", "z"),
        **dict.fromkeys("سصشښڅ", "s"), **dict.fromkeys("غگګ", "g"), **dict.fromkeys("فڤ", "f"), **dict.fromkeys("قكک", "k"),
        "ل": "l", "م": "m", **dict.fromkeys("نںڼ", "n"),
    }
)  # fmt: skip
_PAIRS: Final = (
    ("tch", "j"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "d"), ("dj", "j"),
    ("ph", "f"), ("zh", "z"), ("ck", "k"), ("ce", "s"), ("ci", "s"), ("x", "ks"),
)  # fmt: skip
_LATIN: Final = str.maketrans("bpqcvy", "bbkkf ")
_SOUNDS: Final = frozenset("btjkdrzsgflmn")
_SILENT: Final = frozenset(
    [
        "al",
        "el",
        "ul",
        "ad",
        "ar",
        "as",
        "at",
        "an",
        "az",
        "ash",
        "ur",
        "bin",
        "ben",
        "ibn",
        "bint",
        "abu",
        "abou",
        "abi",
        "ould",
        "na",
        "mr",
        "dr",
        "sheikh",
        "shaykh",
        "haji",
        "hajji",
        "mullah",
        "mawlawi",
        "ال",
        "بن",
        "ابن",
        "بنت",
        "ابو",
        "أبو",
        "ابي",
        "أبي",
        "ولد",
        "الشيخ",
        "حاجي",
        "حاجی",
        "ملا",
        "مولوي",
        "مولوی",
    ]
)
_ARTICLE: Final = re.compile("^(?:وال|بال|فال|لل|ال)(?=..)")
_LATIN_ARTICLE: Final = re.compile("^(?:al|el)(?=[^aeiou]{1,2}[aeiou].{2})")
_SERVANT_OF_GOD: Final = re.compile(r"\b(abd)[aeu]l+(?=ah?\b)|\b(عبد)(?=ال)")
_APOSTROPHES: Final = "'’‘`ʿʾʻʼ\u0640"
_ASIDE: Final = re.compile(r"\([^)]*\)")
_WORD: Final = re.compile(r"[^\W\d_]+")
_IS_ARABIC: Final = re.compile("[\u0600-\u06ff]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name taken apart: ``parts`` are the consonants of its words, ``words`` their folded letters, ``arabic`` its script."""

    parts: tuple[str, ...]
    words: tuple[str, ...]
    arabic: bool

    @property
    def joined(self) -> str:
        """All consonants in a row: the same wherever somebody puts the spaces."""
        return _once("".join(self.parts))


def spelling_of(name: str) -> Spelling:
    """Take a name apart; one that is written in neither script, or has no consonant, has no parts."""
    words = _WORD.findall(_SERVANT_OF_GOD.sub(_apart, _folded(name)))
    parts = [key for word in words if word not in _SILENT and (key := _consonants(word))]
    return Spelling(tuple(_servants(parts)), tuple(words), bool(_IS_ARABIC.search(name)))


def _apart(servant: re.Match[str]) -> str:
    """«Abdallah» and «عبدالله» as two words, so that they are no «Abdul» that waits for its name."""
    return "abd l" if servant[1] else "عبد "


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _ASIDE.sub(" ", unicodedata.normalize("NFKC", name)).casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one) and one not in _APOSTROPHES)


def _consonants(word: str) -> str:
    if _IS_ARABIC.search(word):
        sounds = _ARTICLE.sub("", word).translate(_ARABIC)
    else:
        sounds = _LATIN_ARTICLE.sub("", word)
        for written, sound in _PAIRS:
            sounds = sounds.replace(written, sound)
        sounds = sounds.translate(_LATIN)
    return _once("".join(one for one in sounds if one in _SOUNDS))


def _once(sounds: str) -> str:
    return re.sub(r"(.)\1+", r"\1", sounds)


def _servants(parts: list[str]) -> list[str]:
    """«Abd», «Abdul» and «Abdur» belong to the word that follows, «…al-din» to the one before, however they are spaced."""
    joined: list[str] = []
    waits = ""
    for part in parts:
        if part in ("bd", "bdl", "bdr") and not waits:
            waits = "bd"
        elif part in ("dn", "ldn") and joined and not waits:
            joined[-1] += "dn"
        else:
            bare = "bd" + part[3:] if part.startswith("bdl") and len(part) > 3 else part
            joined.append(_once(waits + bare))
            waits = ""
    return [*joined, waits] if waits else joined
