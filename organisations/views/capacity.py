"""Capacity: the whole of it for its readers, own answers, others' assessments, the plan, contests, performance."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from charter.selectors import charter_in_force
from kernel.permissions import require
from kernel.uploads import send_private
from organisations import capacity_forms as forms
from organisations import capacity_pages, rules, services
from organisations.capacity_pages import Capacity, SectionPage
from organisations.models import Improvement, Organisation, OutsideAssessment
from organisations.selectors import capacity as selectors
from organisations.views.common import acted, allowed, posted, visible


def _page(request: HttpRequest, organisation: Organisation) -> Capacity:
    found = capacity_pages.of(organisation, request.user)
    if found is None:
        raise Http404
    return found


def _back(organisation: Organisation) -> str:
    return reverse("organisations:capacity", args=[organisation.pk])


def _rendered(request: HttpRequest, organisation: Organisation, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"organisation": organisation, "form": form, "title": title, **more}
    return render(request, "organisations/capacity_form.html", context)


def capacity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All sections, others' assessments, the plan, the contest, the index."""
    organisation = visible(request, pk)
    page = _page(request, organisation)
    user = request.user
    outside, points = list(selectors.outside_of(organisation)), list(selectors.improvements_of(organisation))
    people = bool(rules.may_answer_capacity(organisation, actor=user))
    plans = bool(rules.may_plan_improvements(organisation, actor=user))
    context = {
        "organisation": organisation,
        "page": page,
        "outside": [(one, capacity_pages.OUTSIDE_TONES[one.state], _turn(one, user)) for one in outside],
        "points": [(one, capacity_pages.POINT_TONES[one.state]) for one in points],
        "answers": people,
        "plans": plans,
        "contest_tone": capacity_pages.CONTEST_TONES[page.contest.state] if page.contest else None,
        "decides": bool(page.contest and page.contest.state == "lodged")
        and bool(rules.may_decide_contest(page.contest, actor=user)),
        "changes_tier": bool(rules.may_change_tier(organisation, actor=user)),
        "entries": timeline(*outside, *points, *([page.contest] if page.contest else [])),
    }
    return render(request, "organisations/capacity.html", context)


def _turn(outside: OutsideAssessment, user: Any) -> str:
    """The page on which ``user`` acts next on another's assessment, or nothing."""
    if outside.state == "given" and rules.may_read_outside(outside, actor=user):
        return "read_outside_assessment"
    if outside.state == "read" and rules.may_recognise(outside, actor=user):
        return "judge_outside_assessment"
    return ""


def section(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Answer one section of the questionnaire."""
    organisation = allowed(request, pk, rules.may_answer_capacity)
    found: SectionPage | None = next((one for one in _page(request, organisation).sections if one.key == key), None)
    if found is None:
        raise Http404
    asked, language = charter_in_force().rules.capacity, get_language() or "ar"
    form = forms.OwnSectionForm(*posted(request), section=found, capacity=asked, language=language)
    answer = acted(
        request,
        form,
        lambda: services.answer_section(organisation, key, form.answers, actor=person(request)),
        done=_("Saved. The assessor reads it beside the own findings."),
        to=_back(organisation),
    )
    return answer or _rendered(request, organisation, form, str(found.title))


def document(request: HttpRequest, pk: UUID, row: UUID) -> FileResponse:
    """Send one paper to who may see the organisation."""
    organisation = visible(request, pk)
    found = selectors.document(organisation, row)
    if found is None:
        raise Http404
    file, sha256 = found
    return send_private(file, name=f"capacity-{sha256[:8]}")


# Another funder's assessment --------------------------------------------------------------------------------------


def outside_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give another funder's assessment."""
    organisation = allowed(request, pk, rules.may_answer_capacity)
    form = forms.OutsideForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.give_outside(organisation, actor=person(request), **form.cleaned_data),
        done=_("Two officers read it. What it covers is not asked again."),
        to=_back(organisation),
    )
    return answer or _rendered(request, organisation, form, _("Assessment by another funder"))


def _outside(request: HttpRequest, pk: UUID, one: UUID) -> OutsideAssessment:
    organisation = visible(request, pk)
    return get_object_or_404(selectors.outside_of(organisation).select_related("organisation"), pk=one)


def outside_read(request: HttpRequest, pk: UUID, one: UUID) -> HttpResponse:
    """The first officer says what it covers, or why it does not serve."""
    outside = _outside(request, pk, one)
    require(rules.may_read_outside(outside, actor=request.user))
    form = forms.ReadOutsideForm(*posted(request))

    def act() -> Any:
        if form.cleaned_data["reason"]:
            return services.refuse_outside(outside, reason=form.cleaned_data["reason"], actor=person(request))
        return services.read_outside(outside, sections=form.sections, actor=person(request))

    answer = acted(request, form, act, done=_("The answer is recorded."), to=_back(outside.organisation))
    return answer or _rendered(request, outside.organisation, form, _("What it covers"), outside=outside)


