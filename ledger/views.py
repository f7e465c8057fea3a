"""The books, for finance and auditors: they are read here and written nowhere by hand."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from kernel.spreadsheets import FORMATS
from ledger import exports, selectors
from ledger.forms import TransferFilterForm

PAGE = 50


def transfer_list(request: HttpRequest) -> HttpResponseBase:
    """Every transfer, newest first, filtered by what stands in the URL."""
    form = TransferFilterForm(request.GET)
    found = selectors.transfers(**form.filters())
    if request.GET.get("format") in FORMATS:
        return exports.transfers_file(request.GET["format"], found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "ledger/transfer_list.html", {"form": form, "page": page})


def trial_balance(request: HttpRequest) -> HttpResponseBase:
    """All accounts with their balances; debits and credits sum to the same in every currency."""
    trials = selectors.trial_balance()
    if request.GET.get("format") in FORMATS:
        return exports.trial_balance_file(request.GET["format"], trials)
    return render(request, "ledger/trial_balance.html", {"trials": trials})
