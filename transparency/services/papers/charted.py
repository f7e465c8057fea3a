"""Sections of public reports that say what a chart of the dashboards says: the same figures, sentence and table."""

from dataclasses import replace

from django.utils.translation import get_language

from transparency.figures.told import OF_NO_YEAR, Choice, Released, Within
from transparency.selectors.own import OwnFacts, load_facts
from transparency.selectors.own_dashboard import WORDS, cell_text
from transparency.services.papers.parts import Section, is_rtl
from transparency.services.pictures.own import BUILDERS
from transparency.services.pictures.own.words import OwnFrame
from transparency.services.pictures.words import Picture


def charted(keys: tuple[str, ...], *, until: int) -> list[Section]:
    """The charts of these keys as sections; of grants only those signed until the year ``until``.

    A report of a year tells nothing of later ones: when something of them is withheld, it stays (`papers.take_back`). What
    was added later to grants told in sums is of no year.
    """
    facts = _until(load_facts(), until)
    frame = OwnFrame(Within(facts.released, Choice()), facts, get_language() or "ar", is_rtl())
    pictures = [BUILDERS[key](frame) for key in keys]
    return [_section(one, facts.currency) for one in pictures if one is not None]


def _until(facts: OwnFacts, year: int) -> OwnFacts:
    released = Released(
        [one for one in facts.released.told if one.year <= year],
        [pool for pool in facts.released.pools if OF_NO_YEAR < pool.year <= year],
    )
    return replace(facts, released=released)


def _section(picture: Picture, currency: str) -> Section:
    """Where nothing can be drawn there is nothing to tell in a table either: the sentence says why."""
    kinds, told = [one.kind for one in picture.headings], picture.rows if picture.svg else []
    return Section(
        title=picture.title,
        sentence=picture.sentence,
        head=[one.label for one in picture.headings],
        rows=[[cell_text(*cell, currency) for cell in zip(row, kinds, strict=True)] for row in told],
        numbers=[place for place, kind in enumerate(kinds) if kind not in WORDS],
        svg=picture.svg,
        note=picture.note,
    )
