"""The search for places."""
# public: the search for places is open to everybody

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.places import Governorate


class PlaceForm(forms.Form):
    """What is looked for, and where; both stand in the address."""

    text = forms.CharField(required=False, max_length=80, label=_("Name or code"))
    governorate = forms.ChoiceField(
        required=False, label=_("Governorate"), choices=[("", _("All")), *Governorate.choices]
    )

    def asked(self) -> tuple[str, str]:
        """What was asked; a value that is no choice narrows nothing."""
        self.is_valid()
        return self.cleaned_data.get("text", ""), self.cleaned_data.get("governorate", "")
