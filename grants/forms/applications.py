"""Forms of applications: a page of questions, the budget, submission, withdrawal, the self-check, filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grants.budgets import line_minor
from grants.models import Application, Call
from grants.selectors import asked, budget, parts
from grants.selectors.applications import Filters
from grants.selectors.asked import Row
from grants.selectors.parts import Part
from grants.selectors.reading import Reading
from grants.states import UNSENT, ApplicationState
from kernel.fields import LongSelect, LongTextField
from kernel.places import Governorate
from kernel.sectors import Sector

PREFIX = "q"
SPARE_LINES = 2
"""Empty lines that the budget offers; "Add lines" gives more."""
MORE_LINES = 5
MOST_SPARE = 40


class PartForm(forms.Form):
    """One page of questions. What was typed before is shown with its errors; required answers may wait."""

    def __init__(
        self, part: Part, application: Application, typed: Mapping[str, Any] | None = None, *, more: str = ""
    ) -> None:
        super().__init__(None, prefix=PREFIX, initial=dict(typed or {}))
        self.rows: list[Row] = asked.layout(part.section, typed or {}, more=more) if part.section else []
        self.fields = (
            asked.fields_in(self.rows) if part.section else parts.fields_of(part, application, typed, more=more)
        )

    def show(self, reading: Reading) -> None:
        """Put the errors of ``reading`` beside the fields."""
        self._errors = forms.utils.ErrorDict()
        for name, messages in reading.errors.items():
            self._errors[name] = self.error_class(messages, renderer=self.renderer, field_id=self[name].auto_id)


def typed_in(part: Part, application: Application, data: QueryDict) -> dict[str, Any]:
    """What a request brought for a page, as text or lists of texts; nothing that the page does not ask."""
    if part.key == parts.BUDGET:
        return {"lines": typed_lines(data)}
    # Every field that arrived counts as given: what is empty is left out when it is kept.
    arrived = {key.removeprefix(f"{PREFIX}-"): "given" for key in data if key.startswith(f"{PREFIX}-")}
    fields = parts.fields_of(part, application, arrived)
    return {name: one.widget.value_from_datadict(data, {}, f"{PREFIX}-{name}") for name, one in fields.items()}


def typed_lines(data: QueryDict) -> list[dict[str, str]]:
    """The budget lines that a request brought, in their order; fields are called ``q-<line>-<field>``."""
    names = budget.line_names()
    numbers = {
        int(number)
        for key in data
        if key.startswith(f"{PREFIX}-")
        and key.count("-") == 2
        and (number := key.split("-")[1]).isascii()
        and number.isdecimal()
        and len(number) <= 4
    }
    return [{name: data.get(f"{PREFIX}-{number}-{name}", "") for name in names} for number in sorted(numbers)]


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the budget form: its number on the page and its bound fields by name."""

    number: int
    form: forms.Form
    minor: int | None


def line_rows(application: Application, lines: list[dict[str, Any]], reading: Reading, spare: int) -> list[LineRow]:
    """The budget's lines and ``spare`` empty ones as forms, each with its errors."""
    sums = {line.order: line_minor(line) for line in reading.lines}
    empty = [dict(budget.BLANK_LINE) for _number in range(min(spare, MOST_SPARE))]
    return [
        LineRow(number, _line_form(application, typed, number, reading), sums.get(number))
        for number, typed in enumerate([*lines, *empty])
    ]


def _line_form(application: Application, typed: Mapping[str, Any], number: int, reading: Reading) -> forms.Form:
    form: Any = forms.Form(None, prefix=f"{PREFIX}-{number}", initial=dict(typed))
    form.fields = budget.line_fields(application.call.currency)
    category = form.fields["category"]
    assert isinstance(category, forms.ChoiceField)  # noqa: S101 -- said in line_fields
    category.choices = [("", _("Choose")), *category.choices]  # type: ignore[misc]
    for one in form.fields.values():
        one.limit = None  # a counter under each small box would only be in the way; the limit itself stays
    form._errors = forms.utils.ErrorDict()  # noqa: SLF001 -- the errors were found by the server's one reader
    for name in form.fields:
        if messages := reading.errors.get(f"{number}-{name}"):
            made = form.error_class(messages, renderer=form.renderer, field_id=form[name].auto_id)
            form._errors[name] = made  # noqa: SLF001
    return form


class SubmitForm(forms.Form):
    """The signatory's word."""

    confirm = forms.BooleanField(
        label=_("What is written here is true, and I may sign for my organisation."),
        error_messages={"required": _("Tick the box to confirm, then submit.")},
    )


class WithdrawForm(forms.Form):
    """Why an application is taken back; nobody has to say."""

    reason = LongTextField(max_length=500, rows=3, required=False, label=_("Reason"))


class CheckForm(forms.Form):
    """The self-check: the call's eligibility questions."""

    def __init__(self, call: Call, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self.call = call
        for question in call.eligibility_questions.all():
            self.fields[question.key] = forms.ChoiceField(
                label=question.text,
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Answer yes or no.")},
            )

    def obstacles(self) -> list[Any]:
        """The questions whose answer makes not eligible."""
        return [
            question
            for question in self.call.eligibility_questions.all()
            if (self.cleaned_data[question.key] == "yes") != question.expected
        ]


class PipelineForm(forms.Form):
    """Filters of the pipeline; all of them stand in the address."""

    text = forms.CharField(required=False, label=_("Name or number"))
    state = forms.ChoiceField(required=False, label=_("State"), widget=LongSelect)
    call = forms.ChoiceField(required=False, label=_("Call"), widget=LongSelect)
    sector = forms.ChoiceField(required=False, label=_("Sector"), widget=LongSelect)
    governorate = forms.ChoiceField(required=False, label=_("Governorate"), widget=LongSelect)

    def __init__(self, data: Any, *, calls: list[Call]) -> None:
        super().__init__(data, use_required_attribute=False)
        states = [choice for choice in ApplicationState.choices if choice[0] not in UNSENT]
        self._offer("state", states)
        self._offer("call", [(call.reference, f"{call.reference} · {call.title}") for call in calls])
        self._offer("sector", Sector.choices)
        self._offer("governorate", Governorate.choices)

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [("", _("All")), *choices]

    def filters(self) -> Filters:
        """What was chosen; a value that is no choice narrows nothing."""
        self.is_valid()
        return Filters(**{name: self.cleaned_data.get(name, "") for name in self.fields})
