"""The public dashboard of what other funds did before."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.pieces import Chip
from transparency.exports import csv_file
from transparency.models import DashboardEdition
from transparency.selectors import dashboard as selectors


def history_dashboard(request: HttpRequest) -> HttpResponse:
    """All charts for the fund and the year of the query string."""
    edition = selectors.newest_edition()
    if edition is None:
        return render(request, "transparency/history_empty.html")
    fund, year = _choice(request, edition)
    shown = selectors.dashboard(edition, language=_language(), fund=fund, year=year)
    context = {
        "dashboard": shown,
        "headlines": shown.headlines,
        "funds": _funds(edition, fund, year),
        "years": _years(edition, fund, year),
    }
    return render(request, "transparency/history_dashboard.html", context)


def history_chart_csv(request: HttpRequest, chart: str) -> HttpResponse:
    """The table of one chart, exactly as the page shows it, as plain values."""
    edition = selectors.newest_edition()
    if edition is None:
        raise Http404
    fund, year = _choice(request, edition)
    found = selectors.one_chart(edition, language=_language(), fund=fund, year=year, chart=chart)
    if found is None:
        raise Http404
    name = "-".join(part for part in (chart, fund, str(year or "")) if part)
    return csv_file(f"{name}.csv", [column["label"] for column in found.columns], found.rows, public=True)


def _language() -> str:
    return (get_language() or "ar").split("-")[0]


def _choice(request: HttpRequest, edition: DashboardEdition) -> tuple[str, int]:
    fund, year = request.GET.get("fund", ""), request.GET.get("year", "")
    if (fund and fund not in edition.funds) or (year and year not in {str(known) for known in edition.years}):
        raise Http404
    return fund, int(year or 0)


def _chip(label: str, chosen: tuple[Any, Any], now: tuple[Any, Any]) -> Chip:
    fund, year = chosen
    query = urlencode({name: value for name, value in (("fund", fund), ("year", year)) if value})
    address = reverse("transparency:history_dashboard")
    return Chip(label, f"{address}?{query}" if query else address, current=chosen == now)


def _funds(edition: DashboardEdition, fund: str, year: int) -> list[Chip]:
    chips = [_chip(_("All funds"), ("", year), (fund, year))]
    return chips + [
        _chip(selectors.fund_label(name), (code, year), (fund, year)) for code, name in edition.funds.items()
    ]


def _years(edition: DashboardEdition, fund: str, year: int) -> list[Chip]:
    chips = [_chip(_("All years"), (fund, 0), (fund, year))]
    return chips + [_chip(str(known), (fund, known), (fund, year)) for known in reversed(edition.years)]
