"""In which language an application is written, as far as its letters and its writer tell."""

import unicodedata

ARABIC = "ar"


def language_of(text: str, writer: str) -> str:
    """The language of ``text``: Arabic by its letters, else the one that its ``writer`` uses here; empty without letters.

    A writer who uses Arabic here but writes in Latin letters writes English.
    """
    letters = [one for one in text if one.isalpha()]
    if not letters:
        return ""
    arabic = sum(unicodedata.name(one, "").startswith("ARABIC") for one in letters)
    if 2 * arabic >= len(letters):
        return ARABIC
    return writer if writer != ARABIC else "en"
