"""Zakat: its clock, and the certificate of what was distributed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements import papers
from disbursements.selectors import zakat
from funds.rules import reads_gifts, sees_every_donor
from funds.telling import veils_for
from kernel.downloads import private_file
from ledger import figures


def zakat_list(request: HttpRequest) -> HttpResponse:
    """All zakat that the person may see, with what waits of it and until when it may; gifts by card for the fund's offices."""
    rows = zakat.clocks(zakat.zakat_visible_to(request.user))
    if sees_every_donor(request.user):
        rows = [*zakat.waiting_gifts(), *rows]
    return render(request, "disbursements/zakat_list.html", {"rows": rows, "reads_gifts": reads_gifts(request.user)})


def zakat_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """The transfers that add up to what was distributed of a contribution, or to what still waits."""
    found = get_object_or_404(zakat.zakat_visible_to(request.user), pk=pk)
    names = {zakat.DISTRIBUTED: _("Distributed"), zakat.LEFT: _("Still waits")}
    if name not in names:
        raise Http404
    words = {
        "label": found.reference, "name": names[name], "back": reverse("disbursements:zakat_list"),
        "back_title": _("Zakat and its clock"),
    }  # fmt: skip
    veils = veils_for(request.user, found.donor)
    shown = figures.page_of(zakat.behind(found, name), request.GET.get("page"), veils=veils, **words)
    return render(request, "ledger/figure.html", shown)


def zakat_certificate(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """To whom the zakat of one contribution was distributed, as PDF in the reader's language."""
    found = get_object_or_404(zakat.zakat_visible_to(request.user), pk=pk)
    language = "en" if get_language() == "en" else "ar"
    return private_file(papers.zakat_certificate(found, language), f"{found.reference}-zakat.pdf")
