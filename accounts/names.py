"""Names of people as they are taken: one line, nothing that makes one name look like another. Plain Python."""

import unicodedata

from kernel.texts import clean_line

_LOOK_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
"""Scripts whose letters are drawn alike: a name is written in one of them (with Arabic beside it, if at all)."""


class MixedScriptsError(ValueError):
    """A name mixes letters of scripts that look alike."""


def clean_name(text: str) -> str:
    """``text`` as a name; raises `kernel.texts.TextError`, or `MixedScriptsError` for a Latin name with Cyrillic letters."""
    name = clean_line(text)
    scripts = {unicodedata.name(char, "").split(" ", 1)[0] for char in name if char.isalpha()}
    if len(scripts & _LOOK_ALIKE) > 1:
        raise MixedScriptsError
    return name
