"""What the pages of grants do alike: fetch what the person may see, turn a refusal into words beside the form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise

from disbursements import selectors
from disbursements.models import Payment, Tranche
from grants.models import Grant, Report
from grants.selectors import grants
from kernel.permissions import Refused


def seen_grant(request: HttpRequest, pk: UUID) -> Grant:
    """The grant, or 404 for who may not know of it."""
    return get_object_or_404(grants.for_page(request.user), pk=pk)


def seen_tranche(request: HttpRequest, pk: UUID) -> Tranche:
    """The tranche, or 404 for who may not know of it."""
    return get_object_or_404(selectors.tranche_page(request.user), pk=pk)


def seen_payment(request: HttpRequest, pk: UUID) -> Payment:
    """The payment, or 404 for who may not know of it."""
    return get_object_or_404(selectors.payment_page(request.user), pk=pk)


def seen_report(request: HttpRequest, pk: UUID) -> Report:
    """The report, or 404 for who may not know of it."""
    return get_object_or_404(grants.reports_visible_to(request.user), pk=pk)


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


def confirmed(request: HttpRequest, form: forms.Form, **words: Any) -> HttpResponse:
    """The page that says what will happen, to whom, and whether it can be undone.

    ``words``: title, what, whom, undo, submit, cancel (a path), danger; and what else the act is about.
    """
    return render(request, "disbursements/act.html", {"form": form, **words})
