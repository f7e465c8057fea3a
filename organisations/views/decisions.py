"""The fund manager's decisions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from charter.selectors import charter_in_force
from kernel.permissions import PermissionResult
from organisations import passport, rules, services
from organisations.forms import DecisionForm, SuspensionForm
from organisations.views.common import acted, allowed, posted


def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Eligible in the tier of the charter's table, or not for now."""
    organisation = allowed(request, pk, rules.may_find_ineligible)
    tier = rules.tier_for(organisation, charter_in_force().rules)
    form = DecisionForm(*posted(request), tier=tier)

    def act() -> Any:
        eligible = form.cleaned_data["decision"] == DecisionForm.ELIGIBLE
        service = services.decide_eligible if eligible else services.find_ineligible
        return service(organisation, actor=person(request), reason=form.cleaned_data["reason"])

    answer = acted(
        request, form, act, done=_("The decision is recorded."), to=reverse("organisations:detail", args=[pk])
    )
    context = {
        "form": form, "organisation": organisation, "tier": tier, "passport": passport.of(organisation, request.user),
    }  # fmt: skip
    return answer or render(request, "organisations/organisation_decide.html", context)


def _with_reason(
    request: HttpRequest,
    pk: UUID,
    *,
    rule: Callable[..., PermissionResult],
    service: Callable[..., Any],
    template: str,
    done: str,
) -> HttpResponse:
    organisation = allowed(request, pk, rule)
    form = SuspensionForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: service(organisation, actor=person(request), reason=form.cleaned_data["reason"]),
        done=done,
        to=reverse("organisations:detail", args=[pk]),
    )
    return answer or render(request, template, {"form": form, "organisation": organisation})


def suspend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop new applications and payments."""
    return _with_reason(
        request,
        pk,
        rule=rules.may_suspend,
        service=services.suspend,
        template="organisations/organisation_suspend.html",
        done=_("The organisation is suspended."),
    )


def reinstate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the suspension."""
    return _with_reason(
        request,
        pk,
        rule=rules.may_reinstate,
        service=services.reinstate,
        template="organisations/organisation_reinstate.html",
        done=_("The suspension has ended."),
    )
