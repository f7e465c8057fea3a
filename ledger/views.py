"""The books, for finance and auditors: they are read here and written nowhere by hand."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ledger import selectors
from ledger.forms import TransferFilterForm

PAGE = 50


def transfer_list(request: HttpRequest) -> HttpResponse:
    """Every transfer, newest first, filtered by what stands in the URL."""
    form = TransferFilterForm(request.GET)
    found = selectors.transfers(**form.filters())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "ledger/transfer_list.html", {"form": form, "page": page})


def trial_balance(request: HttpRequest) -> HttpResponse:
    """All accounts with their balances; debits and credits sum to the same in every currency."""
    return render(request, "ledger/trial_balance.html", {"trials": selectors.trial_balance()})
