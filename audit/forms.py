"""Forms of the log's own pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import erasure, notes
from audit.selectors import entry
from audit.states import ErasureGround, WitnessGroup
from kernel.fields import LongTextField, ShortTextField

REASON_LENGTH = 300


class WhyForm(forms.Form):
    """An act with its reason, which is recorded."""

    reason = LongTextField(label=_("Reason"), max_length=REASON_LENGTH, help_text=_("It is recorded. Name no person."))


class WitnessForm(forms.Form):
    """A donor's or a network's witness."""

    name = ShortTextField(label=_("Name"), max_length=120, help_text=_("As people know the donor or the network."))
    group = forms.ChoiceField(label=_("Witness of"), choices=WitnessGroup.choices, widget=forms.RadioSelect)
    verifier_key = forms.CharField(
        label=_("Verifier key"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "data-ltr": ""}),
        help_text=_("The line that “fund_witness.py new” printed. Compare it by telephone."),
    )
    url = forms.URLField(
        label=_("Address"),
        required=False,
        assume_scheme="https",
        help_text=_("Where its server answers. Empty for one that works from a scheduler or with a memory stick."),
    )


class HandInForm(forms.Form):
    """What a witness signed offline."""

    file = forms.FileField(label=_("Cosigned checkpoint"), help_text=_("The file that “fund_witness.py sign” wrote."))

    def clean_file(self) -> str:
        """The text of the file."""
        given = self.cleaned_data["file"]
        if given.size > notes.MOST_BYTES:
            raise forms.ValidationError(_("This file is too large for a checkpoint."))
        try:
            text: str = given.read().decode()
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This file is no text. Choose the one that the witness wrote.")) from None
        return text


class KeyErasureForm(WhyForm):
    """Why all that is sealed about a subject is destroyed."""

    ground = forms.ChoiceField(label=_("Because"), choices=ErasureGround.choices, widget=forms.RadioSelect)
    field_order = ("ground", "reason")


class ErasureForm(WhyForm):
    """Which records about a person are destroyed, and why."""

    ground = forms.ChoiceField(label=_("Because"), choices=ErasureGround.choices, widget=forms.RadioSelect)
    records = forms.MultipleChoiceField(label=_("Records"), widget=forms.CheckboxSelectMultiple)
    field_order = ("records", "ground", "reason")

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = {str(event.leaf_id): event for event in erasure.records_about(person)}
        records: Any = self.fields["records"]
        records.choices = [(pk, f"{event.at:%Y-%m-%d} · {entry(event).sentence}") for pk, event in self.events.items()]

    def leaves(self) -> list[Any]:
        """The leaves of the chosen records."""
        return [self.events[pk].leaf for pk in self.cleaned_data["records"]]