def outside_judge(request: HttpRequest, pk: UUID, one: UUID) -> HttpResponse:
    """The second officer recognises it, or not."""
    outside = _outside(request, pk, one)
    require(rules.may_recognise(outside, actor=request.user))
    form = forms.VerdictForm(*posted(request), yes=_("Recognise it"), no=_("Do not recognise it"))

    def act() -> Any:
        if form.consents:
            return services.recognise_outside(outside, sections=outside.sections, actor=person(request))
        return services.refuse_outside(outside, reason=form.cleaned_data["reason"], actor=person(request))

    answer = acted(request, form, act, done=_("The answer is recorded."), to=_back(outside.organisation))
    return answer or _rendered(
        request, outside.organisation, form, _("Assessment by another funder"), outside=outside,
        scores=capacity_pages.scores(outside.sections),
    )  # fmt: skip


# The improvement plan ---------------------------------------------------------------------------------------------


def improvement_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a point into the plan."""
    organisation = allowed(request, pk, rules.may_plan_improvements)
    form = forms.ImprovementForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.agree_improvement(organisation, actor=person(request), **form.cleaned_data),
        done=_("It stands in the plan, and the organisation learns it."),
        to=_back(organisation),
    )
    return answer or _rendered(request, organisation, form, _("Point of the improvement plan"))


def _point(request: HttpRequest, pk: UUID, point: UUID) -> Improvement:
    organisation = visible(request, pk)
    return get_object_or_404(selectors.improvements_of(organisation).select_related("organisation"), pk=point)


def improvement_show(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    """Say, and show, that a point is done."""
    found = _point(request, pk, point)
    require(rules.may_show_improvement(found, actor=request.user))
    form = forms.ShowingForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.show_improvement(found, actor=person(request), **form.cleaned_data),
        done=_("The fund looks at it."),
        to=_back(found.organisation),
    )
    return answer or _rendered(request, found.organisation, form, _("Show what was done"), point=found)


def improvement_judge(request: HttpRequest, pk: UUID, point: UUID) -> HttpResponse:
    """Confirm what was shown, or return it."""
    found = _point(request, pk, point)
    if found.showing is None:
        raise Http404
    require(rules.may_judge_improvement(found, actor=request.user))
    form = forms.VerdictForm(*posted(request), yes=_("Confirm: it is done"), no=_("Return: something is missing"))
    form.initial["read"] = str(found.showing_id)

    def act() -> Any:
        return services.judge_improvement(
            found,
            confirmed=form.consents,
            showing=services.as_uuid(form.cleaned_data["read"]),
            reason=form.cleaned_data["reason"],
            actor=person(request),
        )

    answer = acted(request, form, act, done=_("The answer is recorded."), to=_back(found.organisation))
    return answer or _rendered(
        request, found.organisation, form, _("Judge this point"), point=found, showing=found.showing
    )


# Contest and performance ------------------------------------------------------------------------------------------


def contest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Contest the assessment on which the decision rests."""
    organisation = visible(request, pk)
    require(rules.is_person_of(request.user, organisation, "signatory"))
    form = forms.ContestForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.contest(organisation, grounds=form.cleaned_data["grounds"], actor=person(request)),
        done=_("Another person than who assessed and decided answers, with reasons."),
        to=_back(organisation),
    )
    return answer or _rendered(request, organisation, form, _("Contest the assessment"))


def decide_contest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a contest."""
    organisation = visible(request, pk)
    found = selectors.contest_of(organisation)
    if found is None:
        raise Http404
    require(rules.may_decide_contest(found, actor=request.user))
    form = forms.DecideContestForm(*posted(request), sections=found.assessment.sections)

    def act() -> Any:
        reason = form.cleaned_data["reason"]
        if form.upholds:
            return services.uphold_contest(found, sections=form.sections, reason=reason, actor=person(request))
        return services.dismiss_contest(found, reason=reason, actor=person(request))

    answer = acted(
        request, form, act, done=_("The answer is recorded, and the organisation learns it."), to=_back(organisation)
    )
    return answer or _rendered(
        request, organisation, form, _("Decide on the contest"), contest=found,
        scores=capacity_pages.scores(found.assessment.sections),
    )  # fmt: skip


def change_tier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the tier follow the performance."""
    organisation = allowed(request, pk, rules.may_change_tier)
    form = forms.ChangeTierForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.change_tier(organisation, reason=form.cleaned_data["reason"], actor=person(request)),
        done=_("The decision is recorded."),
        to=_back(organisation),
    )
    page = _page(request, organisation)
    return answer or _rendered(request, organisation, form, _("Change the tier"), index=page.index)
