"""A session that an officer leaves alone is locked, not ended: the person proves again who they are and goes on.

Locked means: for ``settings.STAFF_IDLE_MINUTES`` nothing was opened or sent, or the last proof of who this is lies more
than ``settings.STAFF_HOURS`` back. A locked session opens nothing but the page that unlocks it. What is sent from it
stays in that page and goes on its way with the code (`accounts.kept`); the CSRF token stays what it was.

The time of the last request stands in the session, written at most once a minute. A session ends
``settings.SESSION_COOKIE_AGE`` after its last proof, however much it is used.
"""

import time
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from accounts import kept, second_factor
from accounts.forms import ReauthenticateForm
from accounts.selectors import is_officer

SEEN: Final = "seen_at"
PROVED: Final = "proved_at"
STEP: Final = 60
"""Seconds of use that are not worth a write."""
THEN_OPEN: Final = f"{kept.UNLOCK}-then"
"""Field of the unlocking form: the page was only to be opened."""


def begin(request: HttpRequest) -> None:
    """Who this is was proved now: by signing in, or by unlocking."""
    request.session[SEEN] = request.session[PROVED] = time.time()
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)


def touch(request: HttpRequest) -> None:
    """Remember that the session is in use; its end stays where it is."""
    now = time.time()
    proved = request.session.setdefault(PROVED, now)
    if not 0 <= now - request.session.get(SEEN, 0) < STEP:
        request.session[SEEN] = now
        request.session.set_expiry(max(1, int(proved + settings.SESSION_COOKIE_AGE - now)))


def is_locked(request: HttpRequest) -> bool:
    """Whether the person of ``request`` has to prove again who they are; asks the database only when the time is up."""
    return _is_over(request, "mfa") and is_officer(request.user) and not _password_is_enough(request)


def _is_over(request: HttpRequest, *methods: str) -> bool:
    """Whether the time is up, counting from the last use and the last proof by one of ``methods``."""
    now = time.time()
    records = get_authentication_records(request, request.user)
    used = [record["at"] for record in records if record.get("method") in methods and _is_time(record.get("at"))]
    seen = max(request.session.get(SEEN, now), *used, 0)
    proved = max(request.session.get(PROVED, now), *used, 0)
    return bool(now - seen > settings.STAFF_IDLE_MINUTES * 60 or now - proved > settings.STAFF_HOURS * 3600)


def _is_time(at: object) -> bool:
    return isinstance(at, int | float) and at <= time.time()


def _password_is_enough(request: HttpRequest) -> bool:
    """Whether somebody without a second factor gave the password again."""
    return not _is_over(request, "mfa", "password") and not second_factor.has_factor(request.user)


def unlock(request: HttpRequest) -> HttpResponse | None:
    """Answer a request from a locked session: None when its code is right and what it sends may go on its way."""
    form = ReauthenticateForm(_code(request), user=request.user, prefix=kept.UNLOCK)
    if form.is_bound and form.is_valid():
        form.save()
        begin(request)
        return _go_on(request)
    return _ask(request, form)


def _code(request: HttpRequest) -> Any:
    return request.POST if f"{kept.UNLOCK}-code" in request.POST else None


def _go_on(request: HttpRequest) -> HttpResponse | None:
    if THEN_OPEN in request.POST:
        return redirect(request.get_full_path())
    posted = request.POST.copy()
    for name in [name for name in posted if name.startswith(f"{kept.UNLOCK}-")]:
        del posted[name]
    posted._mutable = False  # noqa: SLF001 -- as Django hands it to views
    request.POST = posted  # type: ignore[assignment]
    return None


def _ask(request: HttpRequest, form: ReauthenticateForm) -> HttpResponse:
    sending = request.method == "POST" and THEN_OPEN not in request.POST
    back = reverse("accounts:go_on") if sending else request.get_full_path()
    context = {
        "form": form,
        "factors": second_factor.kinds_of(request.user),
        "sending": sending,
        "typed": kept.typed(request) if sending else [(THEN_OPEN, "open")],
        "files_lost": bool(request.FILES),
        "minutes": settings.STAFF_IDLE_MINUTES,
        "totp": Authenticator.Type.TOTP.value,
        "next": urlencode({"next": back}),
    }
    return kept.private(render(request, "accounts/locked.html", context, status=403))
