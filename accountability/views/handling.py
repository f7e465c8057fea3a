"""Handling complaints: the list by its clocks, one complaint, and what is done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accountability import events, rules, selectors, services
from accountability.forms import AnswerForm, AskForm, AssignForm, CategoryForm, ExcludeForm, SafetyForm, TakeUpForm
from accountability.models import Complaint
from accountability.states import ComplaintState
from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from kernel.downloads import private
from kernel.permissions import Refused

PER_PAGE = 50


def complaint_list(request: HttpRequest) -> HttpResponse:
    """Complaints that wait, the nearest clock first, and answered ones; no word of what they say."""
    page = Paginator(selectors.answered_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"waiting": selectors.open_for(request.user), "to_ask": selectors.to_ask(request.user), "page": page}
    return private(render(request, "accountability/complaint_list.html", context))


def _complaint(request: HttpRequest, pk: UUID) -> Complaint:
    complaint: Complaint = get_object_or_404(selectors.visible_to(request.user), pk=pk)
    return complaint


def complaint_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was said, what was written since, and what can be done; a POST asks who complained."""
    complaint = _complaint(request, pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _done(request, form, lambda: services.write(complaint, actor=person(request), **form.cleaned_data), pk)
    taken = events.ComplaintTakenUp() if complaint.state == ComplaintState.RECEIVED else events.ComplaintMoved()
    context = {
        "complaint": complaint,
        "messages_written": selectors.messages_of(complaint),
        "form": form,
        "sorts": lifecycle.possible(complaint, taken, actor=request.user),
        "assigns": lifecycle.possible(complaint, events.ComplaintAssigned(), actor=request.user),
        "follow_ups": selectors.follow_ups_of(complaint),
        "next_to_ask": (day := selectors.next_to_ask(complaint)),
        "asks": day is not None and day <= timezone.localdate(),
        "answers": lifecycle.possible(complaint, events.ComplaintAnswered(outcome=""), actor=request.user),
        "excludes": lifecycle.possible(complaint, events.HandlerExcluded(), actor=request.user)
        and rules.others_than(complaint, request.user),
        "entries": timeline(complaint),
    }
    return private(render(request, "accountability/complaint_detail.html", context))


def _done(request: HttpRequest, form: forms.Form, act: Callable[[], object], pk: UUID) -> HttpResponse:
    """Act and go to what may still be read: a complaint that became restricted may be closed to who moved it."""
    try:
        done = act()
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Done, and recorded."))
        if isinstance(done, str) and done:
            said = _("A complaint of revenge is open. Give its code to who complained, it is shown only now: %(code)s")
            messages.warning(request, said % {"code": f"\u2066{done}\u2069"})
    if selectors.visible_to(request.user).filter(pk=pk).exists():
        return redirect("accountability:complaint_detail", pk=pk)
    return redirect("accountability:complaint_list")


def _act(request: HttpRequest, complaint: Complaint, form: forms.Form, act: Any, words: dict[str, Any]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        return _done(request, form, lambda: act(complaint, actor=person(request), **form.cleaned_data), complaint.pk)
    return private(
        render(request, "accountability/complaint_act.html", {"complaint": complaint, "form": form, **words})
    )


def complaint_sort(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it up, or move it to another category."""
    complaint = _complaint(request, pk)
    new = complaint.state == ComplaintState.RECEIVED
    initial = {"category": complaint.category, "handler": str(person(request).pk)}
    form: CategoryForm = CategoryForm(request.POST or None, initial=initial)
    if new:
        form = TakeUpForm(request.POST or None, initial=initial, complaint=complaint)
    words = {
        "title": _("Take the complaint up") if new else _("Move it to another category"),
        "lead": _("A grave category closes the complaint to everybody but case handlers, at once and for good."),
    }
    return _act(request, complaint, form, services.take_up if new else services.move, words)


def complaint_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who looks into it."""
    complaint = _complaint(request, pk)
    form = AssignForm(request.POST or None, people=rules.readers(complaint))
    words = {
        "title": _("Say who looks into it"),
        "lead": _("This person is told, and answers it before its clock runs out."),
    }
    return _act(request, complaint, form, services.assign, words)


def complaint_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record what was heard about revenge."""
    words = {
        "title": _("Ask about revenge"),
        "lead": _("Ask who complained, the way they left or here by their code, whether anybody harmed them for it."),
    }
    return _act(request, _complaint(request, pk), SafetyForm(request.POST or None), services.follow_up, words)


def complaint_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with what was found and why."""
    words = {"title": _("Answer the complaint"), "lead": _("Who complained reads exactly this with the code.")}
    return _act(request, _complaint(request, pk), AnswerForm(request.POST or None), services.answer, words)


def complaint_exclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close it to another case handler, whom it may be about."""
    complaint = _complaint(request, pk)
    form = ExcludeForm(request.POST or None, people=rules.others_than(complaint, request.user))
    words = {
        "title": _("Close it to a case handler"),
        "lead": _(
            "If it is about a case handler or somebody close: from now on this person does not learn that it exists."
        ),
    }
    return _act(request, complaint, form, services.exclude, words)
