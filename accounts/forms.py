"""Forms of accounts, offices and invitations."""
# public: forms of everybody who signs in

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import User
from accounts.names import MixedScriptsError, clean_name
from accounts.roles import Role
from accounts.secrets import secrets_of
from kernel.fields import DayField, ShortTextField
from kernel.texts import TextError

REASON_LENGTH = 300
PASSKEY_NAME_LENGTH = 60


class NameField(ShortTextField):
    """A person's name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Full name"))
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs["autocomplete"] = "name"

    def to_python(self, value: Any) -> str:
        try:
            return clean_name(super().to_python(value))
        except TextError as error:
            raise ValidationError(str(error.message), code=error.code) from error
        except MixedScriptsError as error:
            raise ValidationError(
                _("This name mixes letters of two alphabets that look alike. Type it again with one keyboard."),
                code="mixed_scripts",
            ) from error


class LanguageField(forms.ChoiceField):
    """One of the fund's languages, each named in itself."""

    def __init__(self, **kwargs: Any) -> None:
        choices = User._meta.get_field("language").choices or []
        super().__init__(choices=list(choices), label=kwargs.pop("label", _("Language")), **kwargs)


class ReasonField(ShortTextField):
    """Why an act of administration is done; it stands in the record."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Reason"))
        kwargs.setdefault("help_text", _("One sentence; it stands in the record for ever."))
        super().__init__(max_length=REASON_LENGTH, **kwargs)


class SignupForm(forms.Form):
    """What allauth's sign-up page asks beside address and password."""

    full_name = NameField(help_text=_("As it stands in your papers; people of the fund will see it."))
    field_order = ("full_name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Nothing more to do: `accounts.adapter.AccountAdapter.save_user` has kept the name."""


class AuthenticateForm(AllauthAuthenticateForm):
    """The code asked for at sign-in, checked against this person's own secrets."""

    def clean_code(self) -> str:
        with secrets_of(self.user):
            code: str = super().clean_code()
        return code


class ReauthenticateForm(AllauthReauthenticateForm):
    """The code asked for again, checked against this person's own secrets."""

    def clean_code(self) -> str:
        with secrets_of(self.user):
            code: str = super().clean_code()
        return code


class PasskeyNameField(ShortTextField):
    """By which its owner knows a passkey again; allauth's own takes any length."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=PASSKEY_NAME_LENGTH, label=_("Name"), **kwargs)


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; without a name it gets one, for the device has made it by then."""

    name = PasskeyNameField(required=False)


class EditPasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = PasskeyNameField()


class LanguageForm(forms.Form):
    """The language of pages and mail."""

    language = LanguageField(help_text=_("Pages and e-mails come in this language."))


class StaffSessionForm(forms.Form):
    """Why a staff session is opened."""

    reason = ReasonField(help_text=_("For example: the new finance officer begins on Sunday."))


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = ReasonField()


class AppointmentForm(forms.Form):
    """An office for a person who has an account."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        help_text=_("The address of their account. Without an account, send an invitation instead."),
    )
    role = forms.ChoiceField(label=_("Office"), choices=Role.choices)
    starts_on = DayField(label=_("From"), initial=timezone.localdate)
    ends_on = DayField(label=_("Until"), required=False, help_text=_("The last day. Leave it empty for an open end."))
    reason = ReasonField()

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        self.person = selectors.person_with_address(address)
        if self.person is None or not self.person.is_active:
            raise ValidationError(_("No account has this address. Send an invitation instead."), code="no_account")
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("ends_on") and data.get("starts_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first one."))
        return data

    def found(self) -> User:
        """The person of the address; only for a form that is valid."""
        if self.person is None:
            raise LookupError("no account has this address")
        return self.person

    def terms(self) -> dict[str, Any]:
        """What `accounts.services.appoint` takes beside the person and the actor."""
        return {name: self.cleaned_data[name] for name in ("role", "starts_on", "ends_on", "reason")}


class InvitationForm(forms.Form):
    """An office for a person who has no account yet."""

    full_name = NameField()
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Office"), choices=Role.choices)
    language = LanguageField(label=_("Language of the letter"), initial=settings.LANGUAGE_CODE)
    reason = ReasonField()

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        if not address.isascii():
            raise ValidationError(
                _("Write the address with Latin letters only, for example name@organisation.org."), code="not_ascii"
            )
        return address


class RegistrationForm(forms.Form):
    """What an invited person without an account sets."""

    full_name = NameField()
    way = forms.ChoiceField(
        label=_("How will you sign in?"),
        widget=forms.RadioSelect,
        choices=[
            ("password", _("With a password")),
            ("passkey", _("With a passkey: the phone or computer recognises me; I set it up in the next step")),
        ],
        initial="password",
    )
    password1 = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a sentence is easy to remember. Not needed for a passkey."),
    )
    password2 = forms.CharField(
        label=_("Password, once more"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == "password":
            self._check_passwords(data)
        return data

    def _check_passwords(self, data: dict[str, Any]) -> None:
        first, second = data.get("password1", ""), data.get("password2", "")
        if not first:
            self.add_error("password1", _("Choose a password, or sign in with a passkey."))
            return
        if first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        try:
            validate_password(first, User(email=self.email, full_name=data.get("full_name", "")))
        except ValidationError as error:
            self.add_error("password1", error)

    def password(self) -> str | None:
        """The password chosen, None for a passkey."""
        return self.cleaned_data["password1"] if self.cleaned_data["way"] == "password" else None
