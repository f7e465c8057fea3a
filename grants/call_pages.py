"""What the pages of calls show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from accounts.roles import Role
from accounts.rules import may_hold
from audit.selectors import timeline
from grants.form_tree import branches, walk
from grants.form_words import in_words
from grants.models import Call, Question
from grants.rules import calls as rules
from grants.rules.applications import READERS
from grants.selectors import applications, calls, steps
from grants.selectors.asked import choices_of
from grants.selectors.printed import limit_in_words, stages_in_words
from grants.states import HOLDERS, ApplicationState, CallState, QuestionKind
from grants.xlsforms.plan import FormPlan, QuestionPlan
from grants.xlsforms.sheets import Finding
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


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question of the form as the call shows it: its limits in words, and how many groups it stands in."""

    question: Question
    limit: str
    depth: int
    choices: list[Any]
    holds: bool


def form_of(call: Call, *, all_rows: bool = False) -> list[tuple[Any, list[AskedRow]]]:
    """The sections with their questions from top to bottom; what is reckoned in silence only with ``all_rows``."""
    return [
        (
            section,
            [
                AskedRow(
                    branch.question,
                    limit_in_words(branch.question),
                    depth,
                    [label for _key, label in choices_of(branch.question)],
                    branch.question.kind in HOLDERS,
                )
                for branch, depth in walk(branches(section))
                if branch.question.label or all_rows
            ],
        )
        for section in call.sections.all()
    ]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something wrong in a workbook: where, and what."""

    sheet: str
    row: int | None
    text: Any


def findings_of(findings: Iterable[Finding]) -> list[FindingRow]:
    """What keeps a workbook from becoming a form, in words."""
    return [FindingRow(one.sheet, one.row, in_words(one.code, one.what)) for one in findings]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A question as a workbook would have it asked."""

    plan: QuestionPlan
    label: Any
    hint: Any
    kind: Any
    choices: list[Any]
    depth: int


def preview(plan: FormPlan) -> dict[str, Any]:
    """A form that was read from a workbook: its pages and questions, and how many."""
    pages = [(LazyI18nString(page.title), page.relevant, list(_plan_rows(page.questions))) for page in plan.pages]
    answered = sum(1 for one in plan.walk() if one.kind not in {*HOLDERS, QuestionKind.NOTE})
    return {"pages": pages, "questions": answered}


def _plan_rows(plans: list[QuestionPlan], depth: int = 0) -> Iterator[PlanRow]:
    for one in plans:
        choices = [LazyI18nString(choice["label"]) for choice in one.choices]
        label, hint = LazyI18nString(one.label), LazyI18nString(one.hint)
        yield PlanRow(one, label, hint, QuestionKind(one.kind).label, choices, depth)
        yield from _plan_rows(one.below, depth + 1)


def detail(call: Call, user: Any) -> dict[str, Any]:
    """Everything about a call, and what the reader may do with it."""
    context: dict[str, Any] = {
        "call": call,
        "step": steps.public_call_step(call) if rules.is_public(call) else steps.call_step(call, user),
        "facts": facts(call),
        "form_sections": form_of(call),
        "scoring": calls.rules_of(call).scoring,
        "manages": rules.sees_drafts(user),
        "is_open": call.state == CallState.OPEN and timezone.now() < (call.concept_closes_at or call.closes_at),
        "stages": stages_in_words(call, get_language() or "ar"),
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
