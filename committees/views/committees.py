"""Pages of committees and their seats."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.selectors import timeline
from committees.forms import CommitteeForm, ReasonForm, SeatForm
from committees.models import Committee
from committees.rules import facts
from committees.selectors import committees as selectors
from committees.selectors import conflicts, panels
from committees.services import committees as services
from committees.views.base import attempt, fetch, only_secretariat, press
from kernel.uploads import send_private


def _url(committee: Committee) -> str:
    return reverse("committees:committee_detail", args=[committee.pk])


def committee_list(request: HttpRequest) -> HttpResponse:
    """Committees that the person sees, and for the secretariat the calls that wait for one."""
    runs = facts.is_secretariat(request.user)
    context = {
        "committees": selectors.with_numbers(selectors.visible_to(request.user)),
        "panels": panels.visible_to(request.user).order_by("-moved_at"),
        "calls": panels.calls_to_open() if runs else [],
        "runs": runs,
        "oversees": facts.oversees(request.user),
        "cases": conflicts.cases_visible_to(request.user).exists(),
    }
    return render(request, "committees/committee_list.html", context)


def committee_form(request: HttpRequest) -> HttpResponse:
    """Form a committee."""
    only_secretariat(request)
    form = CommitteeForm(request.POST or None)
    made = attempt(form, lambda: services.form_committee(form.name(), actor=request.user))
    if made is not None:
        return redirect(_url(made))
    return render(request, "committees/committee_form.html", {"form": form})


def committee_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Seats, the check of the composition, targets of inclusion, calls."""
    committee = fetch(selectors.visible_to(request.user), pk)
    oversees = facts.oversees(request.user)
    context = {
        "committee": committee,
        "arc": selectors.arc(committee),
        "seats": selectors.seats_in_order(committee),
        "composition": selectors.composition(committee),
        "inclusion": selectors.inclusion(committee),
        "terms": selectors.terms(committee),
        "suspended": selectors.suspended(committee) if oversees else [],
        "files": selectors.reads_files(request.user),
        "panels": panels.visible_to(request.user).filter(committee=committee),
        "runs": facts.is_secretariat(request.user),
        "timeline": timeline(committee) if oversees else [],
    }
    return render(request, "committees/committee_detail.html", context)


@require_POST
def committee_constitute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Declare the committee complete."""
    only_secretariat(request)
    committee = fetch(selectors.visible_to(request.user), pk)
    return press(
        request,
        lambda: services.constitute(committee, actor=request.user),
        back=_url(committee),
        done=_("The committee is constituted."),
    )


def committee_dissolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Dissolve a committee, with a reason."""
    only_secretariat(request)
    committee = fetch(selectors.visible_to(request.user), pk)
    form = ReasonForm(request.POST or None)
    gone = attempt(form, lambda: services.dissolve(committee, actor=request.user, reason=form.cleaned_data["reason"]))
    if gone is not None:
        return redirect(_url(committee))
    context = {"committee": committee, "form": form, "cancel": _url(committee)}
    return render(request, "committees/committee_dissolve.html", context)


def seat_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Fill a seat."""
    only_secretariat(request)
    committee = fetch(selectors.visible_to(request.user), pk)
    form = SeatForm(request.POST or None, request.FILES or None, committee=committee)
    filled = attempt(form, lambda: services.fill_seat(committee, form.nomination_made(), actor=request.user))
    if filled is not None:
        messages.success(request, _("The seat is filled."))
        return redirect(_url(committee))
    return render(
        request, "committees/seat_form.html", {"committee": committee, "form": form, "cancel": _url(committee)}
    )


def seat_vacate(request: HttpRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """End a membership, with a reason."""
    only_secretariat(request)
    committee = fetch(selectors.visible_to(request.user), pk)
    held = fetch(committee.seats.select_related("user", "committee__charter"), seat)
    form = ReasonForm(request.POST or None)
    left = attempt(form, lambda: services.vacate_seat(held, actor=request.user, reason=form.cleaned_data["reason"]))
    if left is not None:
        messages.success(request, _("The seat is vacant."))
        return redirect(_url(committee))
    context = {"committee": committee, "seat": held, "form": form, "cancel": _url(committee)}
    return render(request, "committees/seat_vacate.html", context)


def seat_evidence(request: HttpRequest, pk: UUID, seat: UUID) -> HttpResponseBase:
    """The document of a nomination: for the officers who read committees, and for its member."""
    committee = fetch(selectors.visible_to(request.user), pk)
    held = fetch(selectors.evidence_visible_to(request.user, committee), seat)
    return send_private(held.evidence, name=f"nomination-{held.number}")


def seat_reinstate(request: HttpRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """Let a suspended member sit again, with a reason."""
    committee = fetch(selectors.visible_to(request.user), pk)
    held = fetch(committee.seats.select_related("user", "committee__charter").filter(state="suspended"), seat)
    form = ReasonForm(request.POST or None)
    back = attempt(form, lambda: services.reinstate(held, actor=request.user, reason=form.cleaned_data["reason"]))
    if back is not None:
        messages.success(request, _("The member sits again."))
        return redirect(_url(committee))
    context = {"committee": committee, "seat": held, "form": form, "cancel": _url(committee)}
    return render(request, "committees/seat_reinstate.html", context)
