"""Forms of the fund's accounts and of the files for the bank."""

import re
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from disbursements.iso20022.latin import is_bank_text
from disbursements.models import FundAccount, Payment
from disbursements.states import BankCharges, OrderVersion
from kernel.fields import DayField, ShortTextField, ShownField
from kernel.money import Money, format_money
from organisations.banking import is_bic

CURRENCIES: Final = ("USD", "EUR")
_FARTHEST: Final = timedelta(days=60)


class LatinField(ShortTextField):
    """One line that banks abroad can carry."""

    def _cleaned(self, text: str) -> str:
        line = super()._cleaned(text)
        if line and not is_bank_text(line):
            raise ValidationError(_("Write this in Latin letters: banks carry no others."), code="latin")
        return line


class FundAccountForm(forms.Form):
    """An account of the fund, as its bank's letter shows it."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[(one, one) for one in CURRENCIES])
    holder = LatinField(max_length=140, label=_("Account holder, in Latin letters"))
    number = ShortTextField(max_length=40, label=_("IBAN or account number"))
    bank = LatinField(max_length=140, label=_("Bank, in Latin letters"))
    bic = ShortTextField(max_length=11, label=_("BIC of the bank"), help_text=_("Eight or eleven letters and digits."))
    town = LatinField(max_length=35, label=_("Town of the account holder, in Latin letters"))
    country = ShortTextField(
        max_length=2, label=_("Country of the account holder"), help_text=_("Two letters, for example SY or DE.")
    )

    def clean_bic(self) -> str:
        bic = self.cleaned_data["bic"].upper().replace(" ", "")
        if not is_bic(bic):
            raise ValidationError(_("This is not a BIC. Compare it with the bank's letter."), code="bic")
        return str(bic)

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].upper()
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise ValidationError(_("Write the two letters of the country, for example SY."), code="country")
        return str(country)


def _said(payment: Payment) -> str:
    amount = format_money(Money(payment.amount_minor, payment.currency), (get_language() or "en")[:2])
    return f"{payment.tranche.grant.organisation} · {amount} · {payment.key}"


class RunForm(forms.Form):
    """Which payments go into one file, out of which account, on which day."""

    account: Any = forms.ModelChoiceField(
        FundAccount.objects.none(), label=_("Out of the account"), empty_label=None, widget=forms.RadioSelect
    )
    execute_on = DayField(label=_("To be executed on"))
    version = forms.ChoiceField(
        label=_("Format of the file"), choices=OrderVersion.choices, help_text=_("As your bank asks for it.")
    )
    charges = forms.ChoiceField(
        label=_("Charges of the banks"), choices=BankCharges.choices, widget=forms.RadioSelect, initial=BankCharges.FUND
    )
    payments: Any = forms.ModelMultipleChoiceField(
        Payment.objects.none(), label=_("Payments"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, accounts: list[FundAccount], payments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["account"]
        chosen.queryset = FundAccount.objects.filter(pk__in=[one.pk for one in accounts])
        if accounts:
            chosen.initial = accounts[0]
        found: Any = self.fields["payments"]
        found.queryset, found.label_from_instance = payments, _said
        day: Any = self.fields["execute_on"]
        today = timezone.localdate()
        day.initial, day.earliest, day.latest = today, today, today + _FARTHEST


class RunReleaseForm(forms.Form):
    """The approval of exactly the file that was shown."""

    file_sha256 = ShownField()
