"""The public register of decisions one by one: what was funded, with which scores and votes, proven by the log."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kernel.spreadsheets import FORMATS
from transparency.decision_exports import decisions_file
from transparency.forms import ToldFilterForm
from transparency.selectors import decisions, published

PER_PAGE = 20


def decision_list(request: HttpRequest) -> HttpResponseBase:
    """Decisions about grants that the public is told of, narrowed by what stands in the address."""
    form = ToldFilterForm(request.GET, years=published.years())
    filters = form.filters()
    rows = decisions.released(filters)
    if request.GET.get("format") in FORMATS:
        return decisions_file(request.GET["format"], decisions.told(rows))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "told": decisions.told(page.object_list),
        "kept_back": decisions.kept_back(),
    }
    return render(request, "transparency/decision_list.html", context)
