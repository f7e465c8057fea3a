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
SUMS_PER_PAGE = 20
NOT_SHOWN = ("added", "payments", "planned", "passed_on")
"""What the list reads of no row: by far its widest columns."""


def grants_told(request: HttpRequest) -> HttpResponseBase:
    """Grants as the public reads them, narrowed by what stands in the address."""
    form = ToldFilterForm(request.GET, years=published.years())
    filters = form.filters()
    if request.GET.get("format") in FORMATS:
        return told_file(request.GET["format"], filters)
    rules = rules_to_begin_with()
    sums = published.sums(rules.currency, filters)
    rows = Paginator(published.told(filters).defer(*NOT_SHOWN), PER_PAGE)
    rows.count = sums.listed  # counted with the sums of the list, by one reading of it
    page = rows.get_page(request.GET.get("page"))
    pools = Paginator(published.pools(filters), SUMS_PER_PAGE)
    pools.count = sums.pools
    context = {
        "form": form,
        "page": page,
        "rows": page.object_list,
        "pools": pools.get_page(request.GET.get("sums")),
        "sums": sums,
        "paid_in_sums": published.paid_in_sums(rules.currency) if filters == published.Filters() else None,
        "waiting": published.not_told_yet(),
        "delay_days": rules.publication.delay_days,
        "least_partners": rules.publication.least_partners,
    }
    return render(request, "transparency/grants_told.html", context)
