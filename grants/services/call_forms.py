"""The form of a draft call: sections and questions, added, changed, moved and removed by the secretariat."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from grants.models import Call, EligibilityQuestion, Question, Section
from grants.rules.calls import MOST_ELIGIBILITY_QUESTIONS
from grants.services.calls import draft_locked
from grants.states import HOLDERS, Stage
from grants.xlsforms.plan import FormPlan, QuestionPlan
from grants.xlsforms.reading import MOST_QUESTIONS
from kernel.permissions import Refused


def _new_key(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


def _next_order(rows: Any) -> int:
    last: int | None = rows.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _change(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _swap(rows: list[Any], row: Model, *, up: bool) -> None:
    """Put ``row`` one place up or down among ``rows``; at the end nothing happens. Places are numbered afresh."""
    keys = [one.pk for one in rows]
    place = keys.index(row.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    for order, one in enumerate(rows, start=1):
        if one.order != order:
            one.order = order
            one.save(update_fields=["order"])


@transaction.atomic
def add_section(
    call: Call, *, actor: Any, title: Any, intro: Any, relevant: str = "", stage: str = Stage.FULL
) -> Section:
    """A new last section. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    order = _next_order(locked.sections)
    return Section.objects.create(
        call=locked, order=order, key=_new_key("s"), title=title, intro=intro, relevant=relevant, stage=stage
    )


@transaction.atomic
def change_section(section: Section, *, actor: Any, **values: Any) -> Section:
    """New words for a section, and when it is asked; ``values`` as `add_section` takes them. Raises `Refused`."""
    draft_locked(section.call, actor=actor)
    _change(section, values)
    return section


@transaction.atomic
def remove_section(section: Section, *, actor: Any) -> None:
    """Take a section and its questions out of the form. Raises `Refused`."""
    draft_locked(section.call, actor=actor)
    section.delete()


@transaction.atomic
def move_section(section: Section, *, actor: Any, up: bool) -> None:
    """Put a section one place up or down. Raises `Refused`."""
    call = draft_locked(section.call, actor=actor)
    _swap(list(call.sections.order_by("order", "pk")), section, up=up)


@transaction.atomic
def add_question(section: Section, *, actor: Any, key: str = "", parent: Any = None, **values: Any) -> Question:
    """A new last question of a section, or of the group ``parent`` in it; ``values`` as `grants.models.Question` has them.

    Raises `Refused`.
    """
    call = draft_locked(section.call, actor=actor)
    if Question.objects.filter(section__call=call).count() >= MOST_QUESTIONS:
        raise Refused(_("A form has at most %(most)s questions. Remove one first.") % {"most": MOST_QUESTIONS})
    _require_free_name(call, key)
    group = _group(section, parent)
    order = _next_order(section.questions.filter(parent=group))
    return Question.objects.create(section=section, parent=group, order=order, key=key or _new_key("q"), **values)


def _require_free_name(call: Call, key: str, *, besides: Question | None = None) -> None:
    rows = Question.objects.filter(section__call=call, key=key)
    if key and any(one != besides for one in rows):
        raise Refused(_("Another question of this form is called %(name)s.") % {"name": key})


def _group(section: Section, parent: Any, *, moved: Question | None = None) -> Question | None:
    """The group ``parent`` (itself or its id) of the section; never the moved question itself, nor what it holds."""
    if not parent:
        return None
    groups = {str(one.pk): one for one in section.questions.filter(kind__in=HOLDERS)}
    group = groups.get(str(getattr(parent, "pk", parent)))
    if group is None:
        raise Refused(_("That group is not on this page."))
    above: Question | None = group
    while above is not None:
        if moved is not None and above.pk == moved.pk:
            raise Refused(_("A group cannot stand in itself."))
        above = groups.get(str(above.parent_id))
    return group


@transaction.atomic
def change_question(question: Question, *, actor: Any, **values: Any) -> Question:
    """Change a question of a draft; with another ``parent`` it goes to the end of that group. Raises `Refused`."""
    call = draft_locked(question.section.call, actor=actor)
    key = values.pop("key", "") or question.key
    _require_free_name(call, key, besides=question)
    if "parent" in values:
        group = _group(question.section, values.pop("parent"), moved=question)
        if group != question.parent:
            values |= {"parent": group, "order": _next_order(question.section.questions.filter(parent=group))}
    if values.get("kind", question.kind) not in HOLDERS and question.below.exists():
        raise Refused(_("Empty the group before you make a question of it."))
    _change(question, {**values, "key": key})
    return question


@transaction.atomic
def remove_question(question: Question, *, actor: Any) -> None:
    """Take a question out of the form. Raises `Refused`."""
    draft_locked(question.section.call, actor=actor)
    question.delete()


@transaction.atomic
def move_question(question: Question, *, actor: Any, up: bool) -> None:
    """Put a question one place up or down in its section. Raises `Refused`."""
    draft_locked(question.section.call, actor=actor)
    together = question.section.questions.filter(parent=question.parent_id)
    _swap(list(together.order_by("order", "pk")), question, up=up)


@transaction.atomic
def replace_form(call: Call, plan: FormPlan, *, actor: Any) -> None:
    """Put the form ``plan`` in the place of the draft's; the self-check stays, and pages of the same name in their stage where the form says none. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    stage_of = dict(locked.sections.values_list("key", "stage"))
    locked.sections.all().delete()
    for order, page in enumerate(plan.pages, start=1):
        title, intro = LazyI18nString(page.title), LazyI18nString(page.intro)
        section = Section.objects.create(
            call=locked,
            order=order,
            key=page.key,
            title=title,
            intro=intro,
            relevant=page.relevant,
            stage=page.stage or stage_of.get(page.key, Stage.FULL),
        )
        _create(section, page.questions, None)


_PLANNED = (
    "key",
    "kind",
    "required",
    "max_length",
    "minimum",
    "maximum",
    "choices",
    "relevant",
    "constraint",
    "calculation",
)


def _create(section: Section, plans: list[QuestionPlan], parent: Question | None) -> None:
    """One level of questions at a time, each before those that it holds."""
    made = Question.objects.bulk_create(
        Question(
            section=section,
            parent=parent,
            order=order,
            label=LazyI18nString(plan.label),
            hint=LazyI18nString(plan.hint),
            constraint_message=LazyI18nString(plan.constraint_message),
            **{name: getattr(plan, name) for name in _PLANNED},
        )
        for order, plan in enumerate(plans, start=1)
    )
    for question, plan in zip(made, plans, strict=True):
        if plan.below:
            _create(section, plan.below, question)


@transaction.atomic
def add_eligibility_question(call: Call, *, actor: Any, **values: Any) -> EligibilityQuestion:
    """A new last question of the self-check. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    if locked.eligibility_questions.count() >= MOST_ELIGIBILITY_QUESTIONS:
        raise Refused(
            _("The self-check has at most %(most)s questions. Remove one first.") % {"most": MOST_ELIGIBILITY_QUESTIONS}
        )
    order = _next_order(locked.eligibility_questions)
    return EligibilityQuestion.objects.create(call=locked, order=order, key=_new_key("e"), **values)


@transaction.atomic
def change_eligibility_question(question: EligibilityQuestion, *, actor: Any, **values: Any) -> EligibilityQuestion:
    """Change a question of the self-check. Raises `Refused`."""
    draft_locked(question.call, actor=actor)
    _change(question, values)
    return question


@transaction.atomic
def remove_eligibility_question(question: EligibilityQuestion, *, actor: Any) -> None:
    """Take a question out of the self-check. Raises `Refused`."""
    draft_locked(question.call, actor=actor)
    question.delete()
