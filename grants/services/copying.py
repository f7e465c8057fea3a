"""Copy from an earlier application of the organisation: what is asked by the same name and kind, into what is empty."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from grants import events, stages
from grants.merging import Sent
from grants.models import Application, Call, Question, Section
from grants.rules.colleagues import may_copy
from grants.selectors import asked, calls, parts
from grants.selectors.parts import BASICS, BUDGET, LOGFRAME, Part
from grants.services.applications import save_fields
from grants.states import FILES, QuestionKind
from grants.words import Words
from kernel.permissions import Refused, require

TAB = "copied"
BASIC_FIELDS = (
    "expected_minor",
    "title",
    "summary",
    "sector",
    "governorates",
    "places",
    "months",
    "people_reached",
    "partners",
    "supporters",
)
"""Not the planned start, which lies in the past, and not the answers about eligibility, which are given anew."""
_CHOICES = {QuestionKind.ONE_OF, QuestionKind.MANY_OF}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer of the earlier application; ``why`` says why it was not copied."""

    page: Words
    label: Words
    copied: bool
    why: Words = ""


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An answer of the earlier application with its question."""

    page: Words
    question: Question
    name: str
    value: Any
    repeat: str


def _whole(call_id: Any) -> Call:
    return calls.with_form(Call.objects.filter(pk=call_id)).get()


def _is_blank(value: Any) -> bool:
    return value in ("", [], None)


def _given(source: Application) -> Iterator[_Earlier]:
    """The answers to the questions of the earlier call, as they were typed."""
    saves = parts.saves_of(source)
    for section in _whole(source.call_id).sections.all():
        answers = saves[section.key].answers if section.key in saves else {}
        for row in asked.layout(section, answers):
            value = answers.get(row.name)
            if row.kind == asked.FIELD and not _is_blank(value):
                yield _Earlier(section.title, row.question, row.name, value, row.repeat.key if row.repeat else "")


def _asked_now(call: Call) -> dict[tuple[str, str], tuple[Section, Question]]:
    """The call's questions by the key of their repeat and their own."""
    found = {}
    for section in call.sections.all():
        for row in asked.layout(section, {}):
            if row.kind == asked.FIELD:
                found[row.repeat.key if row.repeat else "", row.question.key] = (section, row.question)
    return found


def fitting(question: Question, value: Any) -> Any:
    """The value as ``question`` can take it: choices that it has; all other kinds as they are."""
    if question.kind not in _CHOICES:
        return value
    keys = {key for key, _label in asked.choices_of(question)}
    return [one for one in value if one in keys] if isinstance(value, list) else value if value in keys else ""


@transaction.atomic
def copy_earlier(application: Application, source: Application, *, actor: Any) -> list[Outcome]:
    """Copy what fits into the empty fields of ``application``; nothing that stands there is overwritten.

    Returns what became of each answer. Raises `Refused` for another organisation's application and for one that may not
    be written, `TooLate` after the deadline.
    """
    require(may_copy(application, actor=actor))
    if source.organisation_id != application.organisation_id or source.pk == application.pk:
        raise Refused(_("Only your own organisation's earlier applications can be copied."))
    outcomes = [*_copied_basics(application, source, actor), *_copied_answers(application, source, actor)]
    outcomes += _copied_results(application, source, actor)
    outcomes += _copied_budget(application, source, actor)
    if any(one.copied for one in outcomes):
        lifecycle.note(application, events.ApplicationCopied(source=source.pk), actor=actor)
    return outcomes


def _page(application: Application, key: str) -> Part:
    part = parts.part_called(application, key)
    assert part is not None  # noqa: S101 -- pages that every call has
    return part


def _put(application: Application, key: str, found: Mapping[str, Any], *, actor: Any) -> set[str]:
    """Save into the fields of one page that are empty; the names that were taken."""
    save = parts.last_save(application, key)
    now = save.answers if save is not None else {}
    version = save.version if save is not None else 0
    sent = {name: Sent(value, version) for name, value in found.items() if _is_blank(now.get(name))}
    if sent:
        save_fields(application, key, sent, tab=TAB, actor=actor)
    return set(sent)


