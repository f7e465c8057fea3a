"""The checklist of the screening: what an officer looks at, and what the system already found."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grants.models import Application
from grants.rules.applications import organisation_may_apply
from grants.selectors import budget, calls
from grants.states import ApplicationState
from grants.words import Words, amount, day, listed


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One point: ``holds`` is what the system found (None: only a person can tell), ``finding`` says it in words."""

    key: str
    text: Words
    holds: bool | None
    finding: Words = ""


def checklist(application: Application) -> list[CheckItem]:
    """The points of the checklist, made of the call's questions and the charter's rules that bind it."""
    return [
        _organisation(application),
        _registration(application),
        *_answers(application),
        _amount(application),
        _budget(application),
        _ineligible_costs(application),
        _double_funding(application),
        CheckItem(
            "safeguarding",
            _("The minimum of safeguarding is there: code of conduct, a way to complain, no harm left unanswered"),
            None,
        ),
        CheckItem("readable", _("The answers are about the questions, and can be read"), None),
    ]


def _organisation(application: Application) -> CheckItem:
    result = organisation_may_apply(application.organisation)
    tier = application.organisation.get_tier_display()
    finding = format_lazy(_("Eligible, tier: {tier}"), tier=tier) if result else result.reason
    return CheckItem("organisation", _("The organisation is eligible and not suspended"), bool(result), finding)


def _registration(application: Application) -> CheckItem:
    until = application.organisation.registration_valid_until
    valid = until is None or until >= timezone.localdate()
    finding = format_lazy(_("Valid until {day}"), day=day(until)) if until else _("No end date on record")
    return CheckItem("registration", _("The registration or its stand-in is valid"), valid, finding)


def _answers(application: Application) -> list[CheckItem]:
    given = dict(application.eligibility_answers.values_list("question", "value"))
    items = []
    for question in application.call.eligibility_questions.all():
        holds = given.get(question.pk) == question.expected
        words = {True: _("yes"), False: _("no"), None: _("nothing")}
        said = format_lazy(
            _("Answered: {given}; needed: {needed}"),
            given=words[given.get(question.pk)],
            needed=words[question.expected],
        )
        items.append(CheckItem(f"answer-{question.key}", question.text, holds, said))
    return items


def _amount(application: Application) -> CheckItem:
    call, currency = application.call, application.call.currency
    most = calls.ceiling_minor(call, application.organisation, application.months)
    holds = call.floor_minor <= application.requested_minor <= most
    finding = format_lazy(
        _("Asks for {asked}; from {least} to {most} is possible"),
        asked=amount(application.requested_minor, currency),
        least=amount(call.floor_minor, currency),
        most=amount(most, currency),
    )
    return CheckItem("amount", _("Amount and duration are within the call and the tier"), holds, finding)


def _budget(application: Application) -> CheckItem:
    remarks = budget.findings_of(application, list(application.budget_lines.all()))
    finding = listed(remark.text for remark in remarks) if remarks else _("No finding")
    return CheckItem(
        "budget", _("The budget keeps the charter's shares"), not any(one.blocking for one in remarks), finding
    )


def _ineligible_costs(application: Application) -> CheckItem:
    language = get_language() or "en"
    costs = calls.rules_of(application.call).budget.ineligible_costs
    return CheckItem(
        "costs",
        _("The budget holds no cost that the charter excludes"),
        None,
        listed([cost.in_language(language) for cost in costs]),
    )


def _double_funding(application: Application) -> CheckItem:
    gone = [ApplicationState.DRAFT, ApplicationState.WITHDRAWN, ApplicationState.LAPSED, ApplicationState.REJECTED]
    others = (
        Application.objects.filter(organisation=application.organisation)
        .exclude(pk=application.pk)
        .exclude(state__in=[*gone, ApplicationState.INELIGIBLE, ApplicationState.NOT_SHORTLISTED])
    )
    found = [one.reference for one in others]
    finding: Any = (
        format_lazy(_("Also before the fund or funded: {codes}"), codes=listed(found))
        if found
        else _("No other application or grant of this organisation here")
    )
    return CheckItem("double", _("The same costs are not paid by anybody else"), None, finding)
