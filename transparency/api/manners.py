"""How every address for machines behaves: readable from any website, counted, and silent when nothing has changed."""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

View = Callable[..., HttpResponse]
MINUTE: Final = 60
FRESH_SECONDS: Final = 300
"""How long others may keep a public answer without asking again."""


def failure(status: int, code: str, message: str) -> JsonResponse:
    """An error in the one shape that all errors have."""
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def polite(view: View) -> View:
    """Wrap a view that only reads: any origin may read it, callers are counted, unchanged answers are 304.

    What is asked with a token is kept by nobody on the way and shown to no other website.
    """
    conditional: View = conditional_page(view)

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        left = _left(request)
        if left < 0:
            response: HttpResponse = failure(429, "too_many_requests", _("Too many requests. Ask again in a minute."))
            response["Retry-After"] = str(MINUTE - int(now().timestamp()) % MINUTE)
        else:
            if request.method == "HEAD":
                request.method = "GET"
            response = conditional(request, *args, **kwargs)
        response["RateLimit-Limit"] = str(settings.API_REQUESTS_PER_MINUTE)
        response["RateLimit-Remaining"] = str(max(left, 0))
        return _private(response) if "Authorization" in request.headers else _opened(response)

    return answered


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response


def _opened(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Retry-After, RateLimit-Limit, RateLimit-Remaining"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if response.status_code in {200, 304}:
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS)
    return response


def _left(request: HttpRequest) -> int:
    """How many requests the caller has left in this minute, below zero when there are none.

    Counted in the cache that all processes share; two requests of the same moment may count as one. Callers whose address
    the server does not tell are counted together.
    """
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        address = ""
    secret = hmac.new(settings.SECRET_KEY.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]
    key = f"api:{int(now().timestamp()) // MINUTE}:{secret}"
    asked = cache.get(key, 0)
    if asked < settings.API_REQUESTS_PER_MINUTE:
        cache.set(key, asked + 1, MINUTE)
    return int(settings.API_REQUESTS_PER_MINUTE) - asked - 1
