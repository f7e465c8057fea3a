"""A second factor not older than five minutes, by our own check.

allauth's own check also accepts a password and lets people through who have no factor; money, membership and bank
details need more. This one fails closed: it looks for a passkey or a one-time code in the session's records of
authentication, made by a factor that the person still has. A recovery code gets people in, it confirms nothing.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

LIFETIME: Final = 300
"""Seconds for which a confirmation counts."""
TYPES: Final = frozenset({Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value})

View = Callable[..., HttpResponseBase]


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


def required(view: View) -> View:
    """Let only requests with a fresh second factor reach ``view``.

    Who opens a page is sent to the confirmation and back. Who sends a form after the five minutes gets a page that
    keeps what was typed: confirm in another window, then send again. Nothing of it is kept in the session.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask(request)

    return guarded


def confirmation_url(path: str) -> str:
    """The page where a person confirms with the second factor and comes back to ``path``."""
    return f"{reverse('accounts:second_factor')}?{urlencode({'next': path})}"


def _ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect(confirmation_url(request.get_full_path()))
    typed = [
        (name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    context = {
        "typed": typed,
        "files_lost": bool(request.FILES),
        "confirm_url": confirmation_url(reverse("accounts:second_factor_done")),
    }
    return render(request, "accounts/second_factor_again.html", context, status=403)
