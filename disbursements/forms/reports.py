"""Forms of reports: words and spending, read as far as they can be read."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from disbursements.forms.tranches import HIGHEST_MINOR
from grants.models import Report, ReportLine
from grants.selectors.grants import lines_of
from kernel.fields import AmountField, LongTextField, ShortTextField, WholeNumberField

OURS: Final = "q-"
"""Before the names of fields that save by themselves (static/js/draft.js)."""


class NarrativeForm(forms.Form):
    """The words of a report."""

    achieved = LongTextField(
        max_length=4000,
        label=_("What was achieved"),
        help_text=_("Results for people, not a list of activities."),
    )
    did_not_work = LongTextField(
        max_length=2000,
        label=_("What did not work, and what we learned"),
        help_text=_("Honest lessons never count against you."),
    )
    participation = LongTextField(max_length=2000, label=_("How the community took part"))
    people_reached = WholeNumberField(
        max_value=10_000_000,
        label=_("People reached in this period"),
        help_text=_("Count each person once."),
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        names = ("achieved", "did_not_work", "participation", "people_reached")
        kwargs.setdefault("initial", {name: getattr(report, name) for name in names})
        kwargs.setdefault("use_required_attribute", False)
        kwargs["prefix"] = OURS.rstrip("-")
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """What is missing may be saved; only the submission asks for all of it (`grants.rules.reports.is_complete`)."""
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        for field in self.fields.values():
            field.required = True


class LineForm(forms.Form):
    """Spending of one category in the period."""

    spent = AmountField(max_minor=HIGHEST_MINOR, required=False, label=_("Spent in the period"))
    explanation = ShortTextField(max_length=300, required=False, label=_("Explanation"))

    def __init__(self, *args: Any, line: ReportLine, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"spent": line.spent_minor, "explanation": line.explanation})
        kwargs["prefix"] = f"{OURS}line-{line.category}"
        super().__init__(*args, **kwargs)
        self.line = line


class ReportForms:
    """A report's words and figures together; what was understood can be saved while the rest waits to be mended.

    ``typed`` are texts by the names of the fields (`names`); without them the report is shown as it stands.
    """

    def __init__(self, report: Report, typed: Mapping[str, Any] | None = None) -> None:
        data = None if typed is None else {f"{OURS}{name}": text for name, text in typed.items()}
        self.narrative = NarrativeForm(data, report=report)
        self.lines = [LineForm(data, line=line) for line in lines_of(report)]

    @property
    def parts(self) -> list[forms.Form]:
        return [self.narrative, *self.lines]

    def fields(self) -> dict[str, forms.BoundField]:
        """Every field by its name in the record of savings."""
        return {field.html_name.removeprefix(OURS): field for part in self.parts for field in part}

    def texts(self) -> dict[str, str]:
        """What stands in every field."""
        shown = {name: field.value() for name, field in self.fields().items()}
        return {name: "" if value is None else str(value) for name, value in shown.items()}

    def posted(self, data: QueryDict) -> dict[str, str]:
        """What a page sent of these fields."""
        return {name: str(data[f"{OURS}{name}"]) for name in self.fields() if f"{OURS}{name}" in data}

    def label(self, name: str) -> str:
        """How people know a field: its label, with its category where it is of a line."""
        field = self.fields()[name]
        line = getattr(field.form, "line", None)
        return f"{line.get_category_display()}: {field.label}" if line else str(field.label)

    def is_valid(self) -> bool:
        answers = [part.is_valid() for part in self.parts]  # every part says what is wrong with it
        return all(answers)

    def understood(self) -> dict[str, Any]:
        """What could be read, for `grants.services.reports.save_report`."""
        narrative = {
            name: value if value is not None or name == "people_reached" else ""
            for name, value in self.narrative.cleaned_data.items()
        }
        return {
            "narrative": narrative,
            "spent": {
                one.line.category: one.cleaned_data["spent"] or 0 for one in self.lines if "spent" in one.cleaned_data
            },
            "explanations": {
                one.line.category: one.cleaned_data["explanation"] or ""
                for one in self.lines
                if "explanation" in one.cleaned_data
            },
        }
