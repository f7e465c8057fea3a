"""What all pages of funds do: bind a form, act, and turn a refusal into words beside it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from kernel.permissions import Refused


def posted(request: HttpRequest) -> tuple[Any, ...]:
    """What a form is bound to: the posted values, or nothing when the page is only read."""
    return (request.POST,) if request.method == "POST" else ()


def acted(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, done: str, to: Callable[[Any], str]
) -> HttpResponse | None:
    """Do ``act`` when the form is posted and valid, then go to ``to(result)``; None: show the form, with the refusal."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        result = act()
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None
    messages.success(request, done)
    return redirect(to(result))
