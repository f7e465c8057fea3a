"""The page for what went wrong on our side; the other error pages are Django's own handlers with our templates."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def failed(request: HttpRequest) -> HttpResponse:
    """500, as a page when a page can still be made, else as a plain sentence."""
    try:
        return render(request, "500.html", status=500)
    except Exception:
        logger.exception("the page for errors could not be rendered")
        text = _("Something went wrong on our side. What you had saved is safe; please try again.")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
