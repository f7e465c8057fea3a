"""Conditions of an award: what is asked, what was shown, what became of it."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.rules import ask
from audit.selectors import timeline
from disbursements import pages
from disbursements.forms import AnswerForm, EvidenceForm, ExtendForm, ReasonForm
from disbursements.views.common import acted, confirmed
from grants import events
from grants.models import AwardCondition
from grants.rules.conditions import may_extend
from grants.selectors import conditions as selectors
from grants.services import conditions
from kernel.permissions import require
from kernel.uploads import send_private


def _seen(request: HttpRequest, pk: UUID) -> AwardCondition:
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def condition_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is asked, whose turn it is, what was shown, the record."""
    condition, user = _seen(request, pk), request.user
    may: Callable[[Any], bool] = lambda event: bool(lifecycle.possible(condition, event, actor=user))  # noqa: E731
    context = {
        "condition": condition,
        "grant": condition.grant,
        "step": pages.condition_step(condition, user),
        "evidence": selectors.evidence_of(condition),
        "answers": may(events.ConditionAnswered(round=condition.rounds + 1)),
        "meets": may(events.ConditionMet(condition="")),
        "returns": may(events.ConditionReturned()),
        "waives": may(events.ConditionWaived(condition="")),
        "extends": bool(may_extend(condition, actor=user)),
        "entries": timeline(condition),
    }
    return render(request, "disbursements/condition_detail.html", context)


def condition_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """People of the organisation say what they did, with a document where there is one."""
    condition = _seen(request, pk)
    require(lifecycle.possible(condition, events.ConditionAnswered(round=condition.rounds + 1), actor=request.user))
    form = AnswerForm(request.POST or None, request.FILES or None)
    act = lambda: conditions.answer(condition, actor=person(request), **form.cleaned_data)  # noqa: E731
    back = pages.url("condition_detail", condition)
    answer = acted(request, form, act, done=_("Sent. The fund says whether it is enough."), to=back)
    return answer or confirmed(
        request, form, grant=condition.grant, title=_("Answer the condition"), cancel=back, what=condition.text,
        undo=_("No. The fund accepts it, or returns it once and says what is missing."), submit=_("Send the answer"),
    )  # fmt: skip


_ACTS: dict[str, tuple[Any, Any, Callable[..., Any]]] = {
    "meet": (events.ConditionMet, EvidenceForm, conditions.meet),
    "return": (events.ConditionReturned, ReasonForm, conditions.give_back),
    "waive": (events.ConditionWaived, ReasonForm, conditions.waive),
}


def _words(act: str) -> dict[str, str]:
    return {
        "meet": {
            "title": _("Close a condition"),
            "undo": _("No. It stands in the record with your name."),
            "submit": _("Close the condition"),
            "done": _("The condition is closed."),
        },
        "return": {
            "title": _("Return the answer"),
            "undo": _("The organisation answers again; the charter limits the rounds."),
            "submit": _("Return the answer"),
            "done": _("Returned; the organisation was told what is missing."),
        },
        "waive": {
            "title": _("Waive a condition"),
            "undo": _("No. It stands in the record with your name."),
            "submit": _("Waive the condition"),
            "done": _("The condition is waived; the organisation was told why."),
        },
    }[act]


def condition_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Accept, return or waive, with what the other side reads."""
    condition = _seen(request, pk)
    event, form_class, service = _ACTS[act]
    asked = event() if act == "return" else event(condition=condition.text)
    require(lifecycle.possible(condition, asked, actor=request.user))
    form, words, back = form_class(request.POST or None), _words(act), pages.url("condition_detail", condition)
    done = words.pop("done")
    run = lambda: service(condition, actor=person(request), **form.cleaned_data)  # noqa: E731 -- one act, one line
    answer = acted(request, form, run, done=done, to=back)
    whom = str(condition.grant.organisation)
    return answer or confirmed(
        request, form, **words, what=condition.text, whom=whom, cancel=back, grant=condition.grant
    )


def condition_extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the organisation until a later day."""
    condition = _seen(request, pk)
    require(ask(condition, events.ConditionExtended(due=date.max), actor=request.user))
    form, back = ExtendForm(request.POST or None), pages.url("condition_detail", condition)
    run = lambda: conditions.extend(condition, actor=person(request), **form.cleaned_data)  # noqa: E731
    answer = acted(request, form, run, done=_("The organisation has more time, and was told."), to=back)
    return answer or confirmed(
        request, form, grant=condition.grant, title=_("Give more time"), what=condition.text, cancel=back,
        whom=str(condition.grant.organisation), undo=_("No, but the condition can be closed earlier."),
        submit=_("Give more time"),
    )  # fmt: skip


def condition_file(request: HttpRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
    """A document that the organisation showed."""
    condition = _seen(request, pk)
    found = get_object_or_404(selectors.evidence_of(condition).exclude(file=""), pk=evidence)
    return send_private(found.file, name=f"{condition.grant.reference}-{found.round}")
