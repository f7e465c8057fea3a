"""What all pages of organisations do: fetch what the person may see, and turn a refusal into words beside the form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise

from kernel.permissions import PermissionResult, Refused, require
from organisations import selectors
from organisations.models import Organisation


def visible(request: HttpRequest, pk: UUID) -> Organisation:
    """The organisation, or 404 for who may not know of it."""
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def allowed(request: HttpRequest, pk: UUID, rule: Callable[..., PermissionResult]) -> Organisation:
    """The organisation for an act under ``rule``; 404 for strangers, 403 with the reason for its other readers."""
    organisation = visible(request, pk)
    require(rule(organisation, actor=request.user))
    return organisation


def posted(request: HttpRequest) -> tuple[Any, ...]:
    """What a form is bound to: the posted values and files, or nothing when the page is only read."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def acted(
    request: HttpRequest, form: forms.Form, act: Callable[[], Any], *, done: str | Promise, to: str
) -> HttpResponse | None:
    """Do ``act`` when the form is posted and valid, then go to ``to``; None: show the form, with the refusal if any."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        act()
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, str(done))
    return redirect(to)
