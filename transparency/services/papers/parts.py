"""What public reports are made of: sections with a sentence, a table and sometimes a picture, in the language in force."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words
from transparency.charts import tidy


@dataclass(slots=True)
class Section:
    """One section; ``numbers`` are the columns of figures, ``svg`` a picture of the same rows."""

    title: str
    sentence: str
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: Sequence[int] = ()
    svg: str = ""
    note: str = ""


@dataclass(slots=True)
class Paper:
    """A report as it is drawn."""

    title: str
    subtitle: str
    currency: str
    sections: list[Section] = field(default_factory=list)

    def drawn(self, language: str, *, reference: str, learned: str) -> dict[str, Any]:
        """The paper as plain values, with what the fund learned as its last section."""
        sections = list(self.sections)
        if learned.strip():
            sections.append(Section(_("What the fund learned"), learned.strip()))
        return {
            "language": language,
            "currency": self.currency,
            "title": self.title,
            "subtitle": self.subtitle,
            "reference": reference,
            "drawn": _("Drawn on %(day)s from the released figures.")
            % {"day": day_in_words(timezone.localdate(), language=language)},
            "sections": [
                {
                    "title": one.title,
                    "sentence": one.sentence,
                    "head": list(one.head),
                    "rows": [list(row) for row in one.rows],
                    "numbers": list(one.numbers),
                    "svg": one.svg,
                    "note": one.note,
                }
                for one in sections
            ],
        }


def on_paper(figures: dict[str, Any]) -> dict[str, Any]:
    """The drawn report as its PDF needs it: pictures in colours of their own."""
    return {**figures, "sections": [{**one, "svg": tidy.on_paper(one["svg"])} for one in figures["sections"]]}


def in_language(language: str) -> AbstractContextManager[None]:
    """Everything inside is said in ``language``."""
    return translation.override(language)


def is_rtl() -> bool:
    """Whether the language in force runs from right to left."""
    return translation.get_language_bidi()


def money(minor: int, currency: str) -> str:
    """An amount for people in the language in force."""
    return format_money(Money(minor, currency), get_language() or "ar")


def share(part: int, whole: int) -> str:
    """A share in per cent to one place, or a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def parts_of(part: int, whole: int) -> str:
    """So many of so many; words stand between them, for a stroke is read either way round in Arabic."""
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def merged(counts: dict[str, int], least: int, rest: str) -> dict[str, int]:
    """Counts by name in which none below ``least`` stands alone: the small ones together as ``rest``, with as many more as
    it takes. Nothing is told when even all together are too few.
    """
    ranked = sorted(((number, name) for name, number in counts.items() if number), reverse=True)
    together = 0
    while ranked and (ranked[-1][0] < least or 0 < together < least):
        together += ranked.pop()[0]
    told = {name: number for number, name in ranked}
    if together >= least:
        told[rest] = together
    return told
