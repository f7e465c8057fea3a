"""The page for what went wrong on our side; the other error pages are Django's own handlers with our templates."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import csrf

from accounts import kept

logger = logging.getLogger(__name__)


def failed(request: HttpRequest) -> HttpResponse:
    """500, as a page when a page can still be made, else as a plain sentence."""
    try:
        return render(request, "500.html", status=500)
    except Exception:
        logger.exception("the page for errors could not be rendered")
        text = _("Something went wrong on our side. What you had saved is safe; please try again.")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def outdated(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose CSRF token is not the browser's: signed in meanwhile, or somebody else's form.

    A form of our own pages comes back with what was typed. What another site sent stays away: sending it again would
    be the attack. Forms with passwords and codes are typed again.
    """
    if _is_from_here(request) and kept.typed(request) and not kept.holds_secret(request):
        return kept.send_again(request)
    return csrf.csrf_failure(request, reason)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
