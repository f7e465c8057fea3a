"""A form with its answers: what is asked, what is reckoned, what is wrong; the server's one reading of it."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from grants.attachments import GONE
from grants.form_tree import form_of, pages_of
from grants.models import Attachment, Call, Question, Section
from grants.questions.forms import REPEAT, Form, Judgement
from grants.questions.proportion import AMOUNT
from grants.questions.values import Scalar, as_number
from grants.selectors import asked, attachments
from grants.selectors.asked import FIELD, OPEN, RECKONED, TIME, Row
from grants.selectors.reading import Reading, is_empty, read_fields, storable
from grants.states import FILES, QuestionKind
from kernel.money import Money

Raw = Mapping[str, Any]
Files = Callable[[list[Any]], Mapping[str, Attachment]]
"""Of what stands in answers, the application's files by their id."""


def scalar(question: Question, value: Any) -> Scalar:  # noqa: PLR0911 -- one answer a kind
    """An answer as expressions see it; amounts in whole units of money, choices by their keys."""
    if is_empty(value):
        return ""
    match question.kind:
        case QuestionKind.YES_NO:
            return "yes" if value else "no"
        case QuestionKind.AMOUNT:
            return Money(int(value), "USD").amount
        case QuestionKind.MANY_OF:
            return " ".join(value)
        case QuestionKind.WHOLE_NUMBER | QuestionKind.DECIMAL:
            return value if isinstance(value, Decimal) else as_number(str(value))
        case QuestionKind.FILE | QuestionKind.IMAGE:
            return str(value["name"])
    return value.isoformat() if isinstance(value, date) else str(value)


class Book:
    """All pages that the call defines, with what was typed on them.

    ``files`` finds the files that were named; ``amount_minor`` is what is asked of the fund.
    """

    def __init__(self, call: Call, raws: Mapping[str, Raw], files: Files, *, amount_minor: int = 0) -> None:
        self.sections: dict[str, Section] = {section.key: section for section in pages_of(call)}
        self.form: Form = form_of(call)
        self._raws = raws
        self._files = files
        self._amount = Money(amount_minor, call.currency).amount
        self._cleaned: dict[str, Reading] = {}
        self._rows: dict[str, list[Row]] = {}

    def rows(self, key: str) -> list[Row]:
        """The page ``key`` from top to bottom."""
        if key not in self._rows:
            self._rows[key] = asked.layout(self.sections[key], self._raws.get(key, {}))
        return self._rows[key]

    def _read(self, key: str) -> Reading:
        """The page by itself: every field as if it were asked."""
        if key not in self._cleaned:
            reading = Reading()
            read_fields(asked.fields_in(self.rows(key)), self._raws.get(key, {}), reading)
            self._take_files(key, reading)
            self._cleaned[key] = reading
        return self._cleaned[key]

    def _take_files(self, key: str, reading: Reading) -> None:
        """Put the files in the place of their ids; one of another application or question is none."""
        asked_for = [row for row in self.rows(key) if row.kind == FIELD and row.question.kind in FILES]
        said = [(row, value) for row in asked_for if (value := reading.values.get(row.name))]
        found = self._files([value for _row, value in said]) if said else {}
        for row, value in said:
            one = found.get(value)
            if one is not None and one.question_id == row.question.pk:
                reading.values[row.name] = attachments.facts(one)
            else:
                del reading.values[row.name]
                reading.errors[row.name] = [str(GONE)]

    def _answered_times(self, key: str, repeat: Question) -> list[int]:
        """The numbers of a repeat's times in which anything was typed."""
        raw = self._raws.get(key, {})
        mine = [row for row in self.rows(key) if row.kind == FIELD and row.repeat == repeat]
        numbers = {row.number for row in mine if not is_empty(raw.get(row.name))}
        return sorted(number for number in numbers if number is not None)

    @cached_property
    def judgement(self) -> Judgement:
        """What the answers on all pages make of the form."""
        answers: dict[str, Scalar] = {AMOUNT: self._amount}
        instances: dict[str, list[dict[str, Scalar]]] = {}
        for key in self.sections:
            values = self._read(key).values
            for row in self.rows(key):
                if row.kind == OPEN and row.question.kind == REPEAT:
                    instances[row.name] = [{} for _number in self._answered_times(key, row.question)]
                elif row.kind == FIELD and row.repeat is None:
                    answers[row.name] = scalar(row.question, values.get(row.name))
                elif row.kind == FIELD and row.repeat is not None and row.number is not None:
                    numbers = self._answered_times(key, row.repeat)
                    if row.number in numbers:
                        said = scalar(row.question, values.get(row.name))
                        instances[row.repeat.key][numbers.index(row.number)][row.question.key] = said
        return self.form.judge(answers, instances, today=timezone.localdate())

    def reading(self, key: str) -> Reading:
        """The page ``key`` as it counts: what is not asked is left out, what breaks a rule is said."""
        return _Page(self, key).read()

    def is_asked(self, key: str) -> bool:
        """Whether the page ``key`` is asked for at all."""
        page = next(page for page in self.form.pages if page.key == key)
        return not page.relevant or self.judgement.page_is_asked(page)

    def needs_others(self, key: str) -> bool:
        """Whether the page looks at answers to questions of other pages."""
        page = next(page for page in self.form.pages if page.key == key)
        own = {row.question.key for row in self.rows(key)}
        return bool(self.form.names_in(page) - own - {AMOUNT})


