"""Words as search compares them, and the same words marked in a text. Plain Python beside Django's escaping.

A row is found by the stems of its words (PostgreSQL's ``arabic`` and ``english``), by their beginnings, and, when nothing is
found so, by shared groups of three letters (trigrams), which forgives a slip of the pen.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from kernel.texts import search_key

MOST_WORDS: Final = 8
MOST_CHARACTERS: Final = 100
"""Of a query; what follows is not looked for."""
EXCERPT: Final = 240
BEFORE: Final = 60
"""Characters of an excerpt, and of it before the first word that was found."""
ARTICLE: Final = "ال"
LEAST_LETTERS: Final = 3
"""Words shorter than this tell too little when they are spelt wrongly."""
_WORD: Final = re.compile(r"[^\W_]+")
_TOKEN: Final = re.compile(r"[^\s\u0000-\u0026\u0028-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf«»“”،؛؟–—]+")


def folded(*texts: str) -> str:
    """Texts as they are compared: one line of plain words."""
    return " ".join(_WORD.findall(search_key(" ".join(texts))))


def words(query: str) -> list[str]:
    """The words of a query, each once, as far as they are looked for."""
    return list(dict.fromkeys(folded(query[:MOST_CHARACTERS]).split()))[:MOST_WORDS]


def trigrams(text: str) -> set[str]:
    """Groups of three letters of each word of a folded text, its edges as blanks: ``ab`` gives ``··a``, ``·ab``, ``ab·``."""
    return {
        padded[start : start + 3]
        for word in text.split()
        if len(word) >= LEAST_LETTERS
        for padded in [f"  {word.removeprefix(ARTICLE)} "]
        for start in range(len(padded) - 2)
    }


def enough(grams: set[str]) -> int:
    """How many of a query's trigrams a row must share to be taken for the same words: a half, so that one letter may differ."""
    return -(-len(grams) // 2)


# Marking ----------------------------------------------------------------------------------------------------------


def _bare(word: str) -> str:
    return word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 1 else word


def _hits(text: str, wanted: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where tokens of ``text`` stand that begin as one of the wanted words does, article or not."""
    begun = tuple(_bare(word) for word in wanted)
    for token in _TOKEN.finditer(text):
        if begun and _bare(folded(token.group())).startswith(begun):
            yield token.span()


def marked(text: str, wanted: Iterable[str]) -> SafeString:
    """``text`` escaped, the wanted words in ``<mark>``."""
    parts: list[str] = []
    at = 0
    for start, end in _hits(text, list(wanted)):
        parts += [conditional_escape(text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return mark_safe("".join([*parts, conditional_escape(text[at:])]))  # noqa: S308 -- every part is escaped


def excerpt(text: str, wanted: Iterable[str]) -> SafeString:
    """A part of ``text`` round the first wanted word, marked."""
    wanted = list(wanted)
    flat = " ".join(text.split())
    first = next((start for start, _end in _hits(flat, wanted)), 0)
    start = flat.rfind(" ", 0, max(first - BEFORE, 0)) + 1 if first > BEFORE else 0
    end = start + EXCERPT
    cut = flat[start:end] if end >= len(flat) else flat[start:end].rpartition(" ")[0]
    before, after = ("… " if start else ""), ("" if start + len(cut) >= len(flat) else " …")
    return format_html("{}{}{}", before, marked(cut, wanted), after)
