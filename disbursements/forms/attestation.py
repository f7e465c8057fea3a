"""What the attestation of a payment cites."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from disbursements.states import Exemption
from kernel.fields import LongTextField


class AttestationForm(forms.Form):
    """The exemption, and the licence where there is one."""

    exemption = forms.ChoiceField(label=_("Exemption"), choices=Exemption.choices, widget=forms.RadioSelect)
    citation = LongTextField(
        label=_("Licence or exemption in full"),
        max_length=600,
        rows=3,
        required=False,
        help_text=_("Authority, number and day."),
    )
    language = forms.ChoiceField(
        label=_("Language of the paper"), choices=[("en", "English"), ("ar", "العربية")], initial="en"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("exemption") == Exemption.LICENCE and not cleaned.get("citation"):
            self.add_error("citation", _("Say which licence or exemption it is."))
        return cleaned

    def cited(self) -> dict[str, str]:
        """What stands in the record."""
        return {name: self.cleaned_data[name] for name in ("exemption", "citation")}
