"""The form of what a slip shows of a payment in another currency."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from disbursements import conversions
from disbursements.models import Payment
from kernel.fields import AmountField, NumberField
from kernel.money import Money
from ledger.forms import CURRENCIES, PoundForm
from ledger.rates import mixed_up
from ledger.selectors import rate_before

_MOST = 10**15


class ConversionForm(PoundForm):
    """What came out of the payment; a rate about a hundredfold of the bulletin or the contract must be confirmed."""

    currency = forms.ChoiceField(label=_("Paid out in"))
    contract_units = NumberField(
        label=_("Rate of the contract"), help_text=_("Units of it for one unit of the payment's currency, as promised.")
    )
    paid_out_minor = AmountField(min_minor=1, max_minor=_MOST, label=_("Paid out to the organisation, as on the slip"))
    charged_minor = AmountField(
        min_minor=1, max_minor=_MOST, label=_("Charged to the fund for it"),
        help_text=_("In the payment's currency, without commission. More than the payment is a loss of exchange, less a gain."),
    )  # fmt: skip
    sure = forms.BooleanField(label=_("The number is right although it jumped"), required=False)
    field_order = ("currency", "series", "contract_units", "paid_out_minor", "charged_minor", "sure")

    def __init__(self, *args: Any, payment: Payment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment, self.day = payment, payment.sent_on or timezone.localdate()
        others = [*CURRENCIES, ("USD", "USD")]
        self.fields["currency"].choices = [one for one in others if one[0] != payment.currency]  # type: ignore[attr-defined]
        self.fields["charged_minor"].initial = payment.amount_minor

    def clean_contract_units(self) -> Any:
        units = self.cleaned_data["contract_units"]
        if not units:
            raise forms.ValidationError(_("A rate is above zero."), code="zero")
        return units

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["day"] = self.day
        self.check_series(cleaned, "day")
        if not self.errors and not cleaned["sure"]:
            self._check_jump(cleaned)
        return cleaned

    def _check_jump(self, cleaned: dict[str, Any]) -> None:
        rate = conversions.realised(
            Money(cleaned["paid_out_minor"], cleaned["currency"]),
            Money(cleaned["charged_minor"], self.payment.currency),
        )
        known = rate_before(self.payment.currency, cleaned["currency"], cleaned["series"], self.day)
        for name, units in (("paid_out_minor", rate), ("contract_units", cleaned["contract_units"])):
            if known is not None and mixed_up(units, known.units):
                said = _(
                    "The bulletin says %(before)s, this makes %(now)s: about a hundred times as much or as little. Old or new pounds?"
                )
                self.add_error(
                    name, forms.ValidationError(said, params={"before": known, "now": f"{units.normalize():f}"})
                )

    def values(self) -> dict[str, Any]:
        """What is recorded."""
        return {name: self.cleaned_data[name] for name in self.field_order if name != "sure"}
