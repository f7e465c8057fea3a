"""What was typed is never lost: forms that cannot be taken now come back with everything in them, to be sent again.

Nothing of it is kept on the server; the page itself carries it. Passwords and codes are left out, and files cannot be
carried: the form asks for them again.
"""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNLOCK: Final = "unlock"
"""Prefix of the fields with which a locked session is unlocked; they are no part of the form."""


def _secret(name: str) -> bool:
    return "password" in name or name == "code"


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values of the form that ``request`` sent, without secrets."""
    ours = ("csrfmiddlewaretoken", f"{UNLOCK}-")
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not name.startswith(ours) and not _secret(name)
    ]


def holds_secret(request: HttpRequest) -> bool:
    """Whether the form is one of passwords or codes, which is typed again by hand."""
    return any(_secret(name) for name in request.POST)


def send_again(request: HttpRequest, *, signed_out: bool = False) -> HttpResponse:
    """403 with what was typed and a button that sends it again; who was ``signed_out`` signs in first in a new window."""
    context = {"typed": typed(request), "files_lost": bool(request.FILES), "signed_out": signed_out}
    return private(render(request, "accounts/send_again.html", context, status=403))


def private(response: HttpResponse) -> HttpResponse:
    """The page is stored nowhere on its way."""
    response["Cache-Control"] = "private, no-store"
    return response
