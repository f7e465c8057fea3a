"""The donors' place: own money down to payments and reports, statements, and the part of what unearmarked money did."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from funds import rules
from funds.models import Donor
from funds.selectors import mandates_of, open_pledges
from kernel.downloads import private_file
from kernel.permissions import require
from kernel.spreadsheets import FORMATS
from transparency import giving_exports as exports
from transparency.alert_rules import may_choose
from transparency.forms import PeriodForm
from transparency.selectors import giving as selectors
from transparency.selectors.documents import documents_of
from transparency.selectors.giving import Period


def donor_of(request: HttpRequest, pk: UUID) -> Donor:
    """The donor, for who may look at its giving."""
    donor: Donor = get_object_or_404(selectors.donors_for(request.user), pk=pk)
    return donor


def giving(request: HttpRequest) -> HttpResponseBase:
    """Donors whose giving the person may look at; straight to the only one."""
    donors = list(selectors.donors_for(request.user))
    if len(donors) == 1:
        return redirect(reverse("transparency:donor_place", args=[donors[0].pk]))
    return render(request, "transparency/giving_list.html", {"donors": donors})


def donor_place(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Contributions as money threads with the grants that each is in."""
    donor = donor_of(request, pk)
    threads = selectors.threads_of(donor)
    if request.GET.get("format") in FORMATS:
        return exports.threads_file(request.GET["format"], threads)
    reads_money = rules.may_read_money(donor, request.user)
    leads = rules.leads(donor, request.user)
    context = {
        "donor": donor,
        "threads": threads,
        "totals": _whole_life(donor),
        "reads_money": reads_money,
        "reads_reports": rules.may_read_reports(donor, request.user),
        "represents": may_choose(donor, request.user),
        "pledges": open_pledges(donor) if reads_money else [],
        "mandates": mandates_of(donor) if leads else [],
    }
    return render(request, "transparency/donor_place.html", context)


def _whole_life(donor: Donor) -> list[Any]:
    """In each currency: the lines of everything so far."""
    months = selectors.months_of(donor)
    period = Period(months[-1], months[0])
    return [
        [row for row in exports.summary_rows(selectors.statement(donor, currency, period))[1:] if row[2].minor]
        for currency in selectors.currencies_of(donor)
    ]


def donor_portfolio(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The donor's proportional part of every grant that unearmarked money is in."""
    donor = donor_of(request, pk)
    shares = [one for currency in selectors.currencies_of(donor) for one in selectors.portfolio(donor, currency)]
    if request.GET.get("format") in FORMATS:
        return exports.portfolio_file(request.GET["format"], shares)
    return render(request, "transparency/donor_portfolio.html", {"donor": donor, "shares": shares})


def donor_statement(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Opening, received, paid, given back, closing, for whole months; equal to the books."""
    donor = donor_of(request, pk)
    require(rules.may_read_money(donor, request.user))
    form = PeriodForm(request.GET or None, months=selectors.months_of(donor), currencies=selectors.currencies_of(donor))
    currency, first, last = form.asked()
    period = Period(first, last)
    statement = selectors.statement(donor, currency, period)
    rows = exports.statement_rows(statement, period, *selectors.named(donor))
    kind = request.GET.get("format")
    if kind in FORMATS:
        return exports.statement_file(kind, rows, currency)
    if kind == "pdf":
        name = f"statement-{first:%Y-%m}-{last:%Y-%m}.pdf"
        return private_file(exports.statement_pdf(donor, statement, period, rows), name)
    context = {
        "donor": donor,
        "form": form,
        "summary": exports.summary_rows(statement),
        "held": exports.held_rows(statement),
        "promised": statement.promised,
        "currency": currency,
        "rows": rows,
        "asked": f"?since={first:%Y-%m}&until={last:%Y-%m}&currency={currency}",
    }
    return render(request, "transparency/donor_statement.html", context)


def donor_grant(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """One grant with the donor's money: the whole thread, tranches, payments, reports."""
    donor = donor_of(request, pk)
    page = selectors.grant_thread(donor, code)
    if page is None:
        raise Http404
    reads_reports = rules.may_read_reports(donor, request.user)
    context = {
        "donor": donor,
        "page": page,
        "reads_reports": reads_reports,
        "cleared": {one.report: one for one in documents_of(donor)} if reads_reports else {},
    }
    return render(request, "transparency/donor_grant.html", context)
