"""Drawing the charts of the fund's own money: only those whose facts have changed since they were drawn last.

Each released row and pool is hashed once and added to the mark of every scope that it lies in (all, its year, its
governorates, its sector). A scope whose mark is the same has the same figures: its charts stay. A page reads what was
drawn; whoever draws holds the edition's row, so two workers draw one after the other.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import get_language_info

from transparency.figures.catalogue import CHARTS, OwnChart, Source
from transparency.figures.told import Choice, Group, Pooled, Told, Within
from transparency.models import FundChart, FundEdition
from transparency.selectors import published
from transparency.selectors.own import OwnFacts, load_facts
from transparency.services.pictures.own import BUILDERS
from transparency.services.pictures.own.words import OwnFrame
from transparency.services.pictures.words import Picture

DRAW_FUND = "transparency.draw_fund"
VERSION = "8"
"""Raised when charts change their looks or words, so that they are drawn anew."""

_SIZE = 8
_KEYS = ["topic", "language", "year", "governorate", "sector", "chart"]
_DRAWN = ["position", "title", "unit", "sentence", "note", "svg", "columns", "rows", "summed"]
Scope = tuple[int, str, str]
"""The parts of a `Choice`, cheap to make by the hundred thousand."""
EVERYTHING: Scope = (0, "", "")
Sums = dict[Scope, int]
Marks = dict[Source, Sums]
_PAID = Told._fields.index("paid")
"""From here on stands what moves with payments; before it, what charts of grants are drawn of."""


@transaction.atomic
def draw_fund(*, force: bool = False) -> int:
    """Draw what has changed; the number of charts drawn or taken away."""
    FundEdition.objects.get_or_create(pk=1)
    edition = FundEdition.objects.select_for_update().get(pk=1)
    facts = load_facts()
    marks = _flat(marks_of(facts))
    old = {} if force else edition.marks
    changed = {key for key, mark in marks.items() if old.get(key) != mark}
    gone = {_choice_of(key) for key in old} - {_choice_of(key) for key in marks}
    done = _forget(gone) + _draw_all(facts, changed)
    headlines = _headlines(facts)
    if done or headlines != edition.headlines or not edition.tag:
        said = json.dumps([marks, headlines], sort_keys=True).encode()
        edition.tag = hashlib.sha256(said).hexdigest()[:32]
        edition.drawn_at, edition.currency = timezone.now(), facts.currency
        edition.marks, edition.headlines, edition.choices = marks, headlines, _choices(marks)
        edition.save()
    return done


def hide() -> None:
    """Show no chart until they are drawn anew: one of them tells what is withheld from now on."""
    FundEdition.objects.update_or_create(pk=1, defaults={"tag": ""})


# Marks ------------------------------------------------------------------------------------------------------------


def marks_of(facts: OwnFacts) -> Marks:
    """A number for the facts of each source and scope; equal numbers, equal figures."""
    grants: Sums = defaultdict(int)
    money: Sums = defaultdict(int)
    for one in facts.released.told:
        _add(grants, one, one.year, _hash(one[:_PAID]))
        _add(money, one, 0, _hash((one.code, one.paid, one.spent)))
    for pool in facts.released.pools:
        _add(grants, pool, pool.year, _hash(pool))
    money[EVERYTHING] += _hash((facts.paid_in_sums, facts.spent_in_sums))
    grants[EVERYTHING] += 0
    for (year, governorate, sector), mark in list(grants.items()):
        if year:
            grants[0, governorate, sector] += mark
    said = (VERSION, facts.currency)
    named = _hash((said, facts.calls, facts.sizes, facts.edges))
    return {
        Source.GRANTS: {scope: mark + named for scope, mark in grants.items()},
        # No chart of payments is narrowed to a year: they stand under the year of signature in each.
        Source.PAYMENTS: {scope: mark + money[scope] + named for scope, mark in grants.items() if not scope[0]},
        Source.PEOPLE: {scope: mark + named for scope, mark in grants.items() if scope[1:] == ("", "")},
        Source.GIFTS: {EVERYTHING: _hash((said, facts.money_in, facts.givers, facts.other_currencies))},
        Source.COSTS: {EVERYTHING: _hash((said, facts.costs, facts.money_in))},
        Source.SEATS: {EVERYTHING: _hash((said, facts.seats))},
        Source.APPEALS: {EVERYTHING: _hash((said, facts.appeals))},
        Source.COMPLAINTS: {EVERYTHING: _hash((said, facts.complaints))},
        Source.SPEED: {EVERYTHING: _hash((said, facts.speed))},
    }


def _add(sums: Sums, row: Told | Pooled, year: int, mark: int) -> None:
    """Into the scopes in which a row has a part: governorate and sector are not narrowed together."""
    sums[year, "", ""] += mark
    for place in row.governorates:
        sums[year, place, ""] += mark
    if row.sector:
        sums[year, "", row.sector] += mark


def _hash(facts: Any) -> int:
    return int.from_bytes(hashlib.blake2b(repr(facts).encode(), digest_size=_SIZE).digest(), "big")


def _flat(marks: Marks) -> dict[str, str]:
    return {
        "|".join((source, *map(str, scope))): f"{mark % 2 ** (8 * _SIZE):x}"
        for source, scopes in marks.items()
        for scope, mark in scopes.items()
    }


def _choice_of(key: str) -> Choice:
    _source, year, governorate, sector = key.split("|")
    return Choice(int(year), governorate, sector)


def _choices(marks: dict[str, str]) -> dict[str, list[Any]]:
    """What a page can be narrowed to."""
    scopes = [_choice_of(key) for key in marks]
    return {
        "years": sorted({scope.year for scope in scopes if scope.year}, reverse=True),
        "governorates": sorted({scope.governorate for scope in scopes if scope.governorate}),
        "sectors": sorted({scope.sector for scope in scopes if scope.sector}),
    }


# Charts -----------------------------------------------------------------------------------------------------------


def _forget(scopes: Iterable[Choice]) -> int:
    gone = Q()
    for scope in scopes:
        gone |= Q(year=scope.year, governorate=scope.governorate, sector=scope.sector)
    return FundChart.objects.filter(gone).delete()[0] if gone else 0


def _draw_all(facts: OwnFacts, changed: set[str]) -> int:
    sources: dict[Choice, set[str]] = defaultdict(set)
    for key in changed:
        sources[_choice_of(key)].add(key.partition("|")[0])
    drawn: list[FundChart] = []
    empty = Q()
    for scope, those in sources.items():
        charts = [(place, chart) for place, chart in enumerate(CHARTS) if chart.source in those and chart.takes(scope)]
        for place, chart, language, picture in _draw(facts, Within(facts.released, scope), charts):
            if picture is None:
                empty |= Q(
                    chart=chart.key, language=language, year=scope.year, governorate=scope.governorate,
                    sector=scope.sector,
                )  # fmt: skip
            else:
                drawn.append(_stored(place, chart, scope, language, picture))
    taken = FundChart.objects.filter(empty).delete()[0] if empty else 0
    FundChart.objects.bulk_create(
        drawn, batch_size=500, update_conflicts=True, unique_fields=_KEYS, update_fields=_DRAWN
    )
    return len(drawn) + taken


def _draw(
    facts: OwnFacts, within: Within, charts: list[tuple[int, OwnChart]]
) -> Iterator[tuple[int, OwnChart, str, Picture | None]]:
    grouped: dict[str, dict[str, Group]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            frame = OwnFrame(within, facts, language, bool(get_language_info(language)["bidi"]), grouped)
            for place, chart in charts:
                yield place, chart, language, BUILDERS[chart.key](frame)


def _stored(place: int, chart: OwnChart, scope: Choice, language: str, picture: Picture) -> FundChart:
    return FundChart(
        chart=chart.key,
        topic=chart.topic,
        language=language,
        year=scope.year,
        governorate=scope.governorate,
        sector=scope.sector,
        position=place,
        title=picture.title,
        unit=picture.unit,
        sentence=picture.sentence,
        note=picture.note,
        svg=picture.svg,
        summed=picture.summed,
        columns=[{"label": heading.label, "kind": heading.kind} for heading in picture.headings],
        rows=picture.rows,
    )


def _headlines(facts: OwnFacts) -> dict[str, int]:
    """What stands on top of the page: minor units, and numbers of grants."""
    released, money = facts.released, facts.money_in.values()
    return {
        "pledged": sum(year.pledged for year in money),
        "signed": sum(year.signed for year in money),
        "received": sum(year.received for year in money),
        "promised": released.amount,
        "paid": facts.paid,
        "spent": facts.spent,
        "grants": released.grants,
        "withheld": sum(pool.amount for pool in released.pools),
        "withheld_grants": sum(pool.grants for pool in released.pools),
        "not_told": published.not_told_yet(),
    }
