"""What donors may read of a report, and why it is kept back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models import Report
from kernel.fields import LongTextField
from transparency.models import SafetyReview
from transparency.safety.redaction import not_found
from transparency.selectors.documents import NARRATIVE
from transparency.states import ReportPart

MOST_WORDS, LONGEST = 50, 100


class ClearanceForm(forms.Form):
    """Parts and words that are taken out of the report before donors read it."""

    hidden_parts = forms.MultipleChoiceField(
        label=_("Parts that donors do not read"),
        choices=ReportPart.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave all unmarked when everything can be read."),
    )
    hidden_words = LongTextField(
        label=_("Words that are taken out"),
        help_text=_(
            "Names of people, villages, offices, days: one a line. They go wherever they stand, however spelt."
        ),
        max_length=3000,
        rows=4,
        required=False,
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report

    def clean_hidden_words(self) -> list[str]:
        """The words, one a line; each must stand in the report, else it is misspelt and hides nothing."""
        words = [line.strip() for line in self.cleaned_data["hidden_words"].splitlines() if line.strip()]
        if len(words) > MOST_WORDS or any(len(word) > LONGEST for word in words):
            said = _("At most %(most)s words or names, each of at most %(longest)s characters.")
            raise forms.ValidationError(said, "too_many", {"most": MOST_WORDS, "longest": LONGEST})
        if strange := not_found(words, self._texts()):
            said = _("This does not stand in the report: %(words)s")
            raise forms.ValidationError(said, "not_there", {"words": ", ".join(strange)})
        return words

    def _texts(self) -> list[str]:
        explanations = [line.explanation for line in self.report.lines.all()]
        return [*(getattr(self.report, part.value) for part in NARRATIVE), *explanations]

    @staticmethod
    def of(review: SafetyReview) -> dict[str, Any]:
        """What was proposed before."""
        return {"hidden_parts": review.hidden_parts, "hidden_words": "\n".join(review.hidden_words)}


class KeepBackForm(forms.Form):
    """Why donors do not read it."""

    reason = LongTextField(
        label=_("Reason"),
        max_length=1000,
        rows=3,
        help_text=_("Only the secretariat and auditors read it. Name no person who is in danger."),
    )
