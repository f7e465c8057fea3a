"""Figures of grants, of what is promised and of the forecast, opened into what they are made of."""

# public: figures of grants, for partners
from datetime import MAXYEAR, MINYEAR, date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.rules import offices_of
from disbursements import forecast_figures, forecast_risks, pages, selectors, threads
from disbursements.conversions import GAIN, LOSS
from disbursements.forms.forecast import ScenarioForm
from disbursements.selectors import change_figures as changed
from disbursements.selectors import figures as behind
from disbursements.selectors import payment_figures as paid
from disbursements.selectors.budget_figures import AFTER, behind_category
from disbursements.selectors.liquidity import liquidity
from disbursements.views.channels import seen_provider
from disbursements.views.common import seen_grant, seen_payment, seen_report, seen_tranche
from disbursements.views.grants import grants_asked
from disbursements.views.lists import tranches_asked
from disbursements.views.payments import payments_asked
from disbursements.views.runs import seen_run
from grants.models import Grant, GrantFunding, ReportLine
from grants.selectors.revisions import visible_to
from kernel.pieces.sentences import tranche_words
from kernel.pieces.tranches import TrancheState
from kernel.pieces.words import month_in_words
from ledger.access import READERS
from ledger.figures import Behind, Made, made_of, page_of

_WORDS: dict[str, Any] = {
    behind.AMOUNT: gettext_lazy("Amount"),
    behind.SIGNED: gettext_lazy("Amount as it was signed"),
    behind.RECEIVED: gettext_lazy("Received so far"),
    behind.SPENT: gettext_lazy("Spent, by accepted reports"),
    behind.UNSPENT: gettext_lazy("Not spent yet"),
    behind.REFUND_UNSPENT: gettext_lazy("Not spent"),
    behind.REFUND_REFUSED: gettext_lazy("Not accepted"),
    behind.REFUND_OWED: gettext_lazy("To give back"),
    behind.COMMITTED: gettext_lazy("Committed"),
    behind.PAID: gettext_lazy("Paid"),
    behind.BUDGET: gettext_lazy("Budget"),
    behind.BEFORE: gettext_lazy("Before"),
    behind.PERIOD: gettext_lazy("This period"),
    behind.TOGETHER: gettext_lazy("Together"),
    behind.LEFT: gettext_lazy("Left"),
    AFTER: gettext_lazy("After"),
    behind.MOVED: gettext_lazy("Moved by"),
    paid.ARRIVED: gettext_lazy("Arrived"),
    paid.FEE: gettext_lazy("Bank fee"),
    paid.PAID_OUT: gettext_lazy("Paid out"),
    paid.CHARGED: gettext_lazy("Charged to the fund"),
    LOSS: gettext_lazy("Loss of exchange, borne by the fund"),
    GAIN: gettext_lazy("Gain of exchange, kept by the fund"),
    paid.SHARE: gettext_lazy("Above what stays with the project by the charter"),
}


def _shown(request: HttpRequest, made: Behind | Made, **words: Any) -> HttpResponse:
    return render(request, "ledger/figure.html", page_of(made, request.GET.get("page"), **words))


def _of_grant(request: HttpRequest, made: Behind | Made, grant: Grant, back: str, name: Any) -> HttpResponse:
    words = {"label": grant.reference, "name": name, "back": back, "back_title": grant.reference}
    return _shown(request, made, veils=behind.veils_for(request.user, grant), **words)


def grant_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """A figure of a grant, or of its refund."""
    grant = seen_grant(request, pk)
    of_refund = name in behind.REFUND_FIGURES
    if name not in behind.GRANT_FIGURES or (of_refund and selectors.refund_of(grant) is None):
        raise Http404
    back = pages.url("closing" if of_refund else "grant_detail", grant)
    return _of_grant(request, behind.behind_grant(grant, name), grant, back, _WORDS[name])


def budget_figure(request: HttpRequest, pk: UUID, category: str) -> HttpResponse:
    """The lines of a category of a grant's approved budget."""
    grant = seen_grant(request, pk)
    made = behind_category(grant, category)
    if made is None:
        raise Http404
    back = pages.url("agreement" if grant.agreement_ar_sha256 else "grant_detail", grant)
    return _of_grant(request, made, grant, back, dict(ReportLine.CATEGORIES)[category])


