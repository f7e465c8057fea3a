"""Contributions: recorded by one person, confirmed by another."""

from typing import Any
from urllib.parse import urlencode
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
from funds.forms import ConfirmForm, ContributionFilterForm, ContributionForm, ReasonForm
from funds.models import Contribution
from funds.threads import thread_of
from funds.views import pieces as pieces_of
from funds.views.common import acted, posted
from kernel.permissions import require
from kernel.spreadsheets import FORMATS
from ledger import figures

PAGE = 25


def _url(contribution: Contribution) -> str:
    return reverse("funds:contribution_detail", args=[contribution.pk])


def contribution_list(request: HttpRequest) -> HttpResponseBase:
    """All contributions that the person may see, with the sums of what is filtered."""
    form = ContributionFilterForm(request.GET)
    found = selectors.filtered_contributions(selectors.contributions_visible_to(request.user), **form.filters())
    if request.GET.get("format") in FORMATS:
        return exports.contributions_file(request.GET["format"], found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "free": selectors.available_of(page),
        "sums": selectors.sums_by_currency(found),
        "asked": f"?{urlencode(form.filters())}",
        "may_keep": rules.may_keep(request.user),
    }
    return render(request, "funds/contribution_list.html", context)


def contribution_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One contribution: its terms, its way, what of it is free, and what was recorded."""
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    context = {
        "contribution": found,
        "labels": selectors.conditions_in_words(found),
        "available": selectors.available(found),
        "thread": thread_of(found),
        "may_confirm": found.state == "recorded" and rules.may_confirm_contribution(found, actor=request.user),
        "may_return": found.state == "confirmed" and rules.may_keep(request.user),
        "returns": found.returns.select_related("asked_by").order_by("moved_at"),
        "entries": timeline(found),
    }
    return render(request, "funds/contribution_detail.html", context)


def free(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The transfers that add up to what is free of a contribution."""
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    if found.account is None:
        raise Http404
    behind = figures.behind_free(found.account)
    return _figure(request, found, behind, _("Free"))


def received(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The receipts that add up to a confirmed contribution."""
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    if found.account is None:
        raise Http404
    return _figure(request, found, figures.posted(selectors.receipts_into([found]), found.currency), _("Amount"))


def return_figure(request: HttpRequest, pk: UUID, asked: UUID) -> HttpResponse:
    """The transfer by which the fund owes a donor what goes back of a contribution."""
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    behind = figures.posted(selectors.dues_of(get_object_or_404(found.returns, pk=asked)), found.currency)
    if not behind.rows:
        raise Http404
    return _figure(request, found, behind, _("Returns to the donor"))


def _figure(request: HttpRequest, found: Contribution, behind: figures.Behind, name: str) -> HttpResponse:
    words: dict[str, Any] = {"label": found.reference, "name": name, "back": _url(found), "back_title": found.reference}
    veils = telling.veils_for(request.user, found.donor)
    shown = figures.page_of(behind, request.GET.get("page"), veils=veils, **words)
    return render(request, "ledger/figure.html", shown)


def contribution_sum(request: HttpRequest, currency: str) -> HttpResponse:
    """The contributions that add up to the sum of the list, as it is filtered in the address."""
    form = ContributionFilterForm(request.GET)
    found = selectors.filtered_contributions(selectors.contributions_visible_to(request.user), **form.filters())
    pieces = [pieces_of.contribution(one) for one in found.filter(currency=currency)]
    if not pieces:
        raise Http404
    back = f"{reverse('funds:contribution_list')}?{urlencode(form.filters())}"
    words: dict[str, Any] = {
        "label": _("Contributions"),
        "name": currency,
        "back": back,
        "back_title": _("Contributions"),
    }
    shown = figures.page_of(figures.made_of(pieces, currency), request.GET.get("page"), **words)
    return render(request, "ledger/figure.html", shown)


def record(request: HttpRequest) -> HttpResponse:
    """Record money that arrived."""
    require(rules.may_keep(request.user))
    form = ContributionForm(*posted(request), user=request.user)
    answer = acted(
        request,
        form,
        lambda: services.record_contribution(actor=person(request), **form.cleaned_data),
        done=_("Recorded. A second person compares it with the bank statement."),
        to=_url,
    )
    context = {"form": form, "title": _("Record money received"), "cancel": reverse("funds:contribution_list")}
    return answer or render(request, "funds/form.html", context)


def _to_judge(request: HttpRequest, pk: UUID) -> Contribution:
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    require(rules.may_confirm_contribution(found, actor=request.user))
    return found


def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the money into the books as a second person, typing the amount of the bank statement."""
    found = _to_judge(request, pk)
    form = ConfirmForm(*posted(request), contribution=found)
    answer = acted(
        request,
        form,
        lambda: services.confirm_contribution(
            found, amount_minor=form.cleaned_data["amount_minor"], actor=person(request)
        ),
        done=_("Confirmed: the money is in the books."),
        to=_url,
    )
    return answer or render(request, "funds/contribution_confirm.html", {"form": form, "contribution": found})


def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the bank statement does not show this money."""
    found = _to_judge(request, pk)
    form = ReasonForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.reject_contribution(found, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("Recorded: this money is not in the bank statement."),
        to=_url,
    )
    return answer or render(request, "funds/contribution_reject.html", {"form": form, "contribution": found})
