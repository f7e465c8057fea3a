"""What happens to every request: health probes, for whom the database is asked, and the access table."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext_lazy as _

from accounts import kept
from audit import confirmation
from kernel import devices, identity
from kernel.access import Access, Audience
from kernel.permissions import Refused
from poolfund import access

logger = logging.getLogger("poolfund.access")

UNCONFIRMED = "_unconfirmed"
"""Mark of a request that opened a page which asks for a second factor."""

GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answers probes before anything else looks at them: they know neither the host's name nor https."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """``/healthz``: the process answers; ``/readyz``: so does its database."""
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return _ready()
        return self.get_response(request)


def _ready() -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("database unreachable\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")


class IdentityMiddleware:
    """Says to the database for whom a request reads (`kernel.identity`): its person, or nobody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Until the answer stands; what is sent as a file was read before."""
        with identity.unheeded():  # sessions and accounts have no second wall
            person = request.user.pk if request.user.is_authenticated else None
        with identity.person(person):
            response = self.get_response(request)
        if person is not None and not request.user.is_authenticated:
            return devices.erase(response)
        return response


class IdleMiddleware:
    """Locks the session of an officer who was away, and lets them go on where they stopped (`accounts.idle`)."""

    OPEN_WHILE_LOCKED = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "set_language",
            "accounts:go_on",
            "demo_sign_in",
        }
    )
    """What a locked session needs to be unlocked or ended."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Ask a locked session to be unlocked; note that any other is in use."""
        if not request.user.is_authenticated:
            return None
        # The forms of accounts must load before this can; apps are not ready when middleware is read.
        from accounts import idle

        if idle.is_locked(request):
            name = request.resolver_match.view_name if request.resolver_match else ""
            return None if name in self.OPEN_WHILE_LOCKED else idle.unlock(request)
        idle.touch(request)
        return None


class AccessMiddleware:
    """The first wall: a URL that no table names is closed; a page for officers is closed to others."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing before the view is known; what happens from here on is done by a person at a browser."""
        with confirmation.of_request():
            response = self.get_response(request)
        if getattr(request, UNCONFIRMED, False) and response.status_code == HTTPStatus.OK:
            # After the page itself let the person in: strangers learn that nothing is here, others why not.
            from accounts import second_factor

            return second_factor.ask_to_open(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Compare the request with its row of the access table."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        row = access.table().get(name)
        if row is None:
            raise _unlisted(name)
        if request.method not in row.methods:
            return HttpResponseNotAllowed(sorted(row.methods))
        return _refusal(request, row) or _confirmation(request, row)


def _unlisted(name: str) -> Exception:
    if settings.DEBUG or settings.STRICT_ACCESS:
        return ImproperlyConfigured(f"URL name {name!r} stands in no access table")
    logger.error("a URL stands in no access table", extra={"url_name": name})
    return Http404()


def _refusal(request: HttpRequest, row: Access) -> HttpResponse | None:
    if row.audience is Audience.PUBLIC:
        return None
    if not request.user.is_authenticated:
        return _signed_out(request)
    if row.audience is Audience.ROLE:
        # Only officers' pages ask, and the table must load before the apps' models do.
        from accounts.selectors import has_role

        if not has_role(request.user, *row.roles):
            raise Refused(_("This page is for officers of the fund who hold another role than yours."))
    return None


def _signed_out(request: HttpRequest) -> HttpResponse:
    """To the page for signing in; who typed something meanwhile keeps it."""
    if request.method == "POST" and (kept.typed(request) or request.FILES):
        return kept.send_again(request, signed_out=True)
    return redirect_to_login(request.get_full_path())


def _confirmation(request: HttpRequest, row: Access) -> HttpResponse | None:
    """Demand the second factor of a page of money, membership or bank details before anything is sent to it."""
    if not row.second_factor:
        return None
    from accounts import second_factor

    if second_factor.is_fresh(request):
        confirmation.given()
    elif request.method == "POST":
        return second_factor.ask_to_send(request)
    else:
        setattr(request, UNCONFIRMED, True)
    return None
