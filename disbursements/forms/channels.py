"""Forms of the register of providers, and of the way that a payment goes."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.forms.runs import CURRENCIES, LatinField
from disbursements.models import PaymentProvider
from disbursements.states import Channel, Screening
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.money import Money, format_money
from kernel.places import Governorate

_HIGHEST = 10**12


class ProviderForm(forms.Form):
    """An entry of the register, as licence and contract say."""

    channel = forms.ChoiceField(
        label=_("Channel"), widget=forms.RadioSelect,
        choices=[(one.value, one.label) for one in Channel if one is not Channel.BANK],
    )  # fmt: skip
    name = LatinField(max_length=140, label=_("Name in Latin letters"))
    name_ar = ShortTextField(max_length=140, label=_("Name in Arabic"))
    licence_number = ShortTextField(max_length=60, label=_("Number of the licence"))
    licensed_by = ShortTextField(max_length=140, label=_("Licensed by"))
    licence_until = DayField(label=_("Licence valid until"))
    governorates = forms.MultipleChoiceField(
        label=_("Works in"), choices=Governorate.choices, widget=forms.CheckboxSelectMultiple
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES])
    most_payment_minor = AmountField(min_minor=1, max_minor=_HIGHEST, label=_("Largest payment"))
    most_open_minor = AmountField(
        min_minor=1, max_minor=_HIGHEST, label=_("Most on its way at once"),
        help_text=_("How much of the fund's money it may hold before earlier payments have arrived."),
    )  # fmt: skip
    commission_basis_points = WholeNumberField(
        max_value=10_000, label=_("Commission, in hundredths of a percent"), help_text=_("150 means 1.5 %.")
    )
    commission_fixed_minor = AmountField(max_minor=_HIGHEST, label=_("Fixed commission of a payment"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        one, at_once = data.get("most_payment_minor"), data.get("most_open_minor")
        if one is not None and at_once is not None and at_once < one:
            self.add_error("most_open_minor", _("This cannot be less than the largest payment."))
        return data


class ScreeningForm(forms.Form):
    """One look at the lists of sanctions."""

    outcome = forms.ChoiceField(label=_("What was found"), choices=Screening.choices, widget=forms.RadioSelect)
    lists = ShortTextField(
        max_length=200, label=_("Which lists, of which day"), help_text=_("For example: UN, EU, UK and OFAC of today.")
    )
    note = LongTextField(
        max_length=300,
        required=False,
        rows=2,
        label=_("Note"),
        help_text=_("Owners and other names that were searched."),
    )


class PrepareForm(forms.Form):
    """Which way the payment goes."""

    provider = forms.ChoiceField(label=_("Which way?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, providers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one in providers}
        field: Any = self.fields["provider"]
        field.choices = [("", Channel.BANK.label), *((pk, _said(one)) for pk, one in self.offered.items())]
        field.initial = ""

    def clean_provider(self) -> PaymentProvider | None:
        return self.offered.get(self.cleaned_data["provider"])


def _said(provider: PaymentProvider) -> str:
    most = format_money(Money(provider.most_payment_minor, provider.currency), (get_language() or "en")[:2])
    # In words: a sign of comparison is mirrored where text runs from right to left.
    limit = _("up to %(most)s for a payment") % {"most": most}
    return f"{provider} · {provider.get_channel_display()} · {limit}"
