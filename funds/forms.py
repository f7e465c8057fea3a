"""Forms of donors, pledges and contributions."""

from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.strings import LazyI18nString

from accounts.models import User
from accounts.selectors import person_with_address
from charter.schema import GivingRules
from charter.selectors import find_charter_in_force
from funds import selectors
from funds.models import Contribution, Donor, Gift, Pledge, Waqf
from funds.rules import WAQF
from funds.selectors import waqfs
from funds.states import ContributionState, DonorKind, GiftState, Group, MandateRole, Purpose, RestrictionClass
from funds.stripe_api import CURRENCIES as CARD_CURRENCIES
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.places import Governorate
from kernel.sectors import Sector
from kernel.uploads import UploadField
from ledger.forms import PoundForm
from ledger.rates import POUND, in_new_pounds, mixed_up

CURRENCIES: Final = [("USD", "USD"), ("EUR", "EUR"), ("SYP", "SYP"), ("TRY", "TRY")]
CONDITIONS: Final = {
    RestrictionClass.SECTOR: "sectors",
    RestrictionClass.AREA: "governorates",
    RestrictionClass.GROUP: "groups",
    RestrictionClass.TIME: "use_by",
}
"""The condition after which a class is named."""


class DonorForm(forms.Form):
    """Who gives; the Arabic name is needed, the others follow it."""

    name_ar = ShortTextField(label=_("Name in Arabic"))
    name_en = ShortTextField(label=_("Name in English"), required=False)
    name_ku = ShortTextField(label=_("Name in Kurmanji"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=DonorKind.choices)
    withhold_name = forms.BooleanField(
        label=_("Keep the name unpublished"), required=False, help_text=_("Sums are published all the same.")
    )

    @classmethod
    def of(cls, donor: Donor) -> dict[str, Any]:
        """The values to edit."""
        names = donor.name.data if isinstance(donor.name.data, dict) else {"ar": str(donor.name)}
        return {
            **{f"name_{language}": names.get(language, "") for language in ("ar", "en", "ku")},
            "kind": donor.kind,
            "withhold_name": donor.withhold_name,
        }

    def values(self) -> dict[str, Any]:
        """The donor's fields."""
        names = {language: self.cleaned_data[f"name_{language}"] for language in ("ar", "en", "ku")}
        return {
            "name": LazyI18nString({language: name for language, name in names.items() if name}),
            "kind": self.cleaned_data["kind"],
            "withhold_name": self.cleaned_data["withhold_name"],
        }


class RepresentativeForm(forms.Form):
    """A person who has an account, and since when they represent the donor."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("The person signs up first."))
    role = forms.ChoiceField(label=_("Role"), choices=MandateRole.choices, initial=MandateRole.LEAD)
    starts_on = DayField(label=_("From"), initial=timezone.localdate)

    def clean_email(self) -> User:
        person = person_with_address(self.cleaned_data["email"])
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address yet."), code="unknown")
        return person


class TermsForm(PoundForm):
    """An amount and the donor's conditions; old pounds are converted, for the books hold new ones only.

    ``day`` is the field of the day for which the series is judged.
    """

    day = ""

    amount_minor = AmountField(label=_("Amount"), min_minor=1)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    restriction_class = forms.ChoiceField(
        label=_("Restriction"), choices=RestrictionClass.choices, initial=RestrictionClass.UNRESTRICTED
    )
    sectors = forms.MultipleChoiceField(
        label=_("Only these sectors"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    governorates = forms.MultipleChoiceField(
        label=_("Only these governorates"),
        choices=Governorate.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    groups = forms.MultipleChoiceField(
        label=_("Only organisations"), choices=Group.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    use_by = DayField(label=_("To be used by"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        condition = CONDITIONS.get(cleaned.get("restriction_class", ""))
        if condition and not cleaned.get(condition) and condition not in self.errors:
            self.add_error(condition, _("This restriction needs its condition: say which."))
        self.check_series(cleaned, self.day)
        self._convert(cleaned, cleaned.pop("series", ""))
        return cleaned

    def _convert(self, cleaned: dict[str, Any], series: str) -> None:
        if "amount_minor" in cleaned and "series" not in self.errors:
            try:
                cleaned["amount_minor"] = in_new_pounds(cleaned["amount_minor"], series)
            except ValueError:
                self.add_error("amount_minor", _("Old pounds are converted in whole pounds: a hundred become one."))


class PledgeForm(TermsForm):
    """A promise of money."""

    expected_on = DayField(label=_("Expected on"))
    day = "expected_on"
    field_order = ("amount_minor", "currency", "series", "expected_on")


class ContributionForm(TermsForm):
    """Money that arrived at the bank."""

    donor = forms.ModelChoiceField(label=_("Donor"), queryset=Donor.objects.none())
    pledge = forms.ModelChoiceField(
        label=_("Pledge"), queryset=Pledge.objects.none(), required=False, help_text=_("When it is part of one.")
    )
    waqf = forms.ModelChoiceField(
        label=_("Waqf"),
        queryset=Waqf.objects.none(),
        required=False,
        help_text=_("When it is the capital or the yield of one. What the yield may serve is taken from the deed."),
    )
    received_on = DayField(label=_("Received on"))
    bank_reference = ShortTextField(label=_("Bank reference"), max_length=80, help_text=_("As in the bank statement."))
    day = "received_on"
    field_order = ("donor", "pledge", "waqf", "amount_minor", "currency", "series", "received_on", "bank_reference")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        donor, pledge, waqf, received = (self.fields[name] for name in ("donor", "pledge", "waqf", "received_on"))
        donor.queryset = selectors.donors_visible_to(user)  # type: ignore[attr-defined]
        pledge.queryset = selectors.open_pledges()  # type: ignore[attr-defined]
        waqf.queryset = waqfs.waqfs_visible_to(user)  # type: ignore[attr-defined]
        received.latest = timezone.localdate()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_waqf_of_another(self, cleaned)
        waqf, given = cleaned.get("waqf"), cleaned.get("restriction_class")
        if waqf is not None and given and given not in WAQF:
            self.add_error(
                "restriction_class", _("A waqf gives “waqf yield” or “waqf or endowment capital”: choose one.")
            )
        return cleaned


class ConfirmForm(forms.Form):
    """The second person types the amount of the bank statement; nothing is shown to copy it from."""

    amount_minor = AmountField(label=_("Amount in the bank statement"), min_minor=1)

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contribution = contribution

    def clean_amount_minor(self) -> int:
        amount: int = self.cleaned_data["amount_minor"]
        if self.contribution.currency == POUND and mixed_up(amount, self.contribution.amount_minor):
            raise forms.ValidationError(
                _(
                    "This is about a hundred times as much or as little as was recorded. Old or new pounds? Type new ones."
                ),
                code="series",
            )
        if amount != self.contribution.amount_minor:
            raise forms.ValidationError(
                _(
                    "This is not the amount that was recorded. Compare the statement; if the record is wrong, do not confirm it."
                ),
                code="differs",
            )
        return amount


class ReasonForm(forms.Form):
    """Why."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class EmptyForm(forms.Form):
    """A button that asks for nothing."""


class SignForm(forms.Form):
    """When the agreement was signed."""

    signed_on = DayField(label=_("Signed on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signed: Any = self.fields["signed_on"]
        signed.latest = timezone.localdate()


class SignPledgeForm(SignForm):
    """When the agreement was signed, and its last day."""

    valid_until = DayField(
        label=_("Valid until"), required=False, help_text=_("What has not arrived on this day expires the day after.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        signed, last = cleaned.get("signed_on"), cleaned.get("valid_until")
        if signed and last and last <= signed:
            self.add_error("valid_until", _("An agreement lasts longer than the day of its signature."))
        return cleaned


class InvoiceForm(forms.Form):
    """The invoice by which the donor was asked for the money."""

    number = ShortTextField(label=_("Number of the invoice"), max_length=80)
    due_on = DayField(label=_("Due on"))


class DocumentForm(forms.Form):
    """A document of the agreement."""

    title = ShortTextField(label=_("What it is"), max_length=200)
    file = UploadField(label=_("Document"))


class EstimateForm(forms.Form):
    """How likely a pledge arrives, and why."""

    percent = WholeNumberField(label=_("Likelihood in percent"), max_value=100)
    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class WhyForm(forms.Form):
    """Why a promise is given up."""

    why = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class ReturnForm(WhyForm):
    """How much goes back to the donor, and why."""

    amount_minor = AmountField(label=_("Amount to give back"), min_minor=1)
    field_order = ("amount_minor", "why")

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount: Any = self.fields["amount_minor"]
        amount.currency = contribution.currency


class ReturnPaidForm(forms.Form):
    """What the bank's statement says of the return."""

    paid_on = DayField(label=_("Paid on"))
    bank_reference = ShortTextField(label=_("Bank reference"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        paid: Any = self.fields["paid_on"]
        paid.latest = timezone.localdate()


class ContributionFilterForm(forms.Form):
    """Filters of the list, kept in the URL."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ContributionState.choices])
    restriction_class = forms.ChoiceField(
        label=_("Restriction"), required=False, choices=[("", _("All")), *RestrictionClass.choices]
    )

    def filters(self) -> dict[str, str]:
        """What is asked for; what cannot be read filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


# Gifts by card -----------------------------------------------------------------------------------------------------


class GiveForm(forms.Form):
    """What a giver wants to give, and nothing that is not needed: a name and an address only for the receipt."""

    amount_minor = AmountField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CARD_CURRENCIES])
    purpose = forms.ChoiceField(
        label=_("What your gift is for"), choices=Purpose.choices, initial=Purpose.GENERAL, widget=forms.RadioSelect
    )
    name = ShortTextField(
        label=_("Your name"), required=False, help_text=_("Stands on the receipt and is shown nowhere else.")
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("For the receipt. Without it, keep the link that follows."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version, amount = find_charter_in_force(), self.fields["amount_minor"]
        limits = version.rules.giving if version is not None else GivingRules()
        amount.min_minor, amount.max_minor = limits.least_minor, limits.most_minor  # type: ignore[attr-defined]
        if self.is_bound and self.data.get("currency") in CARD_CURRENCIES:
            amount.currency = self.data["currency"]  # type: ignore[attr-defined]


class GiftFilterForm(forms.Form):
    """Filters of the list of gifts, kept in the URL."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *GiftState.choices])
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=[("", _("All")), *Purpose.choices])

    def filters(self) -> dict[str, str]:
        """What is asked for; what cannot be read filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class RefundForm(forms.Form):
    """How much of a gift goes back, and why."""

    amount_minor = AmountField(label=_("Amount to give back"), min_minor=1)
    why = LongTextField(label=_("Reason"), max_length=1000, rows=3)

    def __init__(self, *args: Any, gift: Gift, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount: Any = self.fields["amount_minor"]
        amount.currency, amount.initial = gift.currency, gift.received_minor


class PayoutForm(forms.Form):
    """The amount of the bank's statement is typed; nothing is shown to copy it from."""

    amount_minor = AmountField(label=_("Amount in the bank statement"), min_minor=1)
    arrived_on = DayField(label=_("Arrived on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arrived: Any = self.fields["arrived_on"]
        arrived.latest = timezone.localdate()


class GatherForm(forms.Form):
    """Under which donor the gifts of a pool stand as a contribution; gifts for a waqf also say for which."""

    donor = forms.ModelChoiceField(label=_("Donor"), queryset=Donor.objects.none())
    waqf = forms.ModelChoiceField(
        label=_("Waqf"), queryset=Waqf.objects.none(), help_text=_("Whose capital these gifts become.")
    )

    def __init__(self, *args: Any, user: Any, restriction_class: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        donor: Any = self.fields["donor"]
        donor.queryset = selectors.donors_visible_to(user)
        found, waqf = waqfs.waqfs_visible_to(user), self.fields["waqf"]
        if restriction_class in WAQF and found.exists():
            waqf.queryset = found  # type: ignore[attr-defined]
        else:
            del self.fields["waqf"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuse_waqf_of_another(self, cleaned)
        return cleaned


def refuse_waqf_of_another(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """Say beside the field that the chosen waqf is not the chosen donor's."""
    waqf, donor = cleaned.get("waqf"), cleaned.get("donor")
    if waqf is not None and donor is not None and waqf.donor_id != donor.pk:
        form.add_error("waqf", _("This waqf is another donor's: choose one of the donor above."))
