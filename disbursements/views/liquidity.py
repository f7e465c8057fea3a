"""The forecast of the fund's cash, and the calendar of tranches over the years."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from disbursements import exports, pages, selectors
from disbursements.forms.forecast import ScenarioForm
from disbursements.liquidity_pages import calendar_of, forecast_page, scenario_chips
from disbursements.selectors.liquidity import liquidity
from kernel.spreadsheets import FORMATS


def forecast(request: HttpRequest) -> HttpResponseBase:
    """Cash by month in the scenario of the address, what is at risk in it, and the months as a file."""
    found = liquidity()
    form = ScenarioForm(request.GET, donors=sorted(found.donors.items(), key=lambda item: item[1]))
    shown = forecast_page(found, form.scenario())
    if request.GET.get("format") in FORMATS:
        return exports.forecast_file(request.GET["format"], shown.result, found.rates.base)
    context = {"form": form, "shown": shown, "chips": scenario_chips(found, shown.scenario)}
    return render(request, "disbursements/forecast.html", context)


def calendar(request: HttpRequest) -> HttpResponseBase:
    """The tranches that the person may see, by year and month; all files are those of the list of tranches."""
    years = calendar_of(selectors.tranches_in_force(request.user))
    return render(request, "disbursements/tranche_calendar.html", {"years": years, "tones": pages.TONES})
