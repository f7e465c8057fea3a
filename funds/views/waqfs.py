"""Waqfs: their deeds, and the money that came from them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from funds import rules, selectors
from funds.models import Waqf
from funds.see_also import pages_about
from funds.selectors import waqfs
from funds.services import waqf as services
from funds.views.common import acted
from funds.waqf_forms import DeedForm, WaqfForm
from kernel.uploads import send_private


def _url(pk: UUID) -> str:
    return reverse("funds:waqf_detail", args=[pk])


def _waqf(request: HttpRequest, pk: UUID) -> Waqf:
    return get_object_or_404(waqfs.waqfs_visible_to(request.user), pk=pk)


def waqf_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A waqf: the deed that counts, those before it, and what came of it."""
    found = _waqf(request, pk)
    deeds = list(waqfs.deeds_of(found))
    context = {
        "waqf": found,
        "deeds": deeds,
        "labels": selectors.conditions_in_words(deeds[0]) if deeds else None,
        "money": waqfs.money_of(found),
        "pages": pages_about(found),
        "may_keep": rules.may_keep(request.user),
        "entries": timeline(found, *deeds),
    }
    return render(request, "funds/waqf_detail.html", context)


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a waqf of a donor with its deed."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    form = WaqfForm(request.POST, request.FILES) if request.method == "POST" else WaqfForm()
    answer = acted(
        request,
        form,
        lambda: services.add_waqf(donor, actor=person(request), **form.cleaned_data),
        done=_("Saved."),
        to=lambda made: _url(made.pk),
    )
    cancel = reverse("funds:donor_detail", args=[pk])
    return answer or render(request, "funds/form.html", {"form": form, "title": _("Record a waqf"), "cancel": cancel})


def deed_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """File a later deed: it counts from now on."""
    found = _waqf(request, pk)
    form = DeedForm(request.POST, request.FILES) if request.method == "POST" else DeedForm()
    answer = acted(
        request,
        form,
        lambda: services.file_deed(found, actor=person(request), **form.cleaned_data),
        done=_("Saved."),
        to=lambda _made: _url(pk),
    )
    context = {"form": form, "title": _("File a later deed"), "cancel": _url(pk)}
    return answer or render(request, "funds/form.html", context)


def deed(request: HttpRequest, pk: UUID, deed: UUID) -> HttpResponseBase:
    """The document of a deed."""
    found = get_object_or_404(waqfs.deeds_of(_waqf(request, pk)), pk=deed)
    return send_private(found.file, name=f"{found.waqf.name} {found.deeded_on}")
