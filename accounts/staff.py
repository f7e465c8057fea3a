"""The way into acts of administration: an open staff session, behind the second factor that the access table asks for."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts import selectors

View = Callable[..., HttpResponseBase]


def staff_session_required(view: View) -> View:
    """Let administrators in an open staff session reach ``view``.

    Who has no session open is sent to the page that opens one, and back. The services' rules ask again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if selectors.open_staff_session(request.user) is None and request.method != "POST":
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('accounts:staff_session')}?{query}")
        return view(request, *args, **kwargs)

    return guarded
