"""Signed links that sign a person of the demonstration in without a password; production settings refuse ``DEMO``."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

SALT = "poolfund.demo.sign-in"
LIFETIME = 24 * 3600
"""Seconds that a link works."""


@dataclass(frozen=True, slots=True)
class SignInLink:
    """One person of the demonstration: what they do there, and the path that signs them in."""

    title: str
    path: str


def link(user: object, title: str) -> SignInLink:
    """A link for ``user`` that works for a day."""
    token = signing.dumps(str(getattr(user, "pk", "")), salt=SALT)
    return SignInLink(title, reverse("demo_sign_in", args=[token]))


def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in who the link names; a wrong, old or foreign link does not exist."""
    if not settings.DEMO:
        raise Http404
    try:
        key = signing.loads(token, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(get_user_model(), pk=key, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(settings.LOGIN_REDIRECT_URL)
