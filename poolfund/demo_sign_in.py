"""Signed links that sign a person of the demonstration in without a password; production settings refuse ``DEMO``."""

import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.secrets import secrets_of

SALT = "poolfund.demo.sign-in"
TOTP_SECONDS = 30
LIFETIME = 24 * 3600
"""Seconds that a link works."""


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A part that a visitor can take: what the person does in the fund, and their e-mail address."""

    title: str
    email: str

    @property
    def path(self) -> str:
        """The path that signs the person in, for a day."""
        return reverse("demo_sign_in", args=[signing.dumps(self.email, salt=SALT)])


def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in who the link names; a wrong, old or foreign link does not exist."""
    if not settings.DEMO:
        raise Http404
    try:
        email = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(get_user_model(), email=email, is_active=True)
    login(request, user, backend="accounts.backends.ByKey")
    UserSession.objects.create_from_request(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


def current_code(user: Any) -> str:
    """The one-time code that the person's authenticator app would show now; empty without one, and outside of the demonstration."""
    if not settings.DEMO or not user.is_authenticated:
        return ""
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return ""
    with secrets_of(user):
        secret = decrypt(factor.data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_SECONDS)))
