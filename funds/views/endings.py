"""Pledges after their signature, and money that goes back to its donor."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.http import person
from funds import selectors
from funds.forms import (
    DocumentForm,
    EmptyForm,
    EstimateForm,
    InvoiceForm,
    ReasonForm,
    ReturnForm,
    ReturnPaidForm,
    WhyForm,
)
from funds.models import DonorReturn, Pledge, PledgeWriteOff
from funds.services import endings
from funds.views.common import acted, posted
from kernel.uploads import send_private


def _pledge(request: HttpRequest, pk: UUID) -> Pledge:
    return get_object_or_404(selectors.pledges_visible_to(request.user), pk=pk)


def _write_off(request: HttpRequest, pk: UUID) -> PledgeWriteOff:
    return get_object_or_404(selectors.write_offs_visible_to(request.user), pk=pk)


def _return(request: HttpRequest, pk: UUID) -> DonorReturn:
    return get_object_or_404(selectors.returns_visible_to(request.user), pk=pk)


def _pledge_url(pk: UUID) -> str:
    return reverse("funds:pledge_detail", args=[pk])


def _contribution_url(pk: UUID) -> str:
    return reverse("funds:contribution_detail", args=[pk])


def _asked(request: HttpRequest, form: Any, act: Callable[[], Any], *, title: str | Promise, back: str) -> HttpResponse:
    """A page with one form: act when it is posted, else show it."""
    answer = acted(request, form, act, done=_("Saved."), to=lambda _made: back)
    return answer or render(request, "funds/form.html", {"form": form, "title": title, "cancel": back})


def invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the donor was asked for the money."""
    found, form = _pledge(request, pk), InvoiceForm(*posted(request))

    def act() -> Pledge:
        return endings.invoice_pledge(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Record the invoice"), back=_pledge_url(pk))


def estimate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how likely it is that the pledge arrives."""
    found, form = _pledge(request, pk), EstimateForm(*posted(request))

    def act() -> Any:
        return endings.estimate_pledge(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Say how likely it is"), back=_pledge_url(pk))


def document_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """File a document of the agreement."""
    found = _pledge(request, pk)
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()

    def act() -> Any:
        return endings.file_document(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("File a document"), back=_pledge_url(pk))


def document(request: HttpRequest, pk: UUID, document: UUID) -> HttpResponseBase:
    """A document of the agreement."""
    found = get_object_or_404(selectors.documents_of(_pledge(request, pk)), pk=document)
    return send_private(found.file, name=found.title)


def write_off_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that what has not arrived is given up."""
    found, form = _pledge(request, pk), WhyForm(*posted(request))

    def act() -> PledgeWriteOff:
        return endings.ask_write_off(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Ask for a write-off"), back=_pledge_url(pk))


def write_off_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Agree as a second person."""
    found, form = _write_off(request, pk), EmptyForm(*posted(request))
    back = _pledge_url(found.pledge_id)
    answer = acted(
        request,
        form,
        lambda: endings.confirm_write_off(found, actor=person(request)),
        done=_("Written off."),
        to=lambda _made: back,
    )
    return answer or render(request, "funds/write_off_confirm.html", {"form": form, "asked": found, "back": back})


def write_off_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The promise stands."""
    found, form = _write_off(request, pk), ReasonForm(*posted(request))

    def act() -> PledgeWriteOff:
        return endings.decline_write_off(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Decline the write-off"), back=_pledge_url(found.pledge_id))


def return_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask that money goes back to its donor."""
    found = get_object_or_404(selectors.contributions_visible_to(request.user), pk=pk)
    form = ReturnForm(*posted(request), contribution=found)

    def act() -> DonorReturn:
        return endings.ask_return(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Give money back to the donor"), back=_contribution_url(pk))


def return_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let it go as a second person."""
    found, form = _return(request, pk), EmptyForm(*posted(request))
    back = _contribution_url(found.contribution_id)
    answer = acted(
        request,
        form,
        lambda: endings.release_return(found, actor=person(request)),
        done=_("Released: the fund owes it to the donor until the bank has paid it."),
        to=lambda _made: back,
    )
    return answer or render(request, "funds/return_release.html", {"form": form, "asked": found, "back": back})


def return_decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It stays."""
    found, form = _return(request, pk), ReasonForm(*posted(request))

    def act() -> DonorReturn:
        return endings.decline_return(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("Decline the return"), back=_contribution_url(found.contribution_id))


def return_pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the bank paid it."""
    found, form = _return(request, pk), ReturnPaidForm(*posted(request))

    def act() -> DonorReturn:
        return endings.pay_return(found, **form.cleaned_data, actor=person(request))

    return _asked(request, form, act, title=_("The bank paid it back"), back=_contribution_url(found.contribution_id))
