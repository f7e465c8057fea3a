"""What people write, cleaned without changing its meaning.

All text is kept in Unicode form NFC with line ends as a single line feed. Characters that turn the direction of what
follows (U+202A–202E, U+2066–2069) can make a name or an address read as another one: a single line with one is refused;
from longer text they are taken out. Direction *marks* (LRM, RLM) only help to place a neighbour and stay.
"""

import re
import unicodedata
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.numerals import western_digits, without_marks

_BIDI_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb]")
_LINE_ENDS: Final = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACES: Final = re.compile("[\t \u00a0]+")
# Zero-width space, word joiner, byte order mark, soft hyphen and the invisible "tag" characters carry no meaning here.
_MEANINGLESS: Final = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_ARABIC: Final = "\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f"
_STRAY_JOINER: Final = re.compile(f"(?<![{_ARABIC}])[\u200c\u200d]|[\u200c\u200d](?![{_ARABIC}])")
_EDGE_MARKS: Final = "\u200e\u200f\u061c \n\t"
# Short vowels, shadda, Quranic signs, superscript alef, and the tatweel that stretches a word.
_ARABIC_ORNAMENTS: Final = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
_FOLDED: Final = str.maketrans("أإآٱىةؤئکی", "اااايهويكي")


class TextError(ValueError):
    """A text that cannot be taken: ``code`` is a key of `MESSAGES`, ``message`` says what to do."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


MESSAGES: Final[dict[str, Promise]] = {
    "bidi": _("This text contains an invisible character that reverses letters. Type it again instead of pasting it."),
    "control": _("This text contains an invisible control character. Type it again instead of pasting it."),
    "several_lines": _("Write this on one line, for example: Al-Amal Association."),
}


def _composed(text: str) -> str:
    """NFC, after whatever stood between a letter and its accent has gone."""
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """One line of text (a name, an address) in NFC, its spaces single and its ends trimmed.

    Raises `TextError` for control characters, characters that reverse direction, and line breaks inside the text.
    """
    line = _MEANINGLESS.sub("", text).strip(_EDGE_MARKS + "\r")
    if _BIDI_CONTROLS.search(line):
        raise TextError("bidi", MESSAGES["bidi"])
    if _LINE_ENDS.search(line):
        raise TextError("several_lines", MESSAGES["several_lines"])
    if _CONTROLS.search(line):
        raise TextError("control", MESSAGES["control"])
    return _composed(_SPACES.sub(" ", _STRAY_JOINER.sub("", line)).strip(_EDGE_MARKS))


def clean_text(text: str) -> str:
    """Text of several lines in NFC, line ends as line feeds, invisible controls taken out, ends trimmed."""
    lines = _LINE_ENDS.sub("\n", _MEANINGLESS.sub("", text))
    bare = _composed(_CONTROLS.sub("", _BIDI_CONTROLS.sub("", lines)))
    return "\n".join(line.rstrip() for line in bare.split("\n")).strip()


def count_characters(text: str) -> int:
    """How many characters ``text`` has for a limit: Unicode code points of `clean_text`, a line end as one.

    The counter of the page (``static/js/fund.js``) counts the same; both count an emoji of one code point once.
    """
    return len(clean_text(text))


def search_key(text: str) -> str:
    """``text`` folded for search and for finding the same name twice; never shown.

    Alef forms, final ya and ta marbuta, hamza carriers, Persian letters and digits are made one; vowels, tatweel,
    accents, invisible marks and case are dropped, spaces are single.
    """
    bare = western_digits(without_marks(unicodedata.normalize("NFKC", text)))
    arabic = _ARABIC_ORNAMENTS.sub("", bare).translate(_FOLDED)
    letters = (char for char in unicodedata.normalize("NFKD", arabic) if unicodedata.category(char) != "Mn")
    return " ".join("".join(letters).casefold().split())
