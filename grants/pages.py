"""What the pages of applications show: contexts put together from selectors and forms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import may_hold
from audit.selectors import timeline
from grants.appealing import way_to_appeal
from grants.asked_pages import question_rows
from grants.forms.applications import SPARE_LINES, PartForm, SubmitForm, line_rows, typed_in
from grants.models import Application, Feedback, SectionSave
from grants.rules import applications as rules
from grants.selectors import applications, calls, parts, review_content, steps
from grants.selectors.budget import budget_of, findings_of
from grants.selectors.letters import letters_of
from grants.selectors.parts import Part
from grants.selectors.reading import Reading
from grants.states import APPEALABLE
from kernel.numerals import western_digits
from kernel.pieces import Task, Tone
from organisations.selectors import organisations_of


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on a page of the form: what was typed, the version it was typed over, and how it reads.

    ``other`` is what somebody else saved in the meantime: of the fields ``conflicts`` both texts are shown, and ``by`` is
    whose the other is.
    """

    answers: Mapping[str, Any]
    version: int
    tab: str
    reading: Reading = field(default_factory=Reading)
    save: SectionSave | None = None
    other: SectionSave | None = None
    conflicts: tuple[str, ...] = ()
    by: str = ""

    @classmethod
    def of_save(cls, part: Part, application: Application, save: SectionSave | None) -> "Typed":
        """The page as it was saved last, for a new tab."""
        tab = uuid.uuid4().hex
        if save is None:
            return cls({}, 0, tab)
        return cls(save.answers, save.version, tab, parts.read(part, application, save.answers), save)

    @classmethod
    def of_request(cls, part: Part, application: Application, data: QueryDict) -> "Typed":
        """The page as it came back from the browser."""
        version = western_digits(data.get("version", "0"))
        answers = typed_in(part, application, data)
        number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        return cls(answers, number, data.get("tab", "")[:36])

    def saved(self, save: SectionSave, reading: Reading) -> "Typed":
        """The page after its saving."""
        return replace(self, answers=save.answers, version=save.version, reading=reading, save=save)

    def against(self, other: SectionSave, conflicts: list[str], by: str) -> "Typed":
        """The page as it stands, with the own text where both wrote; saved again, it follows on theirs."""
        own = {name: self.answers[name] for name in conflicts if name in self.answers}
        answers = {**other.answers, **own}
        return replace(self, answers=answers, version=other.version, other=other, conflicts=tuple(conflicts), by=by)


# The organisation's pages -----------------------------------------------------------------------------------------


def own_applications(user: Any) -> dict[str, Any]:
    """All applications of my organisations, and where to begin another."""
    rows = applications.own(user).select_related("call", "organisation").order_by("-created_at", "pk")
    return {
        "rows": [(one, steps.public_state(one), steps.TONES[one.state]) for one in rows],
        "organisations": list(organisations_of(user)),
        "calls": list(calls.open_now()),
    }


def own_application(application: Application, user: Any) -> dict[str, Any]:
    """The task list while it can be edited; else the tracker."""
    editable = bool(rules.is_editable(application))
    context: dict[str, Any] = {
        "application": application,
        "step": steps.applicant_step(application, user),
        "editable": editable,
        "returned": application.state == "returned_for_completion",
        "can_withdraw": bool(rules.may_withdraw(application, actor=user)) and _is_open(application),
        "ceiling_minor": calls.ceiling_minor(application.call, application.organisation, application.months),
        "overhead": calls.overhead_percent(application.call, application.organisation),
        "tier": application.organisation.get_tier_display(),
    }
    if editable:
        states = parts.states_of(application)
        return context | {"tasks": [_task(application, state) for state in states], "saves": _last(states)}
    feedback = applications.feedback_of(application)
    shown = (
        {"promises": steps.promised(application), "feedback": feedback, "letters": letters_of(application)}
        if application.submitted_at
        else {}
    )
    return context | shown | {"content": review_content(application)}


def _is_open(application: Application) -> bool:
    edges: Any = application._meta.get_field("state").get_all_transitions(type(application))
    return any(edge.name == "withdraw" and edge.source == application.state for edge in edges)


def _last(states: list[parts.PartState]) -> SectionSave | None:
    saves = [state.save for state in states if state.save is not None]
    return max(saves, key=lambda save: save.saved_at, default=None)


