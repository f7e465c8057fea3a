"""Forms of the assessment of capacity: own answers, the assessor's, others' assessments, the plan, a contest."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReasonField
from charter.schema import CapacityRules
from kernel.fields import DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.uploads import UploadField
from organisations.capacity_pages import SectionPage
from organisations.models import CAPACITY_TEXT_LENGTH
from organisations.services.capacity import OwnAnswer
from organisations.states import AssessmentWay, CapacitySection


def _levels(capacity: CapacityRules, language: str) -> list[tuple[str, str]]:
    return [(str(number), words.in_language(language)) for number, words in enumerate(capacity.levels)]


class OwnSectionForm(forms.Form):
    """One section: for each question a level, words, and the paper that shows it."""

    def __init__(self, *args: Any, section: SectionPage, capacity: CapacityRules, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        for line in section.lines:
            own = line.own
            self.fields[f"{line.key}-level"] = forms.ChoiceField(
                label=line.text,
                choices=_levels(capacity, language),
                widget=forms.RadioSelect,
                initial=str(own.level) if own else None,
            )
            self.fields[f"{line.key}-text"] = LongTextField(
                label=_("In your words"),
                required=False,
                max_length=CAPACITY_TEXT_LENGTH,
                rows=3,
                initial=own.text if own else "",
            )
            kept = _("There is one; another replaces it.") if own and own.file else ""
            self.fields[f"{line.key}-file"] = UploadField(
                label=_("Paper that shows it"), required=False, help_text=f"{line.evidence} {kept}".strip()
            )

    @property
    def answers(self) -> dict[str, OwnAnswer]:
        """The answers by question."""
        said = self.cleaned_data
        return {
            line.key: OwnAnswer(
                int(said[f"{line.key}-level"]), said[f"{line.key}-text"] or "", said[f"{line.key}-file"]
            )
            for line in self.section.lines
        }


class ReviewCapacityForm(forms.Form):
    """The assessor's level for every question that nobody covered, words by section, and how it was looked at."""

    def __init__(
        self, *args: Any, sections: list[SectionPage], capacity: CapacityRules, language: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = [one for one in sections if one.covered is None]
        ways = [(way.value, way.label) for way in AssessmentWay if way != AssessmentWay.CONTEST]
        self.fields["way"] = forms.ChoiceField(
            label=_("How you looked"), choices=ways, widget=forms.RadioSelect, initial=AssessmentWay.DESK
        )
        self.fields["visited_on"] = DayField(label=_("Visited on"), required=False)
        for section in self.asked:
            for line in section.lines:
                self.fields[f"level-{line.key}"] = forms.ChoiceField(
                    label=format_html("{} · {}", section.title, line.text),
                    choices=_levels(capacity, language),
                    widget=forms.RadioSelect,
                    help_text=_says(line),
                )
            self.fields[f"finding-{section.key}"] = LongTextField(
                label=format_html("{} · {}", section.title, _("what you found")),
                required=False,
                max_length=CAPACITY_TEXT_LENGTH,
                rows=3,
            )
        self.fields["advice"] = LongTextField(
            label=_("What to improve"), max_length=3000, help_text=_("The organisation reads this.")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, visited = cleaned.get("visited_on"), cleaned.get("way") == AssessmentWay.VISIT
        if visited and day is None and "visited_on" not in self.errors:
            self.add_error("visited_on", _("Say on which day you visited."))
        if day is not None and day > timezone.localdate():
            self.add_error("visited_on", _("This day has not come yet."))
        if not visited:
            cleaned["visited_on"] = None
        return cleaned

    @property
    def found(self) -> dict[str, Any]:
        """The valid form as the service takes it."""
        said = self.cleaned_data
        lines = [line for section in self.asked for line in section.lines]
        return {
            "levels": {line.key: int(said[f"level-{line.key}"]) for line in lines},
            "findings": {one.key: said[f"finding-{one.key}"] or "" for one in self.asked},
            "way": said["way"],
            "visited_on": said["visited_on"],
            "advice": said["advice"],
        }


def _says(line: Any) -> Any:
    """What the organisation says, beside the assessor's choice."""
    if line.own is None:
        return _("The organisation did not answer this.")
    paper = _("with a paper") if line.own.file else _("without a paper")
    return format_html("{}: {} ({}) {}", _("The organisation says"), line.own_level, paper, line.own.text)


class OutsideForm(forms.Form):
    """Another funder's assessment."""

    funder = ShortTextField(label=_("Who assessed you"), max_length=120)
    assessed_on = DayField(label=_("Assessed on"))
    valid_until = DayField(label=_("Valid until"))
    file = UploadField(label=_("The assessment"), help_text=_("With its scores or findings, as you got it."))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("assessed_on"), cleaned.get("valid_until")
        if first and last and last <= first:
            self.add_error("valid_until", _("It ends after the day on which it was made."))
        return cleaned


class SectionScoresForm(forms.Form):
    """Scores of 100 by section; an empty one is not covered, or stays as it was."""

    def __init__(self, *args: Any, sections: Mapping[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in CapacitySection:
            self.fields[f"section_{section.value}"] = WholeNumberField(
                label=section.label, max_value=100, required=False, initial=(sections or {}).get(section.value)
            )

    @property
    def sections(self) -> dict[str, int]:
        """The scores that were written."""
        written = {section.value: self.cleaned_data.get(f"section_{section.value}") for section in CapacitySection}
        return {key: score for key, score in written.items() if score is not None}


class ReadOutsideForm(SectionScoresForm):
    """What another funder's assessment covers, or why it does not serve."""

    reason = LongTextField(
        label=_("It does not serve, because"), required=False, max_length=2000, rows=3,
        help_text=_("Write here only if it is not recognised. The organisation reads this."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("reason")) == bool(self.sections):
            self.add_error(None, _("Write either the scores of the sections that it covers, or why it does not serve."))
        return cleaned


class VerdictForm(forms.Form):
    """Yes, or no with a reason; about exactly what was read."""

    YES, NO = "yes", "no"

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = LongTextField(label=_("Reason"), required=False, max_length=2000, rows=3)
    read = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, yes: Any, no: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        decision: Any = self.fields["decision"]
        decision.choices = [(self.YES, yes), (self.NO, no)]
        self.fields["reason"].help_text = _("Needed for a no. The organisation reads this.")

    @property
    def consents(self) -> bool:
        """Whether it was a yes."""
        return bool(self.cleaned_data["decision"] == self.YES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == self.NO and not cleaned.get("reason"):
            self.add_error("reason", _("Write why: the organisation reads this."))
        return cleaned


class ImprovementForm(forms.Form):
    """A point of the plan."""

    section = forms.ChoiceField(label=_("Section"), choices=CapacitySection.choices)
    what = ShortTextField(label=_("What to improve"), max_length=500)
    due_on = DayField(label=_("Until"))


class ShowingForm(forms.Form):
    """That a point is done."""

    text = LongTextField(label=_("What was done"), max_length=CAPACITY_TEXT_LENGTH, rows=5)
    file = UploadField(label=_("Paper that shows it"), required=False)


class ContestForm(forms.Form):
    """What is wrong with the assessment."""

    grounds = LongTextField(
        label=_("What is wrong, and what shows it"),
        max_length=4000,
        rows=8,
        help_text=_(
            "Name the section, what was found, and what you see otherwise. Another person answers with reasons."
        ),
    )


class DecideContestForm(SectionScoresForm):
    """The answer to a contest: corrected sections, or none; always with reasons."""

    UPHOLD, DISMISS = "uphold", "dismiss"

    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[(UPHOLD, _("Uphold: correct the score")), (DISMISS, _("Dismiss: the score stays"))],
    )
    reason = ReasonField(required=True)

    @property
    def upholds(self) -> bool:
        """Whether the score is corrected."""
        return bool(self.cleaned_data["decision"] == self.UPHOLD)


class ChangeTierForm(forms.Form):
    """Why the tier follows the performance now."""

    reason = ReasonField(required=True)
