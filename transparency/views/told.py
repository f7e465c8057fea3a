"""The public list of grants: the released table, its sums, and the same as a file."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from charter.selectors import rules_to_begin_with
from kernel.spreadsheets import FORMATS
from transparency.exports import told_file
from transparency.forms import ToldFilterForm
from transparency.selectors import published

PER_PAGE = 50


def grants_told(request: HttpRequest) -> HttpResponseBase:
    """Grants as the public reads them, narrowed by what stands in the address."""
    form = ToldFilterForm(request.GET, years=published.years())
    filters = form.filters()
    if request.GET.get("format") in FORMATS:
        return told_file(request.GET["format"], filters)
    rules = rules_to_begin_with()
    page = Paginator(published.told(filters), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": page.object_list,
        "pools": published.pools(filters),
        "sums": published.sums(rules.currency, filters),
        "waiting": published.not_told_yet(),
        "delay_days": rules.publication.delay_days,
        "least_partners": rules.publication.least_partners,
    }
    return render(request, "transparency/grants_told.html", context)
