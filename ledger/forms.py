"""Filters of the books, kept in the URL."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.fields import DayField, ShortTextField
from ledger.models import TransferKind


class TransferFilterForm(forms.Form):
    """Which transfers are shown."""

    account = ShortTextField(
        label=_("Account"), required=False, max_length=80, help_text=_("The beginning of its code, for example 3020.")
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *TransferKind.choices])
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def filters(self) -> dict[str, Any]:
        """What is asked for; what cannot be read filters nothing, and says so beside its field."""
        self.is_valid()
        return {
            name: self.cleaned_data.get(name) or ("" if name in {"account", "kind"} else None) for name in self.fields
        }
