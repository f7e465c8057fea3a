"""The form of a draft call: sections and questions, added, changed, moved and removed by the secretariat."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _

from grants.models import Call, EligibilityQuestion, Question, Section
from grants.rules.calls import MOST_ELIGIBILITY_QUESTIONS
from grants.services.calls import draft_locked
from kernel.permissions import Refused

MOST_QUESTIONS = 40
"""Questions of one form: more would not fit the promise of a short one."""


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
def add_section(call: Call, *, actor: Any, title: Any, intro: Any) -> Section:
    """A new last section. Raises `Refused`."""
    locked = draft_locked(call, actor=actor)
    order = _next_order(locked.sections)
    return Section.objects.create(call=locked, order=order, key=_new_key("s"), title=title, intro=intro)


@transaction.atomic
def change_section(section: Section, *, actor: Any, title: Any, intro: Any) -> Section:
    """New words for a section. Raises `Refused`."""
    draft_locked(section.call, actor=actor)
    _change(section, {"title": title, "intro": intro})
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
def add_question(section: Section, *, actor: Any, **values: Any) -> Question:
    """A new last question of a section; ``values`` as `grants.models.Question` has them. Raises `Refused`."""
    call = draft_locked(section.call, actor=actor)
    if Question.objects.filter(section__call=call).count() >= MOST_QUESTIONS:
        raise Refused(_("A form has at most %(most)s questions. Remove one first.") % {"most": MOST_QUESTIONS})
    order = _next_order(section.questions)
    return Question.objects.create(section=section, order=order, key=_new_key("q"), **values)


@transaction.atomic
def change_question(question: Question, *, actor: Any, **values: Any) -> Question:
    """Change a question of a draft. Raises `Refused`."""
    draft_locked(question.section.call, actor=actor)
    _change(question, values)
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
    _swap(list(question.section.questions.order_by("order", "pk")), question, up=up)


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
