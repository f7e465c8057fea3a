"""Questions and answers about a call: read by everybody, asked by applicants, answered by the secretariat."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import person
from grants.forms.asking import AnswerForm, AskForm
from grants.forms.i18n import texts
from grants.models import Call
from grants.rules import asking as rules
from grants.selectors import asking, calls
from grants.services import asking as services
from kernel.permissions import Refused, require


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    return get_object_or_404(calls.visible_to(request.user), pk=pk)


def _page(request: HttpRequest, call: Call, form: AskForm, *, status: int = 200) -> HttpResponse:
    context = {
        "call": call,
        "answered": asking.answered(call),
        "waiting": asking.waiting(request.user, call),
        "own": asking.own_waiting(request.user, call),
        "reads_waiting": rules.sees_waiting(request.user),
        "may_ask": rules.may_ask(call, actor=request.user),
        "until": rules.last_moment(call),
        "form": form,
    }
    return render(request, "grants/call_questions.html", context, status=status)


def call_questions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All answers, for everybody."""
    return _page(request, _call(request, pk), AskForm())


def call_ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask something about the call."""
    call = _call(request, pk)
    require(rules.may_ask(call, actor=request.user))
    form = AskForm(request.POST or None)
    if form.is_valid():
        try:
            services.ask(call, text=form.cleaned_data["text"], actor=person(request))
        except Refused as refused:
            form.add_error("text", str(refused.reason))
        else:
            messages.success(request, _("Asked. The answer comes to everybody, and to you as a message."))
            return redirect("grants:call_questions", pk=pk)
    return _page(request, call, form)


def question_answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Answer for everybody, or leave it unpublished."""
    question = get_object_or_404(asking.waiting(request.user), pk=pk)
    require(rules.may_answer(question, actor=request.user))
    form = AnswerForm(request.POST or None, initial=texts("question", {"ar": question.asked}))
    if form.is_valid():
        try:
            if form.cleaned_data["decision"] == AnswerForm.DECLINE:
                services.decline(question, reason=form.cleaned_data["reason"], actor=person(request))
            else:
                services.answer(
                    question, wording=form.text("question"), text=form.text("answer"), actor=person(request)
                )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Recorded; who is concerned learns it."))
            return redirect("grants:call_questions", pk=question.call_id)
    context = {"form": form, "question": question, "call": question.call, "due": rules.answer_due(question)}
    return render(request, "grants/question_answer.html", context)
