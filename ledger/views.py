"""The books, for finance and auditors: they are read here and written nowhere by hand; the rates they are valued by."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.http import person, posted
from audit.selectors import timeline
from kernel.permissions import Refused, require
from kernel.pieces.words import day_in_words
from kernel.spreadsheets import FORMATS
from ledger import exports, figures, periods, rules, selectors, services
from ledger.forms import BalanceForm, PeriodForm, RateForm, TransferFilterForm, UnlockForm
from ledger.models import Account

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
    form = BalanceForm(request.GET)
    trials = selectors.trial_balance(form.day())
    if request.GET.get("format") in FORMATS:
        return exports.trial_balance_file(request.GET["format"], trials)
    day = form.day()
    context = {"trials": trials, "form": form, "at": f"?until={day}" if day else ""}
    return render(request, "ledger/trial_balance.html", context)


def account_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    """The transfers that add up to one figure of an account in the trial balance."""
    if name not in figures.FIGURES:
        raise Http404
    account = get_object_or_404(selectors.accounts(), pk=pk)
    day = BalanceForm(request.GET).day()
    behind = figures.behind_account(account, name, until=day)
    return _shown(request, behind, label=account.title, name=_FIGURES[name], day=day)


def trial_figure(request: HttpRequest, currency: str, name: str) -> HttpResponseBase:
    """The accounts whose debits, or credits, add up to the sum of the trial balance in one currency."""
    day = BalanceForm(request.GET).day()
    trial = next((one for one in selectors.trial_balance(day) if one.currency == currency), None)
    if trial is None or name not in {figures.DEBIT, figures.CREDIT}:
        raise Http404
    pieces = [
        figures.Piece(row.account.title, money, _account_url(row.account, name, day), code=row.account.code)
        for row in trial.rows
        if (money := row.debit if name == figures.DEBIT else row.credit).minor
    ]
    behind = figures.made_of(pieces, currency)
    return _shown(request, behind, label=currency, name=_FIGURES[name], day=day)


_FIGURES: dict[str, Any] = {
    figures.DEBIT: gettext_lazy("Debit"),
    figures.CREDIT: gettext_lazy("Credit"),
    figures.RESERVED: gettext_lazy("Reserved"),
    figures.FREE: gettext_lazy("Free"),
}


def _account_url(account: Account, name: str, day: date | None) -> str:
    return reverse("ledger:account_figure", args=[account.pk, name]) + (f"?until={day}" if day else "")


def _shown(request: HttpRequest, behind: Any, *, day: date | None, **words: Any) -> HttpResponseBase:
    at = f"?until={day}" if day else ""
    words |= {"back": reverse("ledger:trial_balance") + at, "back_title": _("Trial balance")}
    if day is not None:
        words["period"] = day_in_words(day, language=get_language() or "ar")
    return render(request, "ledger/figure.html", figures.page_of(behind, request.GET.get("page"), **words))


def rate_list(request: HttpRequest) -> HttpResponseBase:
    """The reference rates that were recorded, the latest first."""
    page = Paginator(selectors.reference_rates(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_record": rules.may_record_rate(None, actor=request.user)}
    return render(request, "ledger/rate_list.html", context)


def rate_record(request: HttpRequest) -> HttpResponseBase:
    """Record the rate of a bulletin."""
    require(rules.may_record_rate(None, actor=request.user))
    form = RateForm(posted(request))
    if form.is_valid():
        services.record_rate(base=form.base, actor=person(request), **form.values())
        messages.success(request, _("Saved."))
        return redirect("ledger:rate_list")
    return render(request, "ledger/rate_record.html", {"form": form})


def period_list(request: HttpRequest) -> HttpResponseBase:
    """Which months are locked, by whom, with which fingerprint."""
    keeps = rules.keeps_months(request.user)
    context = {"periods": selectors.periods(), "waiting": selectors.months_to_lock(), "keeps": keeps}
    return render(request, "ledger/period_list.html", context)


def period_lock(request: HttpRequest) -> HttpResponseBase:
    """Close a month that is over."""
    form = PeriodForm(posted(request), months=selectors.months_to_lock())
    if form.is_valid() and _done(form, lambda: periods.lock(form.chosen(), actor=person(request))):
        messages.success(request, _("The month is locked."))
        return redirect("ledger:period_list")
    return render(request, "ledger/period_act.html", {"form": form, "title": _("Lock a month")})


ACTS: dict[str, tuple[Any, Any, type[forms.Form]]] = {
    "ask": (periods.ask_unlock, gettext_lazy("Ask to open the month"), UnlockForm),
    "open": (periods.unlock, gettext_lazy("Open the month"), forms.Form),
    "decline": (periods.decline_unlock, gettext_lazy("Leave the month locked"), UnlockForm),
    "lock": (periods.lock_again, gettext_lazy("Lock the month again"), forms.Form),
}


def period_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponseBase:
    """Open a month by two people, or lock it again."""
    if act not in ACTS:
        raise Http404
    period, (service, title, form_class) = get_object_or_404(selectors.periods(), pk=pk), ACTS[act]
    form = form_class(posted(request))
    if form.is_valid() and _done(form, lambda: service(period, actor=person(request), **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("ledger:period_list")
    context = {"form": form, "title": title, "period": period, "entries": timeline(period)}
    return render(request, "ledger/period_act.html", context)


def _done(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether ``act`` went through; what refused it stands in the form."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    return True