class _Page:
    """One page while it is read."""

    def __init__(self, book: Book, key: str) -> None:
        self.book = book
        self.key = key
        self.found = Reading()
        self.single = book._read(key)  # noqa: SLF001 -- the same module
        self.numbers: dict[str, list[int]] = {}
        # Without expressions everything is asked, and the other pages need not be read.
        self.judged = book.judgement if book.form.has_logic else None

    def read(self) -> Reading:
        for row in self.book.rows(self.key):
            if row.kind == OPEN and row.question.kind == REPEAT:
                self._begin_repeat(row)
            elif row.kind == TIME:
                continue
            elif not self._is_asked(row):
                self.found.unasked.add(row.name)
            elif row.kind == FIELD:
                self._field(row)
            elif row.kind == RECKONED:
                self.found.reckoned[row.name] = self._reckoned(row)
                self._keep(row, self.found.reckoned[row.name])
        return self.found

    def _place(self, row: Row) -> int | None:
        """Which of the answered times a row belongs to; -1 for a time in which nothing was typed."""
        if row.repeat is None or row.number is None:
            return None
        numbers = self.numbers[row.repeat.key]
        return numbers.index(row.number) if row.number in numbers else -1

    def _is_asked(self, row: Row) -> bool:
        place = self._place(row)
        if self.judged is None:
            return True
        if place == -1:
            return row.repeat is None or self.judged.is_asked(row.repeat.key)
        return self.judged.is_asked(row.question.key, place)

    def _begin_repeat(self, row: Row) -> None:
        numbers = self.numbers[row.name] = self.book._answered_times(self.key, row.question)  # noqa: SLF001 -- the same module
        if self.judged is not None and not self.judged.is_asked(row.name):
            self.found.unasked.add(row.name)
            return
        self.found.values[row.name] = [{} for _number in numbers]
        if row.question.required and not numbers:
            first = next(
                (one.name for one in self.book.rows(self.key) if one.kind == FIELD and one.repeat == row.question), ""
            )
            if first:
                self.found.missing.append(first)

    def _field(self, row: Row) -> None:
        place = self._place(row)
        if place == -1:
            return
        if row.name in self.single.missing:
            self.found.missing.append(row.name)
        elif row.name in self.single.errors:
            self.found.errors[row.name] = self.single.errors[row.name]
        else:
            value = self.single.values[row.name]
            if self.judged is not None and not self.judged.keeps(row.question.key, scalar(row.question, value), place):
                said = str(row.question.constraint_message or "").strip()
                self.found.errors[row.name] = [said or _("This answer does not fit what the question asks for.")]
            else:
                self._keep(row, storable(value))

    def _keep(self, row: Row, value: Any) -> None:
        place = self._place(row)
        if place is None:
            self.found.values[row.name] = value
        elif place >= 0 and row.repeat is not None and not is_empty(value):
            self.found.values[row.repeat.key][place][row.question.key] = value

    def _reckoned(self, row: Row) -> str:
        place = self._place(row)
        found = self.judged.reckoned.get((row.question.key, place), "") if self.judged and place != -1 else ""
        return str(found)
