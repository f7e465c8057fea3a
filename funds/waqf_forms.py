"""Forms of waqfs: the deed, with what its founder wants done with the yield."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from funds.states import Group
from kernel.fields import DayField, LongTextField, ShortTextField
from kernel.places import Governorate
from kernel.sectors import Sector
from kernel.uploads import UploadField


class DeedForm(forms.Form):
    """A deed as it is written, and what of it the fund can hold grants against."""

    founder = ShortTextField(label=_("Founder"), max_length=200)
    deeded_on = DayField(label=_("Date of the deed"))
    conditions = LongTextField(
        label=_("Conditions of the founder"), max_length=4000, rows=6, help_text=_("In the words of the deed.")
    )
    nazir = ShortTextField(label=_("Nazir"), max_length=200, help_text=_("Who looks after the waqf and its yield."))
    sectors = forms.MultipleChoiceField(
        label=_("The yield serves only these sectors"), choices=Sector.choices,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    governorates = forms.MultipleChoiceField(
        label=_("The yield serves only these governorates"), choices=Governorate.choices,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    groups = forms.MultipleChoiceField(
        label=_("The yield goes only to organisations"), choices=Group.choices,
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    file = UploadField(label=_("The deed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deeded: Any = self.fields["deeded_on"]
        deeded.latest = timezone.localdate()


class WaqfForm(DeedForm):
    """A waqf with its first deed."""

    name = ShortTextField(label=_("Name of the waqf"), max_length=200)
    field_order = ("name",)
