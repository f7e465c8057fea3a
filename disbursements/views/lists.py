"""Lists of tranches and reports: what is due, by whom, and what it comes to."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from disbursements import exports, pages, selectors
from disbursements.forms import ListFilterForm
from disbursements.models import Tranche
from disbursements.states import TrancheState
from grants.states import ReportState
from kernel.spreadsheets import FORMATS

PER_PAGE = 50


def tranches_asked(request: HttpRequest) -> tuple[ListFilterForm, QuerySet[Tranche]]:
    """Tranches that the person may see, narrowed by what stands in the address: for the list, its file and its sums."""
    form = ListFilterForm(request.GET, states=TrancheState.choices)
    return form, selectors.tranches_listed(request.user, **form.filters())


def tranche_list(request: HttpRequest) -> HttpResponseBase:
    """The tranches asked for, with their sums and as a file."""
    form, found = tranches_asked(request)
    if request.GET.get("format") in FORMATS:
        return exports.tranches_file(request.GET["format"], found)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "tones": pages.TONES, "sums": selectors.tranches_sums(found)}
    return render(request, "disbursements/tranche_list.html", context)


def report_list(request: HttpRequest) -> HttpResponseBase:
    """Reports that the person may see, the earliest due first, narrowed, and as a file."""
    form = ListFilterForm(request.GET, states=ReportState.choices)
    found = selectors.reports_listed(request.user, **form.filters())
    if request.GET.get("format") in FORMATS:
        return exports.reports_file(request.GET["format"], found)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "disbursements/report_list.html", {"form": form, "page": page, "tones": pages.REPORT_TONES})
