"""What the pages of applications show: contexts put together from selectors and forms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import may_hold
from audit.selectors import timeline
from grants import stages
from grants.appealing import way_to_appeal
from grants.asked_pages import question_rows
from grants.attachments import AttachmentInput
from grants.forms.applications import SPARE_LINES, PartForm, SubmitForm, line_rows, typed_in
from grants.forms.logframe import result_rows
from grants.models import Application, Feedback, ReportSave, SectionSave
from grants.rules import applications as rules
from grants.selectors import applications, attachments, calls, colleagues, erasures, parts, review_content, steps
from grants.selectors.amounts import deciding_minor
from grants.selectors.budget import budget_of, findings_of
from grants.selectors.letters import letters_of
from grants.selectors.parts import Part
from grants.selectors.reading import Reading
from grants.selectors.religious import classes_of
from grants.states import APPEALABLE, CONCEPT_ANSWERS, ResultLevel
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
    save: SectionSave | ReportSave | None = None
    other: SectionSave | ReportSave | None = None
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
        return cls(typed_in(part, application, data), version_in(data), data.get("tab", "")[:36])

    def saved(self, save: SectionSave, reading: Reading) -> "Typed":
        """The page after its saving."""
        return replace(self, answers=save.answers, version=save.version, reading=reading, save=save)

    def against(self, other: SectionSave | ReportSave, conflicts: list[str], by: str) -> "Typed":
        """The page as it stands, with the own text where both wrote; saved again, it follows on theirs."""
        own = {name: self.answers[name] for name in conflicts if name in self.answers}
        answers = {**other.answers, **own}
        return replace(self, answers=answers, version=other.version, other=other, conflicts=tuple(conflicts), by=by)


def version_in(data: QueryDict) -> int:
    """The version over which a page that was sent whole was typed."""
    version = western_digits(data.get("version", "0"))
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0


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
        "concept": stages.is_concept(application),
        "note": applications.note_of(application),
        "can_withdraw": bool(rules.may_withdraw(application, actor=user)) and _is_open(application),
        "ceiling_minor": calls.ceiling_minor(application.call, application.organisation, application.months),
        "overhead": calls.overhead_percent(application.call, application.organisation),
        "tier": application.organisation.get_tier_display(),
        "asked_minor": deciding_minor(application) if stages.is_concept(application) else application.requested_minor,
    }
    if editable:
        states = parts.states_of(application)
        together = {"comments": _comments(application, states), "copies": colleagues.sources_for(application).exists()}
        tasks = [_task(application, state) for state in states]
        answered = {"feedback": applications.feedback_of(application)} if context["note"] else {}
        return context | together | answered | {"tasks": tasks, "saves": _last(states)}
    feedback = applications.feedback_of(application)
    shown: dict[str, Any] = {"feedback": feedback, "letters": letters_of(application)}
    if application.submitted_at or context["note"]:
        shown |= {"promises": steps.tracked(application)}
    return context | shown | {"content": review_content(application)}


def _comments(application: Application, states: list[parts.PartState]) -> list[tuple[str, Any, int]]:
    waiting = colleagues.open_by_part(application)
    return [(one.part.key, one.part.title, waiting[one.part.key]) for one in states if one.part.key in waiting]


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
    keys = [one.key for one in parts.parts_of(application) if one == part or parts.is_asked(one, application)]
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
    if part.key == parts.LOGFRAME:
        return context | {"form": form} | _logframe_page(application, form)
    _show_files(form, part, application, typed.answers)
    return context | {"form": form, "rows": question_rows(part, form, typed.reading)}


def _logframe_page(application: Application, form: PartForm) -> dict[str, Any]:
    limits = calls.rules_of(application.call).applications
    results = result_rows(form, limits)
    return {
        "results": results,
        "more_results": len(results) < limits.logframe_most_results,
        "outcome": ResultLevel.OUTCOME.label,
    }


def _show_files(form: PartForm, part: Part, application: Application, answers: Mapping[str, Any]) -> None:
    """Beside each box for a file the one that is here, and where another is sent."""
    boxes = {name: one.widget for name, one in form.fields.items() if isinstance(one.widget, AttachmentInput)}
    here = attachments.named(application, [answers.get(name) for name in boxes])
    address = reverse("grants:application_file_send", args=[application.pk, part.key])
    for name, box in boxes.items():
        box.show(here.get(str(answers.get(name))), address)


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


def budget_preview(application: Application, lines: list[dict[str, str]]) -> dict[str, Any]:
    """A budget read from a workbook, with its sums and what the charter says about it."""
    reading = parts.read(Part(parts.BUDGET, ""), application, {"lines": lines})
    return {
        "budget": budget_of(application, reading.lines),
        "remarks": findings_of(application, reading.lines),
    }


def _other_texts(application: Application, part: Part, typed: Typed) -> list[tuple[Any, Any]]:
    if typed.other is None:
        return []
    answers = typed.other.answers
    if part.key == parts.BUDGET:
        rows = [" · ".join(filter(None, map(str, line.values()))) for line in answers.get("lines", [])]
        return [(_("Line %(n)d") % {"n": number}, row) for number, row in enumerate(rows, start=1)]
    fields = parts.fields_of(part, application, answers)
    texts = {name: _shown(answers.get(name)) for name in typed.conflicts if name in fields}
    files = attachments.names_of(application, texts.values())
    return [(fields[name].label, files.get(text, text)) for name, text in texts.items()]


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
        "concept": stages.is_concept(application),
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
        "entries": timeline(application, *erasures.of_application(application)) if officer else [],
        "letters": letters_of(application) if officer else [],
        "officer": officer,
        "religious": officer and bool(classes_of(application.call)),
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
        "threshold": calls.threshold_of(application.call, feedback.outcome),
        "of_concept": feedback.outcome in CONCEPT_ANSWERS,
        "letters": letters_of(application),
        "appealable": feedback.outcome in APPEALABLE,
        "appeal": way_to_appeal(application, user),
        "appeal_over": feedback.appeal_until < timezone.localdate(),
    }
