"""What was found, as a page and the API show it: title, excerpt and address in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.models import FoundKind, SearchRow
from transparency.search.folding import excerpt, marked


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found; ``title`` and ``text`` are safe HTML with the found words marked."""

    kind: str | Promise
    title: SafeString
    text: SafeString
    url: str
    ref: str
    sectors: list[Any]
    places: list[Any]


def results(rows: Iterable[SearchRow], words: list[str]) -> list[Result]:
    """The rows as they are shown."""
    return [
        Result(
            kind=FoundKind(row.kind).label,
            title=marked(title_of(row), words),
            text=excerpt(_said(row.texts, words), words),
            url=url_of(row),
            ref=row.ref,
            sectors=[Sector(key).label for key in row.sectors],
            places=[Governorate(key).label for key in row.governorates],
        )
        for row in rows
    ]


def title_of(row: SearchRow) -> str:
    """The title in the reader's language, or in another; of a grant without one its code."""
    said = _said(row.titles)
    return said or _("Grant %(code)s, title withheld") % {"code": row.ref}


def _said(texts: dict[str, str], words: list[str] | None = None) -> str:
    """The text in the reader's language if it holds a word that was looked for, else in the first one that does."""
    language = (get_language() or "ar").split("-")[0]
    order = [texts[key] for key in (language, "ar", "en", "ku") if texts.get(key)]
    hit = next((one for one in order if words and "<mark>" in marked(one, words)), None)
    return hit or (order[0] if order else "")


def url_of(row: SearchRow) -> str:
    """Where it is read: a call, a grant, or the grants of an organisation."""
    if row.kind == FoundKind.CALL:
        return reverse("grants:call_detail", args=[row.ref])
    if row.kind == FoundKind.GRANT:
        return reverse("transparency:grant_told", args=[row.ref])
    name = next(iter(row.titles.values()), "")
    return f"{reverse('transparency:search')}?{urlencode({'q': name, 'kind': FoundKind.GRANT})}"
