"""Why a list was refused, in words: what stands in the database is a code, and what it was found at."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES: Final = {
    "xml": gettext_noop("This is no XML file. Take the file from the publisher's own site."),
    "declares": gettext_noop("The file declares entities or a document type; no list does. It was not opened further."),
    "size": gettext_noop("The file nests deeper, or holds more, than any list."),
    "kind": gettext_noop("This is another kind of file than the list that was chosen. %(detail)s"),
    "content": gettext_noop("An entry lacks what every entry has: %(detail)s"),
    "empty": gettext_noop("The file names nobody."),
    "older": gettext_noop("The file is of %(detail)s, older than the version in force."),
}


def refusal_in_words(refusal: str) -> str:
    """The sentence for a refusal as it is kept (``code: detail``); nothing for none."""
    code, _colon, detail = refusal.partition(": ")
    return _(SENTENCES[code]) % {"detail": detail} if code in SENTENCES else refusal
