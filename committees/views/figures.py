"""Pages of computed figures: agreement and severity, and the selection under the charter's shares."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from committees.models import ComputedFacts, Panel
from committees.rules import held
from committees.rules.scoring import sees_scores
from committees.selectors import figures as selectors
from committees.selectors import panels
from committees.selectors.ranking import sees_everything
from committees.selectors.scores import criteria_of
from committees.states import FactsKind
from committees.views.base import fetch
from kernel.permissions import require


def _panel(request: HttpRequest, pk: UUID) -> Panel:
    """A panel whose scores are open, for a person from whom nothing of it is hidden."""
    panel = fetch(panels.visible_to(request.user), pk)
    require(sees_scores(request.user, panel))
    if not sees_everything(request.user, panel):
        raise Http404
    return panel


def panel_calibration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the scorers agree; for the secretariat who is severe, and what hangs on one scorer."""
    panel = _panel(request, pk)
    found = selectors.visible_to(request.user, panel, FactsKind.CALIBRATION)
    context = {
        "panel": panel,
        "found": found,
        "thin": selectors.THIN.get(found.facts["thin"], "") if found else "",
        "criteria": _criteria(panel, found),
        "scorers": selectors.scorers(panel, found) if found and selectors.may_see_severities(request.user) else [],
    }
    return render(request, "committees/panel_calibration.html", context)


def _criteria(panel: Panel, found: ComputedFacts | None) -> list[tuple[object, str | None]]:
    said = found.facts["criteria"] if found else {}
    return [(one.name, said[one.key]) for one in criteria_of(panel.call) if one.key in said]


def panel_portfolio(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The best selection under the charter's shares beside the plain order of rank."""
    panel = _panel(request, pk)
    found = selectors.visible_to(request.user, panel, FactsKind.PORTFOLIO)
    context = {
        "panel": panel,
        "found": found,
        "compared": selectors.comparison(panel, found) if found else None,
        "awardable_minor": held.awardable_minor(panel.call),
    }
    return render(request, "committees/panel_portfolio.html", context)
