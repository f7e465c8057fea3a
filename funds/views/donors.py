"""Donors: who gives, who speaks for them, and where their money is."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from funds import exports, rules, selectors, services, telling
from funds.forms import DonorForm, RepresentativeForm
from funds.models import Donor
from funds.selectors import waqfs
from funds.threads import thread_of
from funds.views.common import acted, posted
from kernel.spreadsheets import FORMATS
from ledger import figures

PAGE = 25


def _url(donor: Any) -> str:
    return reverse("funds:donor_detail", args=[donor.pk])


def donor_list(request: HttpRequest) -> HttpResponseBase:
    """Donors that the person may see; straight to the only one."""
    donors = selectors.donors_visible_to(request.user)
    if not rules.sees_every_donor(request.user) and donors.count() == 1:
        return redirect(_url(donors.get()))
    if request.GET.get("format") in FORMATS:
        return exports.donors_file(request.GET["format"], donors)
    page = Paginator(donors, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_keep": rules.may_keep(request.user)}
    return render(request, "funds/donor_list.html", context)


def donor_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One donor: promised, received, and the way of each contribution."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    contributions = list(selectors.contributions_visible_to(request.user).filter(donor=donor))
    free = selectors.available_of(contributions)
    keeps = rules.may_keep(request.user)
    context = {
        "donor": donor,
        "summary": selectors.summary_of(donor),
        "reads_money": rules.may_read_money(donor, request.user),
        "threads": [(one, thread_of(one, here=False), free[one.pk]) for one in contributions],
        "pledges": selectors.pledges_visible_to(request.user).filter(donor=donor),
        "waqfs": waqfs.waqfs_visible_to(request.user).filter(donor=donor),
        "mandates": selectors.mandates_of(donor) if rules.sees_every_donor(request.user) else [],
        "may_keep": keeps,
        "entries": timeline(donor, *donor.representatives.all()) if rules.sees_every_donor(request.user) else [],
    }
    return render(request, "funds/donor_detail.html", context)


def received(request: HttpRequest, pk: UUID, currency: str) -> HttpResponse:
    """The receipts that add up to what a donor gave in one currency."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    receipts = selectors.receipts_of(donor, currency)
    if not receipts.exists():
        raise Http404
    behind = figures.posted(receipts, currency)
    words = {"label": str(donor), "name": _("Received"), "back": _url(donor), "back_title": str(donor)}
    veils = telling.veils_for(request.user, donor)
    shown = figures.page_of(behind, request.GET.get("page"), veils=veils, **words)
    return render(request, "ledger/figure.html", shown)


def add(request: HttpRequest) -> HttpResponse:
    """Add a donor."""
    form = DonorForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.add_donor(actor=person(request), **form.values()),
        done=_("Saved."),
        to=_url,
    )
    return answer or render(
        request, "funds/form.html", {"form": form, "title": _("Add a donor"), "cancel": reverse("funds:donor_list")}
    )


def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what is known of a donor."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    form = DonorForm(*posted(request)) if posted(request) else DonorForm(initial=DonorForm.of(donor))
    answer = acted(
        request,
        form,
        lambda: services.change_donor(donor, form.values(), actor=person(request)),
        done=_("Saved."),
        to=_url,
    )
    return answer or render(request, "funds/form.html", {"form": form, "title": str(donor), "cancel": _url(donor)})


def add_representative(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a person see the donor's own money and documents."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    form = RepresentativeForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.add_representative(
            donor,
            form.cleaned_data["email"],
            starts_on=form.cleaned_data["starts_on"],
            role=form.cleaned_data["role"],
            actor=person(request),
        ),
        done=_("Saved."),
        to=lambda _made: _url(donor),
    )
    return answer or render(
        request, "funds/form.html", {"form": form, "title": _("Add a representative"), "cancel": _url(donor)}
    )


def end_representative(request: HttpRequest, pk: UUID, mandate: UUID) -> HttpResponse:
    """End a mandate today."""
    donor: Donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    found = get_object_or_404(selectors.mandates_of(donor), pk=mandate)
    services.end_representative(found, actor=person(request))
    return redirect(_url(donor))
