"""Waqfs: the yearly statement with what it was granted for, and the transfers behind each of its figures."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements import exports, papers, waqf_words
from disbursements.forms.books import YearForm
from disbursements.selectors import waqf as selectors
from funds.models import Waqf
from funds.rules import sees_every_donor
from funds.selectors.waqfs import deeds_of, waqfs_visible_to
from funds.telling import veils_for
from kernel.downloads import private_file
from kernel.spreadsheets import FORMATS
from ledger import figures

PDF: Final = "pdf"


def waqf_list(request: HttpRequest) -> HttpResponse:
    """The waqfs whose statements the person may read."""
    return render(request, "disbursements/waqf_list.html", {"waqfs": waqfs_visible_to(request.user)})


def _asked(request: HttpRequest, pk: UUID) -> tuple[Waqf, YearForm]:
    found: Waqf = get_object_or_404(waqfs_visible_to(request.user), pk=pk)
    return found, YearForm(request.GET or None, years=selectors.years_of(found))


def statement(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One waqf in the year of the address, as page, table or paper."""
    found, form = _asked(request, pk)
    reads_all = sees_every_donor(request.user)
    kind = request.GET.get("format")
    # The paper goes to the donor, whoever draws it.
    told = selectors.statement(found, form.chosen(), as_told=kind == PDF or not reads_all)
    if kind in FORMATS:
        return exports.waqf_file(kind, told)
    deed = deeds_of(found).first()
    if kind == PDF:
        language = "en" if get_language() == "en" else "ar"
        return private_file(papers.waqf_statement(told, deed, language), f"waqf-{told.year}.pdf")
    rows = [
        (part, waqf_words.PARTS[part.part], [(n, waqf_words.FIGURES[n], m) for n, m in part.rows])
        for part in told.parts
    ]
    context = {"waqf": found, "told": told, "rows": rows, "deed": deed, "form": form}
    context["year"] = f"?year={told.year}"
    context["reads_why"] = reads_all  # partners' words may say where they work
    return render(request, "disbursements/waqf_statement.html", context)


def line_figure(request: HttpRequest, pk: UUID, grant: str, number: int, name: str) -> HttpResponse:
    """The payments to a grant, each with the share of one of its lines; the grant under the code that the reader knows."""
    found, form = _asked(request, pk)
    year = form.chosen()
    told = selectors.statement(found, year, as_told=not sees_every_donor(request.user))
    line = told.line(grant, number)
    if line is None or name not in selectors.LINE_FIGURES:
        raise Http404
    behind = figures.adding_up(told.behind_line(line, name), line.paid.currency)
    words = {
        "label": f"{line.grant} · {line.line}",
        "name": f"{_('Paid in the year')} {year}" if name == selectors.YEAR else _("Paid so far"),
        "note": _("A grant is paid as a whole: its justified lines share what came of the waqf in proportion to their cost."),
        **_back(found, year),
    }  # fmt: skip
    return _figure(request, found, behind, words)


def figure(request: HttpRequest, pk: UUID, part: str, currency: str, name: str) -> HttpResponse:
    """The transfers that add up to one figure of a statement."""
    found, form = _asked(request, pk)
    year = form.chosen()
    told = selectors.statement(found, year).part(part, currency)
    if told is None or name not in dict(told.rows):
        raise Http404
    behind = figures.adding_up([(one.transfer, one.money) for one in told.behind(name)], currency)
    words = {
        "label": f"{waqf_words.PARTS[told.part]} {year}",
        "name": waqf_words.FIGURES[name],
        **_back(found, year),
    }
    return _figure(request, found, behind, words)


def _back(found: Waqf, year: int) -> dict[str, str]:
    address = reverse("disbursements:waqf_statement", args=[found.pk])
    return {"back": f"{address}?year={year}", "back_title": _("Statement of the waqf by year")}


def _figure(request: HttpRequest, found: Waqf, behind: figures.Behind, words: dict[str, Any]) -> HttpResponse:
    veils = veils_for(request.user, found.donor)
    return render(request, "ledger/figure.html", figures.page_of(behind, request.GET.get("page"), veils=veils, **words))
