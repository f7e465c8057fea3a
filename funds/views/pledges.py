"""Pledges: promises, never cash."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from funds import exports, rules, selectors, services
from funds.forms import PledgeForm, ReasonForm, SignPledgeForm
from funds.models import Pledge
from funds.states import RUNNING_PLEDGES
from funds.views.common import acted, posted
from kernel.spreadsheets import FORMATS

PAGE = 25


def _url(pledge: Pledge) -> str:
    return reverse("funds:pledge_detail", args=[pledge.pk])


def pledge_list(request: HttpRequest) -> HttpResponseBase:
    """All pledges that the person may see; open ones are summed apart from money."""
    found = selectors.pledges_visible_to(request.user)
    if request.GET.get("format") in FORMATS:
        return exports.pledges_file(request.GET["format"], found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "sums": selectors.sums_by_currency(found.filter(state__in=selectors.OPEN_PLEDGES))}
    return render(request, "funds/pledge_list.html", context)


def pledge_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One pledge, what of it arrived, and what was recorded."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    context = {
        "pledge": found,
        "labels": selectors.conditions_in_words(found),
        "received": selectors.received_of(found),
        "may_keep": rules.may_keep(request.user),
        "open": found.state in selectors.OPEN_PLEDGES,
        "running": found.state in RUNNING_PLEDGES,
        "documents": selectors.documents_of(found),
        "estimate": selectors.estimate_of(found),
        "write_offs": found.write_offs.select_related("asked_by").order_by("moved_at"),
        "entries": timeline(found),
    }
    return render(request, "funds/pledge_detail.html", context)


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a donor's promise."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    form = PledgeForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.pledge(donor, actor=person(request), **form.cleaned_data),
        done=_("Saved."),
        to=_url,
    )
    cancel = reverse("funds:donor_detail", args=[pk])
    return answer or render(request, "funds/form.html", {"form": form, "title": _("Record a pledge"), "cancel": cancel})


def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the agreement is signed."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    form = SignPledgeForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.sign_pledge(found, **form.cleaned_data, actor=person(request)),
        done=_("Saved."),
        to=_url,
    )
    context = {"form": form, "title": _("Record the signed agreement"), "cancel": _url(found)}
    return answer or render(request, "funds/form.html", context)


def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the donor took the promise back."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    form = ReasonForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.withdraw_pledge(found, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("Saved."),
        to=_url,
    )
    context = {"form": form, "title": _("The pledge was withdrawn"), "cancel": _url(found)}
    return answer or render(request, "funds/form.html", context)
