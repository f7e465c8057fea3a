"""What the pages of calls show."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.selectors import timeline
from grants.models import Call
from grants.rules import calls as rules
from grants.rules.applications import READERS
from grants.selectors import applications, calls, steps
from grants.selectors.printed import limit_in_words
from grants.states import ApplicationState, CallState
from kernel.permissions import PermissionResult
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.selectors import organisations_of


def listing(user: Any) -> dict[str, Any]:
    """The calls by what can be done with them."""
    seen = list(calls.in_order(calls.visible_to(user)))
    return {
        "open": [call for call in seen if call.state == CallState.OPEN],
        "coming": [call for call in seen if call.state == CallState.PUBLISHED],
        "past": [
            call for call in seen if rules.is_public(call) and call.state not in {CallState.OPEN, CallState.PUBLISHED}
        ],
        "drafts": [(call, steps.call_step(call, user)) for call in seen if not rules.is_public(call)],
        "drafter": bool(rules.may_draft(None, actor=user)),
    }


def facts(call: Call) -> dict[str, Any]:
    """Sectors, governorates and durations as words."""
    return {
        "sectors": [Sector(key).label for key in call.sectors],
        "governorates": [Governorate(key).label for key in call.governorates],
        "months": sorted(call.months_allowed),
    }


def form_of(call: Call) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """The sections with their questions and limits in words."""
    return [
        (section, [(one, limit_in_words(one)) for one in section.questions.all()]) for section in call.sections.all()
    ]


def detail(call: Call, user: Any) -> dict[str, Any]:
    """Everything about a call, and what the reader may do with it."""
    context: dict[str, Any] = {
        "call": call,
        "step": steps.public_call_step(call) if rules.is_public(call) else steps.call_step(call, user),
        "facts": facts(call),
        "form_sections": form_of(call),
        "scoring": calls.rules_of(call).scoring,
        "manages": rules.sees_drafts(user),
        "is_open": call.state == CallState.OPEN,
    }
    if context["is_open"]:
        # On a phone the column with the buttons stands at the end: the strip leads there.
        context["step"] = replace(context["step"], mine=True, url="#apply", action=_("How to apply"))
    if user.is_authenticated:
        mine = list(organisations_of(user))
        started = [one for organisation in mine if (one := applications.live_application(call, organisation))]
        context |= {"organisations": mine, "started": started}
    return context


def _may(result: PermissionResult, call: Call, *states: str) -> bool:
    return bool(result) and call.state in states


def management(call: Call, user: Any) -> dict[str, Any]:
    """The secretariat's and the board's page: state, what is missing, money, counts, record, and what can be done."""
    draft = call.state == CallState.DRAFT
    counts = calls.counts_of(call)
    return {
        "call": call,
        "step": steps.call_step(call, user),
        "facts": facts(call),
        "problems": list(rules.problems(call, calls.rules_of(call))) if draft else [],
        "sources": list(call.planned_sources.select_related("contribution__donor")) if draft else [],
        "envelopes": calls.envelopes_of(call),
        "counts": [(ApplicationState(state).label, number) for state, number in counts.items() if state != "draft"],
        "drafts": counts.get("draft", 0),
        "reads_applications": bool(may_hold(user, *READERS)),
        "entries": timeline(call),
        "changes": bool(rules.may_change(call, actor=user)),
        "approves": _may(may_hold(user, Role.BOARD_MEMBER), call, CallState.DRAFT),
        "extends": bool(rules.may_extend(call, actor=user)),
        "cancels": _may(
            rules.may_cancel(call, actor=user),
            call,
            CallState.DRAFT,
            CallState.BOARD_APPROVED,
            CallState.PUBLISHED,
            CallState.OPEN,
        ),
    }


def approval(call: Call, user: Any) -> dict[str, Any]:
    """What the board reads before it decides."""
    return {
        **detail(call, user),
        "problems": list(rules.problems(call, calls.rules_of(call))),
        "sources": list(call.planned_sources.select_related("contribution__donor")),
        "may": rules.may_approve(call, actor=user),
    }
