"""Taking words out of a text wherever they stand, however they are spelt in Arabic.

A name is found with or without short vowels, with any hamza, over line breaks, in small or capital letters: what is
taken out is rather too much than too little.
"""

from collections.abc import Iterable

from kernel.texts import search_key

BLACK = "▇▇▇"
"""Stands where something was taken out: always as long, so that nobody counts letters."""


def _folded(text: str) -> tuple[str, list[int]]:
    """The letters of the text as search compares them, and where each of them stands in it."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for one in search_key(letter):
            letters.append(one)
            places.append(place)
    return "".join(letters), places


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where one of the words stands: first and last letter, in order, those that touch each other as one."""
    folded, places = _folded(text)
    found = []
    for word in words:
        sought = _folded(word)[0]
        begin = folded.find(sought) if sought else -1
        while begin >= 0:
            found.append((places[begin], places[begin + len(sought) - 1]))
            begin = folded.find(sought, begin + 1)
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def without(text: str, words: Iterable[str]) -> str:
    """The text with each of the words taken out."""
    kept, after = [], 0
    for first, last in _spans(text, words):
        kept += [text[after:first], BLACK]
        after = last + 1
    return "".join([*kept, text[after:]])


def not_found(words: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Words that stand in none of the texts: they are probably misspelt, and would take nothing out."""
    folded = [_folded(text)[0] for text in texts]
    return [word for word in words if not (key := _folded(word)[0]) or not any(key in text for text in folded)]
