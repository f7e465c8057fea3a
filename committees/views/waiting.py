"""Pages of the waiting list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.forms import ReasonForm
from committees.later_forms import ScreeningForm
from committees.models import WaitingProposal
from committees.rules import facts
from committees.rules.waiting import manages
from committees.selectors import panels
from committees.selectors import waiting as selectors
from committees.services import waiting as services
from committees.states import WaitingState
from committees.views.base import attempt, fetch
from kernel.permissions import Refused, require


def _list(proposal: WaitingProposal) -> str:
    return reverse("committees:waiting_list", args=[proposal.application.call.panel.pk])


def waiting_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The ranked list of a call, with proposals and until when each place is valid."""
    if not facts.oversees(request.user):
        raise Refused(_("The waiting list is read by the secretariat and auditors."))
    panel = fetch(panels.visible_to(request.user), pk)
    context = {"panel": panel, "places": selectors.places(panel.call), "manages": bool(manages(request.user))}
    return render(request, "committees/waiting_list.html", context)


def waiting_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that the next of the list gets the money, after a fresh screening."""
    require(manages(request.user))
    proposal = fetch(selectors.visible_to(request.user), pk)
    form = ScreeningForm(request.POST or None)
    confirmed = attempt(
        form, lambda: services.confirm(proposal, screening=form.cleaned_data["screening"], actor=request.user)
    )
    if confirmed is not None:
        messages.success(request, _("The application is approved and its award made; the organisation is told."))
        return redirect(_list(confirmed))
    context = {"proposal": proposal, "form": form, "cancel": _list(proposal), "open": _open(proposal)}
    return render(request, "committees/waiting_answer.html", context)


def waiting_dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pass over the next of the list, with the reason."""
    require(manages(request.user))
    proposal = fetch(selectors.visible_to(request.user), pk)
    form = ReasonForm(request.POST or None)
    passed = attempt(form, lambda: services.dismiss(proposal, reason=form.cleaned_data["reason"], actor=request.user))
    if passed is not None:
        messages.success(request, _("Passed over. The next of the list that fits is proposed."))
        return redirect(_list(passed))
    context = {"proposal": proposal, "form": form, "cancel": _list(proposal), "open": _open(proposal)}
    return render(request, "committees/waiting_dismiss.html", context)


def _open(proposal: WaitingProposal) -> bool:
    return proposal.state == WaitingState.PROPOSED
