"""The figures of the donors' place, opened: own money only, and grants as their donor knows them, whoever reads."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds import rules
from funds.models import Donor
from funds.telling import veils_of
from kernel.permissions import require
from kernel.pieces.words import month_in_words
from ledger.figures import Behind, Made, page_of
from transparency import giving_exports as exports
from transparency.forms import PeriodForm
from transparency.selectors import giving as selectors
from transparency.selectors.giving import Period, figures
from transparency.views.giving import donor_of


def _shown(request: HttpRequest, donor: Donor, made: Behind | Made | None, **words: Any) -> HttpResponse:
    if made is None:
        raise Http404
    shown = page_of(made, request.GET.get("page"), veils=veils_of(donor), **words)
    return render(request, "ledger/figure.html", shown)


def statement_figure(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """A figure of the donor's statement in the months and the currency of the address."""
    donor = donor_of(request, pk)
    require(rules.may_read_money(donor, request.user))
    if name not in figures.STATEMENT:
        raise Http404
    form = PeriodForm(request.GET or None, months=selectors.months_of(donor), currencies=selectors.currencies_of(donor))
    currency, first, last = form.asked()
    period, language = Period(first, last), get_language() or "ar"
    made = figures.behind_statement(donor, currency, period, name)
    back = f"{reverse('transparency:donor_statement', args=[pk])}?{request.GET.urlencode()}"
    words = {"label": str(donor), "name": exports.figure_name(name), "back": back}
    words["period"] = f"{month_in_words(first, language=language)} – {month_in_words(last, language=language)}"
    return _shown(request, donor, made, back_title=_("Statement of your money"), **words)


def source_figure(request: HttpRequest, pk: UUID, contribution: str, name: str) -> HttpResponse:
    """What of a contribution was promised to grants, or paid to them."""
    donor = donor_of(request, pk)
    if name not in figures.SHARES:
        raise Http404
    made = figures.behind_source(donor, contribution, name)
    back = {"back": reverse("transparency:donor_place", args=[pk]), "back_title": str(donor)}
    return _shown(request, donor, made, label=contribution, name=_part_name(name), **back)


def part_figure(request: HttpRequest, pk: UUID, code: str, contribution: str, name: str) -> HttpResponse:
    """What of a contribution was promised to a grant, paid to it, is owed, or came back."""
    donor = donor_of(request, pk)
    thread = figures.thread_with(donor, code, contribution)
    if thread is None or name not in figures.PARTS:
        raise Http404
    made = figures.behind_part(donor, thread, name)
    return _shown(request, donor, made, **_of_grant(donor, code), name=_part_name(name))


def tranche_figure(request: HttpRequest, pk: UUID, code: str, number: int) -> HttpResponse:
    """The donor's own part of what was paid and received of a tranche."""
    donor = donor_of(request, pk)
    made = figures.behind_tranche(donor, code, number)
    name = _("Tranche %(number)s") % {"number": number}
    return _shown(request, donor, made, **_of_grant(donor, code), name=name)


def share_figure(request: HttpRequest, pk: UUID, code: str, name: str) -> HttpResponse:
    """The donor's part of what unearmarked money did in a grant: its own contributions in proportion."""
    donor = donor_of(request, pk)
    if name not in figures.SHARES:
        raise Http404
    made = figures.behind_share(donor, selectors.currencies_of(donor), code, name)
    back = {
        "back": reverse("transparency:donor_portfolio", args=[pk]),
        "back_title": _("Your part of unearmarked money"),
    }
    return _shown(request, donor, made, label=code, name=_part_name(name), **back)


def _of_grant(donor: Donor, code: str) -> dict[str, str]:
    return {"label": code, "back": reverse("transparency:donor_grant", args=[donor.pk, code]), "back_title": code}


def _part_name(name: str) -> str:
    named = {
        "promised": _("Promised"),
        "paid": _("Paid and received"),
        "owed": _("Still owed"),
        "refunded": _("Given back by partners"),
    }
    return named[name]
