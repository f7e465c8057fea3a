"""The questions of a page: their tree, the fields that read them, and how they stand on it.

A question inside a repeat has a field for each time that it is answered, called ``<repeat>-<number>-<question>``; all
others are called like their question.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from grants.attachments import file_field
from grants.form_tree import Branch, branches
from grants.models import Question, Section
from grants.questions.forms import GROUP, MOST_INSTANCES, REPEAT
from grants.states import QuestionKind
from kernel.fields import AmountField, DayField, LongTextField, NumberField, ShortTextField, WholeNumberField

# Fields -----------------------------------------------------------------------------------------------------------


def yes_no(**kwargs: Any) -> forms.Field:
    """A choice of yes and no that cleans to a truth value."""
    choices = [("yes", _("Yes")), ("no", _("No"))]
    return forms.TypedChoiceField(
        choices=choices, coerce=lambda value: value == "yes", empty_value=None, widget=forms.RadioSelect, **kwargs
    )


def choices_of(question: Question) -> list[tuple[str, Any]]:
    """The question's choices as key and label in the active language."""
    return [(str(choice["key"]), LazyI18nString(choice["label"])) for choice in question.choices]


def _text_field(question: Question, said: dict[str, Any]) -> forms.Field:
    if question.kind == QuestionKind.SHORT_TEXT:
        return ShortTextField(max_length=question.max_length or 200, **said)
    return LongTextField(max_length=question.max_length or 2000, **said)


def _number_field(question: Question, said: dict[str, Any]) -> forms.Field:
    least, most = question.minimum or 0, question.maximum
    if question.kind == QuestionKind.AMOUNT:
        return AmountField(min_minor=least, max_minor=most, **said)
    if question.kind == QuestionKind.DECIMAL:
        return NumberField(min_value=least, max_value=most, **said)
    return WholeNumberField(min_value=least, max_value=most, **said)


def _choice_field(question: Question, said: dict[str, Any]) -> forms.Field:
    choices = choices_of(question)
    if question.kind == QuestionKind.ONE_OF:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)


def _day_field(question: Question, said: dict[str, Any]) -> forms.Field:
    return DayField(**said)


def _yes_no_field(question: Question, said: dict[str, Any]) -> forms.Field:
    return yes_no(**said)


_MAKERS: dict[str, Callable[[Question, dict[str, Any]], forms.Field]] = {
    QuestionKind.SHORT_TEXT: _text_field,
    QuestionKind.LONG_TEXT: _text_field,
    QuestionKind.WHOLE_NUMBER: _number_field,
    QuestionKind.AMOUNT: _number_field,
    QuestionKind.DECIMAL: _number_field,
    QuestionKind.DAY: _day_field,
    QuestionKind.YES_NO: _yes_no_field,
    QuestionKind.ONE_OF: _choice_field,
    QuestionKind.MANY_OF: _choice_field,
    QuestionKind.FILE: file_field,
    QuestionKind.IMAGE: file_field,
}


def is_answered(question: Question) -> bool:
    """Whether people write an answer to it, rather than read, count or hold it."""
    return question.kind in _MAKERS


def question_field(question: Question) -> forms.Field:
    """The form field that reads the answer to ``question``."""
    said = {"label": question.label, "help_text": question.hint, "required": question.required}
    return _MAKERS[question.kind](question, said)


# The page ---------------------------------------------------------------------------------------------------------

OPEN, CLOSE, TIME, TIME_END, AGAIN, FIELD, NOTE, RECKONED = (
    "open", "close", "time", "time_end", "again", "field", "note", "reckoned",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """Something that stands on the page: a field, a note, a reckoned value, or the beginning or end of a group.

    ``name`` is the field's name, ``number`` which time of its repeat it is (from 0), ``repeat`` that repeat.
    """

    kind: str
    question: Question
    name: str
    number: int | None = None
    repeat: Question | None = None


def times(repeat: Question, given: Mapping[str, Any]) -> int:
    """How often a repeat is answered in ``given``; empty answers at its end do not count."""
    mine = re.compile(rf"{re.escape(repeat.key)}-(\d{{1,2}})-", re.ASCII)
    numbers = [
        int(found[1]) for name, said in given.items() if said not in ("", [], None) and (found := mine.match(name))
    ]
    return min(max(numbers, default=-1) + 1, MOST_INSTANCES)


def layout(section: Section, given: Mapping[str, Any], *, more: str = "") -> list[Row]:
    """The page from top to bottom for the answers ``given``; the repeat with the key ``more`` has one more time."""
    return list(_rows(branches(section), given, more))


def _rows(
    found: Iterable[Branch],
    given: Mapping[str, Any],
    more: str,
    repeat: Question | None = None,
    number: int | None = None,
) -> Iterator[Row]:
    for branch in found:
        one = branch.question
        name = one.key if repeat is None else f"{repeat.key}-{number}-{one.key}"
        if one.kind == REPEAT:
            yield from _repeated(branch, given, more)
        elif one.kind == GROUP:
            yield Row(OPEN, one, name, number, repeat)
            yield from _rows(branch.below, given, more, repeat, number)
            yield Row(CLOSE, one, name, number, repeat)
        else:
            kind = {QuestionKind.NOTE: NOTE, QuestionKind.CALCULATED: RECKONED}.get(QuestionKind(one.kind), FIELD)
            yield Row(kind, one, name, number, repeat)


def _repeated(branch: Branch, given: Mapping[str, Any], more: str) -> Iterator[Row]:
    one = branch.question
    shown = times(one, given)
    shown = min(max(shown + (more == one.key), 1), MOST_INSTANCES)
    yield Row(OPEN, one, one.key)
    for number in range(shown):
        yield Row(TIME, one, one.key, number, one)
        yield from _rows(branch.below, given, more, one, number)
        yield Row(TIME_END, one, one.key, number, one)
    if shown < MOST_INSTANCES:
        yield Row(AGAIN, one, one.key)
    yield Row(CLOSE, one, one.key)


def fields_of(section: Section, given: Mapping[str, Any]) -> dict[str, forms.Field]:
    """The fields of a page by name, for the answers ``given``."""
    return fields_in(layout(section, given))


def names_of(section: Section, given: Mapping[str, Any]) -> list[str]:
    """The names of `fields_of`, without making the fields."""
    return [row.name for row in layout(section, given) if row.kind == FIELD]


def fields_in(rows: Iterable[Row]) -> dict[str, forms.Field]:
    """The fields of ``rows`` by name."""
    return {row.name: question_field(row.question) for row in rows if row.kind == FIELD}