def _task(application: Application, state: parts.PartState) -> Task:
    url = reverse("grants:application_part", args=[application.pk, state.part.key])
    title = str(state.part.title)
    if state.save is None:
        return Task(title, url, Tone.TODO)
    if state.reading.errors or state.reading.blocking:
        wrong = [messages[0] for messages in state.reading.errors.values()] + [
            str(text) for text in state.reading.blocking
        ]
        return Task(title, url, Tone.WARN, wrong[0])
    if missing := len(state.reading.missing):
        hint = ngettext("%(n)d answer is still missing", "%(n)d answers are still missing", missing) % {"n": missing}
        return Task(title, url, Tone.OPEN, hint)
    return Task(title, url, Tone.DONE)


def next_part(application: Application, part: Part) -> str:
    """The key of the page after ``part``; nothing after the last."""
    keys = [one.key for one in parts.parts_of(application.call) if one == part or parts.is_asked(one, application)]
    place = keys.index(part.key) + 1
    return keys[place] if place < len(keys) else ""


def part_page(
    application: Application, part: Part, typed: Typed, *, spare: int | None = None, more: str = ""
) -> dict[str, Any]:
    """One page of the form, or the budget, with its errors and, in a conflict, the other text.

    ``more`` is the repeat that is answered once more.
    """
    context: dict[str, Any] = {
        "application": application,
        "part": part,
        "typed": typed,
        "autosave": reverse("grants:application_autosave", args=[application.pk, part.key]),
        "back": reverse("grants:application_detail", args=[application.pk]),
        "others": _other_texts(application, part, typed),
    }
    if part.key == parts.BUDGET:
        return context | _budget_page(application, typed, spare)
    form = PartForm(part, application, typed.answers, more=more)
    form.show(typed.reading)
    return context | {"form": form, "rows": question_rows(part, form, typed.reading)}


def _budget_page(application: Application, typed: Typed, spare: int | None) -> dict[str, Any]:
    lines = list(typed.answers.get("lines", []))
    reading = typed.reading if typed.save else parts.read(Part(parts.BUDGET, ""), application, typed.answers)
    empty = spare if spare is not None else SPARE_LINES if lines else SPARE_LINES + 1
    return {
        "rows": line_rows(application, lines, reading, empty),
        "budget": budget_of(application, reading.lines),
        "remarks": findings_of(application, reading.lines) if reading.lines else [],
        "categories": calls.rules_of(application.call).budget.categories,
    }


def _other_texts(application: Application, part: Part, typed: Typed) -> list[tuple[Any, Any]]:
    if typed.other is None:
        return []
    answers = typed.other.answers
    if part.key == parts.BUDGET:
        rows = [" · ".join(filter(None, map(str, line.values()))) for line in answers.get("lines", [])]
        return [(_("Line %(n)d") % {"n": number}, row) for number, row in enumerate(rows, start=1)]
    fields = parts.fields_of(part, application, answers)
    return [(fields[name].label, _shown(answers.get(name))) for name in typed.conflicts if name in fields]


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def submission(application: Application, user: Any, form: SubmitForm) -> dict[str, Any]:
    """Everything once more, what is missing with links to the fields, and who may submit."""
    may = rules.may_submit(application, actor=user)
    return {
        "application": application,
        "gaps": [
            (gap, f"{reverse('grants:application_part', args=[application.pk, gap.part.key])}#{gap.anchor}")
            for gap in parts.gaps(application)
        ],
        "content": review_content(application),
        "may": may,
        "form": form,
        "returned": application.state == "returned_for_completion",
    }


# Officers' and readers' pages ---------------------------------------------------------------------------------------


def reading(application: Application, user: Any) -> dict[str, Any]:
    """The content for officers and other readers; the record for officers only."""
    officer = bool(may_hold(user, *rules.READERS))
    return {
        "application": application,
        "step": steps.officer_step(application, user) if officer else None,
        "content": review_content(application),
        "entries": timeline(application) if officer else [],
        "letters": letters_of(application) if officer else [],
        "officer": officer,
    }


def reasons(application: Application, feedback: Feedback, user: Any) -> dict[str, Any]:
    """The decision with the panel's means by criterion, in the order of the call, its letters and the way to an appeal."""
    said = {row["key"]: row for row in feedback.criteria}
    rows = [(criterion, said[criterion.key]) for criterion in application.call.criteria.all() if criterion.key in said]
    scoring = calls.rules_of(application.call).scoring
    return {
        "application": application,
        "feedback": feedback,
        "outcome": feedback.get_outcome_display(),
        "rows": rows,
        "most": scoring.most_points,
        "fundable": scoring.fundable_from,
        "letters": letters_of(application),
        "appealable": feedback.outcome in APPEALABLE,
        "appeal": way_to_appeal(application, user),
    }
