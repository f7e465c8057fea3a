"""The service worker, at the root of the site so that it stands before every page; ``static/js/sw.js`` is its text."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@cache
def _script() -> bytes:
    return bytes((settings.BASE_DIR / "static" / "js" / "sw.js").read_bytes())


def service_worker(request: HttpRequest) -> HttpResponse:
    """Asked for only by devices whose owner wants to go on without a line; a new version is noticed at once."""
    response = HttpResponse(_script(), content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response