_TAKEN = _("something stands there already")
_GONE = _("this choice does not exist here")
_UNASKED = _("not asked in this call")


def _copied_basics(application: Application, source: Application, actor: Any) -> list[Outcome]:
    save, part = parts.saves_of(source).get(BASICS), _page(application, BASICS)
    fields: dict[str, Any] = parts.fields_of(part, application)
    given = {
        name: save.answers[name]
        for name in BASIC_FIELDS
        if save and name in fields and not _is_blank(save.answers.get(name))
    }
    fit = {name: _of_choices(fields[name], value) for name, value in given.items()}
    taken = _put(application, BASICS, {name: value for name, value in fit.items() if not _is_blank(value)}, actor=actor)
    return [
        Outcome(part.title, fields[name].label, name in taken, "" if name in taken else _GONE if _is_blank(fit[name]) else _TAKEN)
        for name in given
    ]  # fmt: skip


def _of_choices(field: Any, value: Any) -> Any:
    choices = getattr(field, "choices", None)
    if choices is None:
        return value
    keys = {str(key) for key, _label in choices}
    return [one for one in value if one in keys] if isinstance(value, list) else value if str(value) in keys else ""


def _copied_answers(application: Application, source: Application, actor: Any) -> list[Outcome]:
    now = _asked_now(_whole(application.call_id))
    wanted: dict[str, dict[str, Any]] = {}
    judged: list[tuple[_Earlier, str, Any, Words]] = []
    for one in _given(source):
        section, question = now.get((one.repeat, one.question.key), (None, None))
        if (
            section is None
            or question is None
            or not stages.asks(section, application)
            or question.kind != one.question.kind
        ):
            judged.append((one, "", None, _UNASKED))
            continue
        if question.kind in FILES:
            judged.append((one, "", None, _("add the file anew")))
            continue
        value = fitting(question, one.value)
        if not _is_blank(value):
            wanted.setdefault(section.key, {})[one.name] = value
        judged.append((one, section.key, question, _GONE if _is_blank(value) else _TAKEN))
    taken = {key: _put(application, key, found, actor=actor) for key, found in wanted.items()}
    return [
        Outcome(one.page, one.question.label, one.name in taken.get(key, ()), "" if one.name in taken.get(key, ()) else why)
        for one, key, _question, why in judged
    ]  # fmt: skip


def _copied_results(application: Application, source: Application, actor: Any) -> list[Outcome]:
    """The results framework as a whole, and only onto an empty page: results of two projects make no framework."""
    save = parts.saves_of(source).get(LOGFRAME)
    given = {name: value for name, value in (save.answers if save else {}).items() if not _is_blank(value)}
    if not given:
        return []
    label = _("Outcomes, outputs and indicators")
    part = parts.part_called(application, LOGFRAME)
    if part is None:
        return [Outcome(_("Results framework"), label, copied=False, why=_UNASKED)]
    now = parts.last_save(application, LOGFRAME)
    taken = now is not None and any(not _is_blank(value) for value in now.answers.values())
    copied = not taken and bool(_put(application, LOGFRAME, given, actor=actor))
    return [Outcome(part.title, label, copied, "" if copied else _TAKEN)]


def _copied_budget(application: Application, source: Application, actor: Any) -> list[Outcome]:
    save, part = parts.saves_of(source).get(BUDGET), parts.part_called(application, BUDGET)
    lines = save.answers.get("lines", []) if save is not None else []
    if not lines:
        return []
    label = _("Lines of the budget")
    if part is None:
        return [Outcome(_("Budget"), label, copied=False, why=_UNASKED)]
    copied = bool(_put(application, BUDGET, {"lines": lines}, actor=actor))
    return [Outcome(part.title, label, copied, "" if copied else _TAKEN)]


def never_copied() -> list[tuple[Words, Words]]:
    """What is always given anew, with the reason."""
    return [
        (_("May we apply?"), _("you declare this anew for every call")),
        (_("Planned start"), _("the earlier day lies in the past")),
    ]
