"""Forms of organisations; each section of the profile is one short page."""

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import LanguageField, NameField, ReasonField
from accounts.names import MixedScriptsError, clean_name
from audit.sealed import opened_or
from kernel.fields import AmountField, DayField, LongTextField, ShortTextField, WholeNumberField
from kernel.places import Governorate
from kernel.uploads import UploadField
from organisations import selectors
from organisations.models import Organisation
from organisations.services.bank import check_number
from organisations.states import (
    CheckItem,
    Declaration,
    OrganisationState,
    OrganisationType,
    PersonRole,
    ProofKind,
    RegistrationState,
    Tier,
    VerificationChannel,
)

_ARABIC: Final = re.compile("[\u0620-\u064a]")
_LATIN: Final = re.compile("[A-Za-z]")
EARLIEST_YEAR: Final = 1850
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()\-]{5,28}")


def _choices(choices: type[Any], *, blank: Any = None) -> list[tuple[str, Any]]:
    return ([("", blank)] if blank is not None else []) + list(choices.choices)


class ProfileForm(forms.Form):
    """A part of the profile of ``organisation`` (None while it is being registered); locked fields cannot be typed into."""

    title: Any = ""

    def __init__(
        self, *args: Any, organisation: Organisation | None = None, locked: Iterable[str] = (), **kwargs: Any
    ) -> None:
        self.organisation = organisation
        if organisation is not None:
            kwargs["initial"] = {
                name: opened_or(organisation, name, "") for name in self.base_fields if hasattr(Organisation, name)
            } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in set(locked) & set(self.fields):
            self.fields[name].disabled = True
            self.fields[name].help_text = _(
                "The fund has checked this with your papers. It changes when the secretariat opens it again: write to it."
            )


