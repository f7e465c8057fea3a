"""The secretariat's work: the check of the papers and the assessment of the capacity."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from organisations import passport, passport_pages, rules, selectors, services
from organisations.forms import AssessmentForm, ReviewForm
from organisations.models import Organisation
from organisations.states import CheckItem
from organisations.views.common import acted, allowed, posted


def _answered(organisation: Organisation, form: ReviewForm, request: HttpRequest) -> Organisation:
    actor, reason = person(request), form.cleaned_data["reason"]
    if form.missing:
        return services.return_due_diligence(organisation, missing=form.missing, reason=reason, actor=actor)
    return services.clear_due_diligence(organisation, checked=list(CheckItem.values), reason=reason, actor=actor)


def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The checklist beside the profile and its documents; one answer for each item."""
    organisation = allowed(request, pk, rules.may_clear_due_diligence)
    form = ReviewForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: _answered(organisation, form, request),
        done=_("The answer is recorded, and the organisation learns it."),
        to=reverse("organisations:detail", args=[pk]),
    )
    context = {
        "form": form, "organisation": organisation, "passport": passport.of(organisation, request.user),
        "rows": passport_pages.rows(organisation), "alike": selectors.names_to_compare(organisation),
    }  # fmt: skip
    return answer or render(request, "organisations/organisation_review.html", context)


def assess(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A score for each section; the mean is the organisation's score."""
    organisation = allowed(request, pk, rules.may_assess)
    form = AssessmentForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.record_assessment(
            organisation, sections=form.sections, advice=form.cleaned_data["advice"], actor=person(request)
        ),
        done=_("The assessment is recorded; another person decides."),
        to=reverse("organisations:detail", args=[pk]),
    )
    context = {"form": form, "organisation": organisation}
    return answer or render(request, "organisations/organisation_assess.html", context)
