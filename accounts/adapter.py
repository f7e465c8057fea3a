"""How allauth makes our people, in which language it writes to them, and how it keeps secrets."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.secrets import SecretError, open_sealed, owner, seal
from kernel.permissions import Refused


class AccountAdapter(DefaultAccountAdapter):
    """People of the fund: one address in lower case, a clean name, their language."""

    def clean_email(self, email: str) -> str:
        """The address in lower case; only characters that cannot be mistaken for others."""
        address = str(super().clean_email(email)).strip().lower()
        if not address.isascii():
            raise ValidationError(
                _("Write the address with Latin letters only, for example name@organisation.org."), code="not_ascii"
            )
        return address

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 -- allauth's signature
        """A person with the name and the language of the sign-up page."""
        user.full_name = form.cleaned_data["full_name"]
        user.language = _offered(translation.get_language())
        return super().save_user(request, user, form, commit)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Pages appear in the person's language from here on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of the letters of sign-in, in the language of the account it goes to."""
        person = context.get("user") or selectors.person_with_address(email)
        language = getattr(person, "language", None) or _offered(translation.get_language())
        with translation.override(language):
            super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A change to an account, told to its owner."""
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps one-time-code secrets and the seeds of recovery codes encrypted, each for its person only."""

    def encrypt(self, text: str) -> str:
        """``text`` sealed for the person who is enrolling."""
        return seal(text, person=_whose())

    def decrypt(self, encrypted_text: str) -> str:
        """The secret, for its own person; raises `Refused` for one that was altered or moved."""
        try:
            return open_sealed(encrypted_text, person=_whose())
        except SecretError as error:
            raise Refused(_("This second factor cannot be read any more. Ask an administrator for help.")) from error

    def get_totp_issuer(self) -> str:
        """The fund's name as the authenticator app shows it."""
        return str(settings.MFA_TOTP_ISSUER)


def _whose() -> str:
    if named := owner():
        return named
    user = getattr(context.request, "user", None)
    if user is None or not user.is_authenticated:
        raise Refused(_("Sign in first."))
    return str(user.pk)


def _offered(language: str | None) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    return language if language in codes else settings.LANGUAGE_CODE


def remember_language(response: HttpResponse, language: str) -> None:
    """Let the browser ask for pages in ``language``."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
