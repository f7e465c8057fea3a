"""The fund's own statement by class."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from disbursements import exports
from disbursements.forms.books import PeriodForm
from disbursements.liquidity_pages import LINES
from disbursements.selectors.class_figures import CLOSING, FIGURES, OPENING, Behind
from disbursements.selectors.fund_statement import fund_statement
from funds.states import RestrictionClass
from kernel.pieces.words import day_in_words
from kernel.spreadsheets import FORMATS

PAGE = 50
_WORDS: dict[Any, Any] = {OPENING: gettext_lazy("At the beginning"), **LINES, CLOSING: gettext_lazy("At the end")}


def statement(request: HttpRequest) -> HttpResponseBase:
    """The money of each class in the period of the address, and as a file."""
    form = PeriodForm(request.GET)
    since, until = form.days()
    rows = fund_statement(since, until)
    if request.GET.get("format") in FORMATS:
        return exports.fund_statement_file(request.GET["format"], rows, LINES)
    context = {"form": form, "rows": rows, "lines": list(LINES.items()), "since": since, "until": until}
    context["period"] = f"?since={since}&until={until}"
    return render(request, "disbursements/fund_statement.html", context)


def figure(request: HttpRequest, restriction: str, currency: str, name: str) -> HttpResponseBase:
    """The transfers that add up to one figure of the statement."""
    if restriction not in RestrictionClass.values or name not in FIGURES:
        raise Http404
    since, until = PeriodForm(request.GET).days()
    behind: Any = Behind(restriction, currency, name, since, until)
    context = {
        "page": Paginator(behind, PAGE).get_page(request.GET.get("page")),
        "total": behind.total, "label": RestrictionClass(restriction).label, "name": _WORDS[name],
        "period": f"{day_in_words(since, language=get_language() or 'ar')} – {day_in_words(until, language=get_language() or 'ar')}",
        "back": f"{reverse('disbursements:fund_statement')}?since={since}&until={until}", "back_title": _("Statement of the fund"),
    }  # fmt: skip
    return render(request, "ledger/figure.html", context)