def source_figure(request: HttpRequest, pk: UUID, funding: UUID, name: str) -> HttpResponse:
    """What was committed of one source of a grant, or paid from it."""
    grant = seen_grant(request, pk)
    if name not in behind.SOURCE_FIGURES:
        raise Http404
    found: GrantFunding = get_object_or_404(grant.funding.select_related("account"), pk=funding)
    made = behind.behind_source(found, name)
    return _of_grant(request, made, grant, pages.url("closing", grant), _WORDS[name])


def part_figure(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """The tranches of a grant that are paid, due, planned or held."""
    grant = seen_grant(request, pk)
    tranches = [one for one, drawn in threads.in_bar(selectors.schedule_of(grant)) if drawn.value == part]
    if not tranches:
        raise Http404
    made = made_of([behind.of_tranche(one) for one in tranches], grant.currency)
    return _of_grant(request, made, grant, pages.url("grant_detail", grant), tranche_words()[TrancheState(part)])


def tranche_figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a tranche is made of: its payments, and what is not paid."""
    tranche = seen_tranche(request, pk)
    name = _("Tranche %(number)s") % {"number": tranche.number}
    back = pages.url("tranche_detail", tranche)
    return _of_grant(request, behind.behind_tranche(tranche), tranche.grant, back, name)


def request_figure(request: HttpRequest, pk: UUID, number: int, name: str) -> HttpResponse:
    """What the partner had received or spent when it asked for a tranche."""
    tranche = seen_tranche(request, pk)
    asked = get_object_or_404(tranche.requests.select_related("tranche__grant"), round=number)
    if name not in {behind.RECEIVED, behind.SPENT}:
        raise Http404
    made = behind.behind_request(asked, name)
    return _of_grant(request, made, tranche.grant, pages.url("tranche_detail", tranche), _WORDS[name])


def payment_figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The transfers of a payment, one for each source."""
    payment = seen_payment(request, pk)
    made, back = behind.behind_payment(payment), pages.url("payment_detail", payment)
    return _of_grant(request, made, payment.tranche.grant, back, payment.key)


def payment_part_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """What arrived of a payment, its bank fee, or what became of it in another currency."""
    payment = seen_payment(request, pk)
    made = paid.behind_payment_part(payment, name) if name in paid.PAYMENT_FIGURES else None
    if made is None:
        raise Http404
    return _of_grant(request, made, payment.tranche.grant, pages.url("payment_detail", payment), _WORDS[name])


def payment_source_figure(request: HttpRequest, pk: UUID, funding: UUID) -> HttpResponse:
    """What a payment takes from one source of its grant."""
    payment = seen_payment(request, pk)
    found = next((one.funding for one in paid.sources_of(payment) if one.funding.pk == funding), None)
    if found is None:
        raise Http404
    made, back = paid.behind_source_part(payment, found), pages.url("payment_detail", payment)
    return _of_grant(request, made, payment.tranche.grant, back, payment.key)


def run_figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The payments that add up to the sum of a file for the bank."""
    run = seen_run(request, pk)
    words = {"label": run.reference, "name": _("Sum"), "back": pages.url("run_detail", run)}
    return _shown(request, paid.behind_run(run), back_title=run.reference, **words)


def report_figure(request: HttpRequest, pk: UUID, name: str, category: str) -> HttpResponse:
    """A figure of a report's spending against the budget, of one category or of all."""
    report = seen_report(request, pk)
    made = behind.behind_report(report, name, category) if name in behind.REPORT_FIGURES else None
    if made is None:
        raise Http404
    words = f"{_WORDS[name]} · {dict(ReportLine.CATEGORIES).get(category, _('Sum'))}"
    return _of_grant(request, made, report.grant, pages.url("report_detail", report), words)


def revision_figure(request: HttpRequest, pk: UUID, number: int, name: str, category: str) -> HttpResponse:
    """An amount of a changed budget: before, after, or moved; of one category or of all."""
    revision = get_object_or_404(visible_to(request.user), pk=pk)
    made = changed.behind_change(revision, number, name, category) if name in changed.CHANGE_FIGURES else None
    if made is None:
        raise Http404
    words = f"{dict(ReportLine.CATEGORIES).get(category, _('Sum'))} · {_WORDS[name]}"
    return _of_grant(request, made, revision.grant, pages.url("revision_detail", revision), words)


def provider_figure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The transfers that add up to what a provider holds now."""
    provider = seen_provider(request, pk)
    words = {"label": str(provider), "name": _("now"), "back": pages.url("provider_detail", provider)}
    return _shown(request, behind.behind_held(provider), back_title=str(provider), **words)


def calendar_figure(request: HttpRequest, year: int, month: int, currency: str) -> HttpResponse:
    """The tranches that add up to the sum of a month of the calendar; month 0 is the whole year."""
    if not MINYEAR <= year <= MAXYEAR:
        raise Http404
    found = selectors.tranches_in_force(request.user).filter(due_on__year=year, currency=currency)
    if month:
        found = found.filter(due_on__month=month)
    tranches = list(found)
    if not tranches:
        raise Http404
    made = made_of([behind.of_tranche(one, grant=one.grant.reference) for one in tranches], currency)
    when = month_in_words(tranches[0].due_on, language=get_language() or "ar") if month else str(year)
    back = {"back": reverse("disbursements:calendar"), "back_title": _("Calendar of tranches")}
    return _shown(request, made, label=_("Promised payments"), name=when, **back)


def _forecast(request: HttpRequest) -> forecast_figures.Asked:
    """The forecast in the scenario of the address."""
    found = liquidity()
    form = ScenarioForm(request.GET, donors=list(found.donors.items()))
    reads_books = bool(offices_of(request.user).intersection(READERS))
    return forecast_figures.Asked(found, form.scenario(), reads_books=reads_books)


def _of_forecast(request: HttpRequest, asked: forecast_figures.Asked, made: Made | None, **words: Any) -> HttpResponse:
    if made is None:
        raise Http404
    back = {"back": reverse("disbursements:forecast") + asked.address, "back_title": _("Forecast of cash")}
    return _shown(request, made, **words, **back)


def forecast_figure(request: HttpRequest, name: str, month: str = "") -> HttpResponse:
    """A figure of the forecast in the scenario of the address: the pledges, tranches and accounts that it is made of."""
    asked = _forecast(request)
    made = forecast_figures.behind(asked, name, month)
    return _of_forecast(request, asked, made, **(forecast_figures.words_of(name, month) if made else {}))


def forecast_window(request: HttpRequest, month: str) -> HttpResponse:
    """What is missing at the worst in the window to bridge that begins with a month."""
    asked = _forecast(request)
    made = forecast_risks.behind_window(asked, month)
    if made is None:
        raise Http404
    since = month_in_words(date.fromisoformat(f"{month}-01"), language=get_language() or "ar")
    return _of_forecast(request, asked, made, label=_("Windows to bridge"), name=since)


def forecast_risk(request: HttpRequest, grant: UUID, number: int, name: str) -> HttpResponse:
    """What of a promised payment is not covered, how much it is, or what is left before it."""
    asked = _forecast(request)
    promised = forecast_risks.promised_of(asked, grant, number)
    if promised is None or name not in forecast_risks.RISK_FIGURES:
        raise Http404
    label, made = f"{promised.reference} · {number}", forecast_risks.behind_risk(asked, promised, name)
    return _of_forecast(request, asked, made, label=label, name=forecast_risks.risk_words(name))


def forecast_unvalued(request: HttpRequest, currency: str) -> HttpResponse:
    """What is in no figure of the forecast, because no rate of its currency is recorded."""
    asked = _forecast(request)
    made = forecast_risks.behind_unvalued(asked, currency)
    return _of_forecast(request, asked, made, label=_("Without a rate of exchange"), name=currency)


# Sums of lists ----------------------------------------------------------------------------------------------------


def grants_figure(request: HttpRequest, currency: str) -> HttpResponse:
    """The grants that add up to the sum of their list, under the filters of the address."""
    made = behind.behind_grants(grants_asked(request)[1], currency)
    return _of_list(request, made, "grant_list", _("Grants"), _("Sum of what is filtered"))


def tranches_figure(request: HttpRequest, currency: str) -> HttpResponse:
    """The tranches that add up to the sum of their list, under the filters of the address."""
    made = behind.behind_tranches(tranches_asked(request)[1], currency)
    name = _("Sum of what is filtered, without what is cancelled")
    return _of_list(request, made, "tranche_list", _("Tranches"), name)


def payments_figure(request: HttpRequest, currency: str) -> HttpResponse:
    """The payments that add up to the sum of their list, under the filters of the address."""
    made = behind.behind_payments(payments_asked(request)[1], currency)
    name = _("Sum of what is filtered, without what came back")
    return _of_list(request, made, "payment_list", _("Payments"), name)


def _of_list(request: HttpRequest, made: Made | None, listed: str, label: str, name: str) -> HttpResponse:
    if made is None:
        raise Http404
    asked = request.GET.copy()
    asked.pop("page", None)
    back = reverse(f"disbursements:{listed}") + (f"?{asked.urlencode()}" if asked else "")
    return _shown(request, made, label=label, name=name, back=back, back_title=label)
