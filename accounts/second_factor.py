"""A second factor not older than five minutes, by our own check.

allauth's own check also accepts a password and lets people through who have no factor; money, membership and bank
details need more. This one fails closed: it looks for a passkey or a one-time code in the session's records of
authentication, made by a factor that the person still has. A recovery code gets people in, it confirms nothing.

Which pages ask stands in the access tables (``confirmed()``); `poolfund.middleware.AccessMiddleware` asks.
"""

import time
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

LIFETIME: Final = 300
"""Seconds for which a confirmation counts."""
TYPES: Final = frozenset({Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value})
WAY_BACK: Final = "second_factor_way_back"
"""Key of the session: where a person goes on after setting up the first factor."""


def kinds_of(user: Any) -> frozenset[str]:
    """The kinds of second factor that ``user`` has: ``totp``, ``webauthn``."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(Authenticator.objects.filter(user=user, type__in=TYPES).values_list("type", flat=True))


def has_factor(user: Any) -> bool:
    """Whether ``user`` has a passkey or an authenticator app."""
    return bool(kinds_of(user))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person of ``request`` used a second factor in this session within the last five minutes."""
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return False
    used = [record.get("id") for record in get_authentication_records(request, user) if _counts(record)]
    return bool(used) and Authenticator.objects.filter(user=user, type__in=TYPES, pk__in=used).exists()


def _counts(record: Any) -> bool:
    if not isinstance(record, dict) or record.get("method") != "mfa" or record.get("type") not in TYPES:
        return False
    at = record.get("at")
    return isinstance(at, int | float) and 0 <= time.time() - at <= LIFETIME


def confirmation_url(path: str) -> str:
    """The page where a person confirms with the second factor and comes back to ``path``."""
    return f"{reverse('accounts:second_factor')}?{urlencode({'next': path})}"


def ask_to_open(request: HttpRequest) -> HttpResponse:
    """Send who opens a page to the confirmation, and back."""
    return redirect(confirmation_url(request.get_full_path()))


def ask_to_send(request: HttpRequest) -> HttpResponse:
    """Answer who sends a form unconfirmed with a page that keeps what was typed: confirm in another window, send again.

    Nothing of it is kept in the session.
    """
    typed = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    context = {
        "typed": typed,
        "files_lost": bool(request.FILES),
        "has_factor": has_factor(request.user),
        "confirm_url": confirmation_url(reverse("accounts:second_factor_done")),
    }
    return render(request, "accounts/second_factor_again.html", context, status=403)


def remember_way_back(request: HttpRequest, path: str) -> None:
    """Keep where a person without a factor was going, for the pages on which one is set up."""
    request.session[WAY_BACK] = path


def forget_way_back(request: HttpRequest) -> None:
    """The person is on the way again."""
    request.session.pop(WAY_BACK, None)


def record_enrolment(request: HttpRequest, authenticator: Authenticator) -> None:
    """Count the enrolment of a factor as its first use: the person has just proved to hold it."""
    if authenticator.type in TYPES:
        extra = {"id": authenticator.pk, "type": authenticator.type, "reauthenticated": True}
        record_authentication(request, authenticator.user, "mfa", **extra)
