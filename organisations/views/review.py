"""The secretariat's work: the check of the papers and the assessment of the capacity."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.http import person
from charter.selectors import charter_in_force
from organisations import capacity_pages, passport, passport_pages, rules, selectors, services
from organisations.capacity_forms import ReviewCapacityForm
from organisations.forms import ReviewForm
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
    """A level for every question of the charter, beside what the organisation says."""
    organisation = allowed(request, pk, rules.may_assess)
    charter = charter_in_force()
    sections = capacity_pages.sections(organisation, charter, None)
    form = ReviewCapacityForm(
        *posted(request), sections=sections, capacity=charter.rules.capacity, language=get_language() or "ar"
    )
    answer = acted(
        request,
        form,
        lambda: services.review_capacity(organisation, actor=person(request), **form.found),
        done=_("The assessment is recorded; another person decides."),
        to=reverse("organisations:detail", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "sections": sections}
    return answer or render(request, "organisations/organisation_assess.html", context)
