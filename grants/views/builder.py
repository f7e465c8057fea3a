"""The call builder: terms, weights, sources, and the form with its questions; works without scripts."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from funds.selectors import available_of, confirmed
from grants import call_pages
from grants.forms import calls as forms
from grants.forms import questions as question_forms
from grants.forms.i18n import texts
from grants.http import posted
from grants.models import Call
from grants.rules import calls as rules
from grants.selectors import builder as selectors
from grants.selectors import calls as call_selectors
from grants.selectors.calls import proposed_logframe_from
from grants.selectors.places import there_are_some
from grants.services import call_forms, calls
from kernel.permissions import Refused, require


def _draft(request: HttpRequest, pk: uuid.UUID) -> Call:
    call = get_object_or_404(call_selectors.with_form(call_selectors.visible_to(request.user)), pk=pk)
    require(rules.may_change(call, actor=person(request)))
    return call


def _edited(
    request: HttpRequest,
    form: Any,
    act: Callable[[], Any],
    *,
    title: Any,
    back: tuple[str, Any],
    call: Call | None = None,
) -> HttpResponse:
    """A form page of the builder: save and go back, or show what is wrong beside the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            done = act()
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Saved."))
            name, pk = back
            return redirect(name, pk if pk is not None else done.pk)
    context = {"form": form, "title": title, "call": call, "back": back}
    return render(request, "grants/call_form_page.html", context, status=422 if form.errors else 200)


def call_new(request: HttpRequest) -> HttpResponse:
    """Draft a call: its terms first; criteria, questions and self-check are there to begin with."""
    user = person(request)
    require(rules.may_draft(None, actor=user))
    form = forms.NewCallForm(
        posted(request), initial={"logframe_from_minor": proposed_logframe_from(), "asks_places": there_are_some()}
    )
    act = lambda: calls.draft_call(form.terms(), actor=user, proportional=form.cleaned_data["proportional"])  # noqa: E731
    return _edited(request, form, act, title=_("Draft a call"), back=("grants:call_manage", None))


