"""Pledges: promises, never cash."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from funds import exports, rules, selectors, services, telling
from funds.forms import PledgeForm, ReasonForm, SignPledgeForm
from funds.models import Pledge
from funds.states import RUNNING_PLEDGES
from funds.views import pieces
from funds.views.common import acted, posted
from kernel.spreadsheets import FORMATS
from ledger import figures

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


def figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A promise is not money: what arrived of it, what was given up, and what is awaited."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    behind = figures.made_of(pieces.of_pledge(found), found.currency)
    return _figure(request, behind, label=str(found.donor), name=_("Amount"), back=_url(found), back_title=_("Pledge"))


def received(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipts that add up to what arrived of a pledge."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    behind = figures.posted(selectors.receipts_for(found), found.currency)
    words = {"label": str(found.donor), "name": _("Received of it"), "back": _url(found), "back_title": _("Pledge")}
    return _figure(request, behind, veils=telling.veils_for(request.user, found.donor), **words)


def given_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The transfer by which the books expect no more of a pledge; 404 before two people gave it up."""
    found = get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)
    behind = figures.posted(selectors.written_off_by(found), found.currency)
    if not behind.rows:
        raise Http404
    words = {"label": str(found.donor), "name": _("Written off"), "back": _url(found), "back_title": _("Pledge")}
    return _figure(request, behind, **words)


def pledge_sum(request: HttpRequest, currency: str) -> HttpResponse:
    """The open promises that add up to what is promised and not received."""
    found = selectors.pledges_visible_to(request.user).filter(currency=currency, state__in=selectors.OPEN_PLEDGES)
    back = {"back": reverse("funds:pledge_list"), "back_title": _("Pledges")}
    behind = _promises(found, currency)
    return _figure(request, behind, label=_("Promised, not received"), name=currency, **back)


def of_donor(request: HttpRequest, pk: UUID, currency: str) -> HttpResponse:
    """The open promises of one donor."""
    donor = get_object_or_404(selectors.donors_visible_to(request.user), pk=pk)
    open_now = selectors.pledges_visible_to(request.user).filter(state__in=selectors.OPEN_PLEDGES)
    found = open_now.filter(donor=donor, currency=currency)
    back = {"back": reverse("funds:donor_detail", args=[pk]), "back_title": str(donor)}
    behind = _promises(found, currency)
    return _figure(request, behind, label=str(donor), name=_("Promised, not received"), **back)


def _promises(found: Iterable[Pledge], currency: str) -> figures.Made:
    listed = list(found)
    if not listed:
        raise Http404
    return figures.made_of(map(pieces.pledge, listed), currency)


def _figure(request: HttpRequest, behind: figures.Behind | figures.Made, **words: Any) -> HttpResponse:
    return render(request, "ledger/figure.html", figures.page_of(behind, request.GET.get("page"), **words))


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
