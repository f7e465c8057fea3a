"""Drawing the public charts when data have changed: every fund, year and language once, stored as one edition.

A page only reads what was drawn. An edition replaces the one before in one transaction; when facts and rules are
the same as those of the last edition nothing is drawn.
"""

import hashlib
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language_info

from charter.selectors import rules_to_begin_with
from transparency.figures.facts import Facts, Scope, years_of
from transparency.models import DashboardChart, DashboardEdition
from transparency.selectors.facts import fund_names, load_facts
from transparency.services.pictures import Chart, pictures
from transparency.services.pictures.words import Frame, Picture

DRAWING_VERSION = "2"
"""Raised when charts change their looks or words, so that the next drawing does not find them unchanged."""


def draw_dashboard(*, force: bool = False) -> int:
    """Draw all charts; the number drawn, 0 when the facts have not changed."""
    publication = rules_to_begin_with().publication
    facts, names = load_facts(publication), fund_names()
    drawn_of = (DRAWING_VERSION, publication, facts, sorted(names.items()))
    fingerprint = hashlib.sha256(repr(drawn_of).encode()).hexdigest()
    if not force and DashboardEdition.objects.filter(data_sha256=fingerprint).exists():
        return 0
    years = sorted({*years_of(facts.projects), *years_of(facts.gifts)})
    drawn = list(_draw(facts, names, years, publication.least_partners))
    with transaction.atomic():
        DashboardEdition.objects.all().delete()
        edition = DashboardEdition.objects.create(
            data_sha256=fingerprint, funds=names, years=years, headlines=_headlines(facts)
        )
        for chart in drawn:
            chart.edition = edition
        DashboardChart.objects.bulk_create(drawn, batch_size=500)
    return len(drawn)


def _draw(facts: Facts, names: dict[str, str], years: list[int], least_partners: int) -> Iterator[DashboardChart]:
    for fund in ("", *names):
        for year in (0, *years):
            scope = Scope(fund, year)
            within = facts.within(scope)
            if not within.projects and not within.gifts:
                continue
            for language, _name in settings.LANGUAGES:
                rtl = bool(get_language_info(language)["bidi"])
                with translation.override(language):
                    frame = Frame(scope, within, language, rtl, least_partners, names)
                    for position, chart, picture in pictures(frame):
                        yield _stored(frame, position, chart, picture)


def _stored(frame: Frame, position: int, chart: Chart, picture: Picture) -> DashboardChart:
    return DashboardChart(
        chart=chart.key,
        by_year=chart.by_year,
        language=frame.language,
        fund=frame.scope.fund,
        year=frame.scope.year,
        position=position,
        title=picture.title,
        unit=picture.unit,
        sentence=picture.sentence,
        note=picture.note,
        svg=picture.svg,
        summed=picture.summed,
        columns=[{"label": heading.label, "kind": heading.kind} for heading in picture.headings],
        rows=picture.rows,
    )


def _headlines(facts: Facts) -> dict[str, dict[str, str]]:
    """Per fund (empty: all) what stands on top of the page, as text: sums to the cent, numbers of projects and donors."""
    funds = ("", *sorted({project.fund for project in facts.projects} | {gift.fund for gift in facts.gifts}))
    headlines: dict[str, dict[str, str]] = {}
    for fund in funds:
        within = facts.within(Scope(fund))
        headlines[fund] = {
            "granted": str(within.granted),
            "projects": str(len(within.projects)),
            "contributed": str(sum(gift.amount for gift in within.gifts)),
            "donors": str(len({gift.donor for gift in within.gifts})),
        }
    return headlines
