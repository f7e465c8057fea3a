"""Pages for what went wrong: each says what happened and what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _

from kernel.permissions import Refused


def _page(request: HttpRequest, status: int, reason: str) -> HttpResponse:
    try:
        return render(request, f"{status}.html", {"reason": reason}, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the browser sent what no form of ours sends."""
    return _page(request, 400, _("The request could not be read. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: with the rule's own reason when there is one."""
    reason = str(exception.reason) if isinstance(exception, Refused) else _("You may not do this.")
    return _page(request, 403, reason)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent and forbidden look alike."""
    return _page(request, 404, _("There is no such page, or it is not yours to see."))


def failed(request: HttpRequest) -> HttpResponse:
    """500: our fault."""
    return _page(request, 500, _("Something went wrong on our side. What you had saved is safe; please try again."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that does not carry its token, mostly one left open too long."""
    return _page(request, 403, _("This form has expired. Go back, load the page again, and send it once more."))
