"""Consent to the public register, and what a visitor narrows it to."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.fields import ShortTextField
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.selectors.listing import Asked, sizes


class ListingForm(forms.Form):
    """With what the organisation stands in the register, and its consent."""

    sectors = forms.MultipleChoiceField(
        label=_("Sectors of work"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple
    )
    tells_leadership = forms.BooleanField(
        label=_("Also tell who leads it (women, young people, displaced people, persons with disabilities)"),
        required=False,
    )
    consent = forms.BooleanField(
        label=_("We consent: everybody may read this. We may leave the register at any time, at once."),
        error_messages={"required": _("Without your consent nothing is told.")},
    )


class RegisterFilterForm(forms.Form):
    """What a visitor looks for; it stands in the address."""

    words = ShortTextField(label=_("Name"), required=False, max_length=100)
    governorate = forms.ChoiceField(
        label=_("Governorate"), required=False, choices=[("", _("All")), *Governorate.choices]
    )
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("All")), *Sector.choices])
    size = forms.ChoiceField(label=_("Size"), required=False)
    led = forms.ChoiceField(
        label=_("Led by"),
        required=False,
        choices=[
            ("", _("All")),
            ("women_led", _("women")),
            ("youth_led", _("young people")),
            ("displaced_led", _("displaced people or returnees")),
            ("disability_led", _("persons with disabilities")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ar"
        size: Any = self.fields["size"]
        size.choices = [("", _("All")), *((band.key, band.name.in_language(language)) for band in sizes().size_bands)]

    def asked(self) -> Asked:
        """What is asked for; what cannot be read filters nothing."""
        self.is_valid()
        return Asked(**{name: self.cleaned_data.get(name, "") for name in self.fields})