class IdentityForm(ProfileForm):
    """Names, type and year."""

    title = _("Name and type")
    name_ar = ShortTextField(
        label=_("Name in Arabic"), help_text=_("As in your papers, for example: جمعية الأمل للتنمية.")
    )
    name_latin = ShortTextField(
        label=_("Name in Latin letters"), help_text=_("As banks write it, for example: Al-Amal Association.")
    )
    type = forms.ChoiceField(label=_("Type"), choices=lambda: _choices(OrganisationType, blank=_("Choose")))
    founded_year = WholeNumberField(label=_("Founded in the year"), help_text=_("For example: 2014."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year: Any = self.fields["founded_year"]
        year.min_value, year.max_value = EARLIEST_YEAR, timezone.localdate().year

    def clean_name_ar(self) -> str:
        name: str = self.cleaned_data["name_ar"]
        if not _ARABIC.search(name):
            raise ValidationError(_("Write this name in Arabic letters."), code="script")
        return name

    def clean_name_latin(self) -> str:
        try:
            name = clean_name(self.cleaned_data["name_latin"])
        except MixedScriptsError as error:
            message = _("This name mixes letters of two alphabets that look alike. Type it again with one keyboard.")
            raise ValidationError(message, code="mixed_scripts") from error
        if not _LATIN.search(name):
            raise ValidationError(_("Write this name in Latin letters."), code="script")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("name_ar"):
            alike = selectors.look_alikes(cleaned["name_ar"], "", besides=self.organisation)
            if alike:
                self.add_error(
                    "name_ar",
                    ValidationError(
                        _("“%(name)s” is registered already. Ask its signatory to invite you, or write the full name."),
                        code="taken",
                        params={"name": alike[0].name_ar},
                    ),
                )
        return cleaned


class RegistrationForm(ProfileForm):
    """What proves the organisation's existence; registration is no precondition."""

    title = _("Registration")
    registration_state = forms.ChoiceField(
        label=_("Registration"), choices=RegistrationState.choices, widget=forms.RadioSelect
    )
    registration_number = ShortTextField(label=_("Registration number"), max_length=60, required=False)
    registration_valid_until = DayField(label=_("Valid until"), required=False)
    fiscal_host = forms.ModelChoiceField(
        label=_("Fiscal host"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("An eligible organisation that receives and accounts for money on your behalf."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        host: Any = self.fields["fiscal_host"]
        host.queryset = selectors.possible_hosts(self.organisation)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        registered = {
            RegistrationState.MOSAL, RegistrationState.MOSAL_PROVISIONAL, RegistrationState.NES, RegistrationState.ABROAD,
        }  # fmt: skip
        if cleaned.get("registration_state") in registered and not cleaned.get("registration_number"):
            self.add_error("registration_number", _("Write the number that stands on the certificate or licence."))
        return cleaned


class WorkForm(ProfileForm):
    """Where it works, how large it is, who leads it."""

    title = _("Work and leadership")
    governorates = forms.MultipleChoiceField(
        label=_("Governorates of work"), choices=Governorate.choices, widget=forms.CheckboxSelectMultiple
    )
    last_year_expenditure_minor = AmountField(
        label=_("Last year's expenditure (USD)"),
        help_text=_("All that you spent last year, in dollars. Write 0 if nothing."),
    )
    women_led = forms.BooleanField(label=_("Led by women"), required=False)
    youth_led = forms.BooleanField(label=_("Led by young people"), required=False)
    displaced_led = forms.BooleanField(label=_("Led by displaced people or returnees"), required=False)
    disability_led = forms.BooleanField(label=_("Organisation of persons with disabilities"), required=False)


class ContactForm(ProfileForm):
    """How to reach it, and who it is in its own words."""

    title = _("Contact and who you are")
    email = forms.EmailField(label=_("E-mail address"))
    phone = ShortTextField(
        label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    about = LongTextField(
        label=_("Who you are"), max_length=2000, required=False, help_text=_("What you do, for whom, since when.")
    )

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])


def _phone(text: str) -> str:
    from kernel.numerals import western_digits

    phone = western_digits(text)
    if not PHONE.fullmatch(phone):
        raise ValidationError(_("Write the number with its country code, for example: +963 11 123 4567."), code="phone")
    return phone


SECTIONS: Final[dict[str, type[ProfileForm]]] = {
    "identity": IdentityForm,
    "registration": RegistrationForm,
    "work": WorkForm,
    "contact": ContactForm,
}


class RegisterForm(IdentityForm):
    """The least that makes an organisation known; the rest follows section by section."""

    registration_state = forms.ChoiceField(
        label=_("Registration"), choices=lambda: _choices(RegistrationState, blank=_("Choose"))
    )
    governorates = forms.MultipleChoiceField(
        label=_("Governorates of work"), choices=Governorate.choices, widget=forms.CheckboxSelectMultiple
    )
    last_year_expenditure_minor = AmountField(
        label=_("Last year's expenditure (USD)"),
        help_text=_("All that you spent last year, in dollars. Write 0 if nothing."),
    )
    email = forms.EmailField(label=_("E-mail address"))
    phone = ShortTextField(
        label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])


class InviteForm(forms.Form):
    """A person to be invited."""

    full_name = NameField()
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=PersonRole.choices, widget=forms.RadioSelect)
    language = LanguageField(label=_("Language of the letter"), initial="ar")


class ProofForm(forms.Form):
    """A document that proves the organisation's existence."""

    kind = forms.ChoiceField(label=_("Kind of document"), choices=lambda: _choices(ProofKind, blank=_("Choose")))
    number = ShortTextField(label=_("Number"), max_length=60, required=False)
    issued_by = ShortTextField(label=_("Issued by"), max_length=120)
    issued_on = DayField(label=_("Issued on"))
    valid_until = DayField(
        label=_("Valid until"), required=False, help_text=_("Leave empty if the document has no end.")
    )
    file = UploadField(label=_("Document"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issued: Any = self.fields["issued_on"]
        issued.latest = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        issued, until = cleaned.get("issued_on"), cleaned.get("valid_until")
        if issued and until and until < issued:
            self.add_error("valid_until", _("The document would end before it was issued."))
        return cleaned


class SubmitForm(forms.Form):
    """The signatory's declarations; all of them."""

    declarations = forms.MultipleChoiceField(
        label=_("We declare"), choices=Declaration.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_declarations(self) -> list[str]:
        made: list[str] = self.cleaned_data["declarations"]
        if set(made) != set(Declaration.values):
            raise ValidationError(_("All declarations are part of the profile: confirm each of them."), code="all")
        return made


class ReviewForm(forms.Form):
    """The officer's check, item by item; what is not in order goes back with words."""

    IN_ORDER, MISSING = "in_order", "missing"

    reason = LongTextField(
        label=_("To the organisation"),
        required=False,
        max_length=2000,
        rows=4,
        help_text=_("What is missing and how to mend it. Needed when an item is not in order."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(self.IN_ORDER, _("In order")), (self.MISSING, _("Not in order"))]
        items = {
            f"item_{item.value}": forms.ChoiceField(
                label=item.label,
                choices=answers,
                widget=forms.RadioSelect,
                error_messages={"required": _("Say yes or no.")},
            )
            for item in CheckItem
        }
        self.fields = {**items, **self.fields}

    @property
    def missing(self) -> list[str]:
        """The items that are not in order."""
        return [item.value for item in CheckItem if self.cleaned_data.get(f"item_{item.value}") == self.MISSING]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.missing and not cleaned.get("reason"):
            self.add_error("reason", _("Write what is missing and how to mend it: the organisation reads this."))
        return cleaned


class DecisionForm(forms.Form):
    """Eligible in the charter's tier, or not for now; always with a reason."""

    ELIGIBLE, INELIGIBLE = "eligible", "ineligible"

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = LongTextField(
        label=_("Reason"), max_length=2000, rows=4, help_text=_("The organisation reads this; it stands in the record.")
    )

    def __init__(self, *args: Any, tier: str | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        eligible = [(self.ELIGIBLE, _("Eligible in tier “%(tier)s”") % {"tier": Tier(tier).label})] if tier else []
        decision: Any = self.fields["decision"]
        decision.choices = [*eligible, (self.INELIGIBLE, _("Not eligible for now"))]


class SuspensionForm(forms.Form):
    """Why a suspension begins or ends."""

    reason = LongTextField(label=_("Reason"), max_length=2000, rows=4, help_text=_("The organisation reads this."))


class EndForm(forms.Form):
    """Why a role ends."""

    reason = ReasonField(required=False)


class BankAccountForm(forms.Form):
    """Where the organisation receives money."""

    holder_latin = ShortTextField(label=_("Account holder in Latin letters"), max_length=140)
    holder_ar = ShortTextField(label=_("Account holder in Arabic"), max_length=140)
    bank = ShortTextField(label=_("Bank or transfer company"), max_length=140)
    number = ShortTextField(
        label=_("IBAN or account number"),
        max_length=40,
        widget=forms.TextInput(attrs={"data-ltr": "", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[("USD", "USD"), ("EUR", "EUR"), ("SYP", "SYP"), ("TRY", "TRY")]
    )

    def clean_number(self) -> str:
        return check_number(self.cleaned_data["number"])


class VerifyForm(forms.Form):
    """How the details were confirmed, beside the way by which they came; they are those that the page showed."""

    channel = forms.ChoiceField(
        label=_("How did you ask the organisation?"), choices=VerificationChannel.choices, widget=forms.RadioSelect
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput)


class FilterForm(forms.Form):
    """Filters of the list, kept in the URL."""

    words = ShortTextField(label=_("Name"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=lambda: _choices(OrganisationState, blank=_("All"))
    )
    governorate = forms.ChoiceField(
        label=_("Governorate"), required=False, choices=lambda: _choices(Governorate, blank=_("All"))
    )
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=lambda: _choices(Tier, blank=_("All")))

    def filters(self) -> dict[str, str]:
        """What is asked for; what cannot be read filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
