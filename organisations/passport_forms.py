"""Forms of the passport: one for who gives an item, one for who judges it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charter.schema import PassportItemRules
from kernel.fields import DayField, LongTextField
from kernel.uploads import UploadField
from organisations.models import PASSPORT_TEXT_LENGTH


class PassportItemForm(forms.Form):
    """What the charter asks for an item: words, a document, the day on which it ends."""

    def __init__(self, *args: Any, asked: PassportItemRules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if asked.text:
            self.fields["text"] = LongTextField(
                label=_("What is asked for"), max_length=PASSPORT_TEXT_LENGTH, required=not asked.document, rows=8
            )
        if asked.document:
            self.fields["file"] = UploadField(label=_("Document"), required=not asked.text)
        if asked.dated:
            self.fields["valid_until"] = DayField(
                label=_("Valid until"), required=False, help_text=_("Leave empty if the document has no end.")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        both = self.asked.text and self.asked.document
        if both and not self.errors and not cleaned.get("text") and not cleaned.get("file"):
            self.add_error("text", _("Write what is asked for, or add the document."))
        until = cleaned.get("valid_until")
        if until and until < timezone.localdate():
            self.add_error("valid_until", _("This document has ended already: add a valid one."))
        return cleaned


class JudgeItemForm(forms.Form):
    """Accepted, returned or waived; the last two with words."""

    ACCEPT, RETURN, WAIVE = "accept", "return", "waive"

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = LongTextField(
        label=_("To the organisation"),
        required=False,
        max_length=2000,
        rows=4,
        help_text=_("Needed when the item is returned or waived; it stands in the record. Name no person."),
    )
    answer = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, given: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given_choices = [(self.ACCEPT, _("Accept")), (self.RETURN, _("Return"))] if given else []
        decision: Any = self.fields["decision"]
        decision.choices = [*given_choices, (self.WAIVE, _("Waive: the fund does without it"))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") in {self.RETURN, self.WAIVE} and not cleaned.get("reason"):
            self.add_error("reason", _("Write why: the organisation reads this."))
        return cleaned
