"""The officer's forms: checklist, return, the second officer's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.selectors.screening import CheckItem
from kernel.fields import LongTextField

ELIGIBLE, RETURN, INELIGIBLE = "eligible", "return", "ineligible"
CONFIRM, OVERTURN = "confirm", "overturn"


def _said(words: Any) -> Any:
    return words


class ChecklistForm(forms.Form):
    """Every point of the checklist, and what follows from it."""

    def __init__(self, items: list[CheckItem], data: Any = None, *, may_return: bool = True) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"c-{item.key}"] = forms.BooleanField(
                required=False, label=_said(item.text), help_text=_said(item.finding), initial=bool(item.holds)
            )
        choices = [
            (ELIGIBLE, _("Complete and eligible: every point holds")),
            (RETURN, _("Return once for completion: something formal is missing")),
            (INELIGIBLE, _("Propose as not eligible: a second officer decides")),
        ]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Result"),
            choices=[one for one in choices if may_return or one[0] != RETURN],
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose the result of the screening.")},
        )
        self.fields["words"] = LongTextField(
            max_length=3000,
            required=False,
            rows=5,
            label=_("To the organisation"),
            help_text=_(
                "For a return: what is missing, one thing a line. For a proposal: why the application is not eligible."
            ),
        )

    def checklist(self) -> dict[str, bool]:
        """Which points hold, by key."""
        return {item.key: bool(self.cleaned_data[f"c-{item.key}"]) for item in self.items}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("outcome") in {RETURN, INELIGIBLE} and not cleaned.get("words"):
            self.add_error("words", _("Write this: the organisation reads exactly these words."))
        return cleaned


class JudgementForm(forms.Form):
    """The second officer's word."""

    outcome = forms.ChoiceField(
        label=_("Your decision"),
        choices=[
            (CONFIRM, _("Not eligible: I agree")),
            (OVERTURN, _("Eligible: I do not agree")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = LongTextField(
        max_length=3000, required=False, rows=4, label=_("Reason"), help_text=_("Needed when you do not agree.")
    )