def call_terms(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change what the draft says."""
    call, user = _draft(request, pk), person(request)
    form = forms.CallTermsForm(posted(request), initial=forms.initial_terms(call))
    act = lambda: calls.change_terms(call, form.terms(), actor=user)  # noqa: E731
    return _edited(request, form, act, title=_("Text, amounts and dates"), back=("grants:call_manage", pk), call=call)


def call_weights(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set the weights of the scorecard."""
    call, user = _draft(request, pk), person(request)
    form = forms.WeightsForm(call.criteria.all(), posted(request))
    act = lambda: calls.set_weights(call, form.cleaned_data, actor=user)  # noqa: E731
    return _edited(request, form, act, title=_("Weights of the criteria"), back=("grants:call_manage", pk), call=call)


def call_sources(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the contributions that the call draws on."""
    call, user = _draft(request, pk), person(request)
    contributions = list(confirmed().filter(currency=call.currency).order_by("received_on", "reference"))
    free = {one: money.minor for one in contributions if (money := available_of(contributions)[one.pk]).minor > 0}
    planned = dict(call.planned_sources.values_list("contribution", "amount_minor"))
    form = forms.SourcesForm(free, planned, posted(request), asked=call.envelope_minor)
    act = lambda: calls.plan_sources(call, form.amounts(), actor=user)  # noqa: E731
    return _edited(
        request, form, act, title=_("Where the money comes from"), back=("grants:call_manage", pk), call=call
    )


def call_form(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form as it stands: sections and questions to change, move and remove."""
    call = _draft(request, pk)
    return render(
        request, "grants/call_builder.html", {"call": call, "form_sections": call_pages.form_of(call, all_rows=True)}
    )


def section_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a section."""
    call, user = _draft(request, pk), person(request)
    form = question_forms.SectionForm(posted(request), names=selectors.names_of(call))
    act = lambda: call_forms.add_section(call, actor=user, **form.values())  # noqa: E731
    return _edited(request, form, act, title=_("Add a section"), back=("grants:call_form", pk), call=call)


def section_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a section's words."""
    section, user = get_object_or_404(selectors.sections_visible_to(request.user), pk=pk), person(request)
    initial = question_forms.initial_section(section)
    form = question_forms.SectionForm(posted(request), initial=initial, names=selectors.names_of(section.call))
    act = lambda: call_forms.change_section(section, actor=user, **form.values())  # noqa: E731
    back = ("grants:call_form", section.call_id)
    return _edited(request, form, act, title=_("Change the section"), back=back, call=section.call)


def question_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a question to a section."""
    section, user = get_object_or_404(selectors.sections_visible_to(request.user), pk=pk), person(request)
    choices = selectors.choices_for(section)
    form = question_forms.QuestionForm(posted(request), initial={"parent": request.GET.get("in", "")}, **choices)
    act = lambda: call_forms.add_question(section, actor=user, **form.values())  # noqa: E731
    back = ("grants:call_form", section.call_id)
    return _edited(request, form, act, title=_("Add a question"), back=back, call=section.call)


def question_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a question."""
    question, user = get_object_or_404(selectors.questions_visible_to(request.user), pk=pk), person(request)
    choices = selectors.choices_for(question.section, besides=question)
    form = question_forms.QuestionForm(posted(request), initial=question_forms.initial_question(question), **choices)
    act = lambda: call_forms.change_question(question, actor=user, **form.values())  # noqa: E731
    call = question.section.call
    return _edited(request, form, act, title=_("Change the question"), back=("grants:call_form", call.pk), call=call)


def eligibility_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a question to the self-check."""
    call, user = _draft(request, pk), person(request)
    form = question_forms.EligibilityForm(posted(request))
    act = lambda: call_forms.add_eligibility_question(call, actor=user, **form.values())  # noqa: E731
    title = _("Add a question to the self-check")
    return _edited(request, form, act, title=title, back=("grants:call_form", pk), call=call)


def eligibility_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a question of the self-check."""
    question, user = get_object_or_404(selectors.eligibility_visible_to(request.user), pk=pk), person(request)
    initial = {
        **texts("text", question.text),
        **texts("explanation", question.explanation),
        "expected": "yes" if question.expected else "no",
    }
    form = question_forms.EligibilityForm(posted(request), initial=initial)
    act = lambda: call_forms.change_eligibility_question(question, actor=user, **form.values())  # noqa: E731
    back = ("grants:call_form", question.call_id)
    return _edited(request, form, act, title=_("Change the question"), back=back, call=question.call)


def _done(request: HttpRequest, call_id: Any, act: Callable[[], Any]) -> HttpResponse:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("Saved."))
    return redirect("grants:call_form", call_id)


@require_POST
def section_move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One place up or down."""
    section, up = get_object_or_404(selectors.sections_visible_to(request.user), pk=pk), "up" in request.POST
    return _done(request, section.call_id, lambda: call_forms.move_section(section, actor=person(request), up=up))


@require_POST
def section_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Out of the form."""
    section = get_object_or_404(selectors.sections_visible_to(request.user), pk=pk)
    return _done(request, section.call_id, lambda: call_forms.remove_section(section, actor=person(request)))


@require_POST
def question_move(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One place up or down."""
    question, up = get_object_or_404(selectors.questions_visible_to(request.user), pk=pk), "up" in request.POST
    call_id = question.section.call_id
    return _done(request, call_id, lambda: call_forms.move_question(question, actor=person(request), up=up))


@require_POST
def question_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Out of the form."""
    question = get_object_or_404(selectors.questions_visible_to(request.user), pk=pk)
    call_id = question.section.call_id
    return _done(request, call_id, lambda: call_forms.remove_question(question, actor=person(request)))


@require_POST
def eligibility_remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Out of the self-check."""
    question = get_object_or_404(selectors.eligibility_visible_to(request.user), pk=pk)
    act = lambda: call_forms.remove_eligibility_question(question, actor=person(request))  # noqa: E731
    return _done(request, question.call_id, act)
