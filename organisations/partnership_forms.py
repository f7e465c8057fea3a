"""Forms of links between organisations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ReasonField
from kernel.fields import DayField, ShortTextField
from organisations import selectors
from organisations.models import Organisation
from organisations.states import PartnershipKind


class PartnershipForm(forms.Form):
    """Who is linked to the organisation, how, since when, and what shows it."""

    partner = ShortTextField(
        label=_("Other organisation"),
        help_text=_("Its name as it is registered with the fund, in Arabic or Latin letters."),
    )
    kind = forms.ChoiceField(
        label=_("What it is to this organisation"), choices=PartnershipKind.choices, widget=forms.RadioSelect
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave it empty while it lasts."))
    basis = ShortTextField(
        label=_("What shows it"),
        max_length=300,
        help_text=_("For example: cooperation agreement of 3/2/2024, grant GRA-2024-…."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_partner(self) -> Organisation:
        """The one organisation of this name."""
        name: str = self.cleaned_data["partner"]
        found = selectors.look_alikes(name, name, besides=self.organisation)
        if len(found) != 1:
            raise ValidationError(_("No other organisation is registered under this name."), code="unknown")
        return found[0]

    def clean_starts_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["starts_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Record the link when it has begun."), code="future")
        return day


class EndPartnershipForm(forms.Form):
    """Why a link ends."""

    reason = ReasonField(label=_("Reason"))
