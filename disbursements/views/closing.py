"""Closing: refund computed, received, confirmed; the grant closed."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import events, pages, selectors, threads
from disbursements.forms import RefundForm, RefundReceivedForm
from disbursements.models import Refund
from disbursements.rules import may_compute_refund, what_blocks
from disbursements.services import closing as services
from disbursements.views.common import acted, confirmed, seen_grant
from funds.selectors import contributions_visible_to
from grants import events as grant_events
from grants.models import Grant
from kernel.permissions import require


def closing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is still open before the grant can be closed, and the refund."""
    grant = seen_grant(request, pk)
    refund = selectors.refund_of(grant)
    context = {
        "grant": grant,
        "refund": refund,
        "cash": pages.cash_of(grant),
        "step": pages.grant_step(grant, request.user),
        "thread": threads.thread(grant, request.user),
        "blockers": what_blocks(grant),
        "sources": selectors.paid_by_source(grant),
        "seen": set(contributions_visible_to(request.user).values_list("pk", flat=True)),
        "entries": timeline(refund, grant) if refund else timeline(grant),
        **_acts(grant, refund, request.user),
    }
    return render(request, "disbursements/closing.html", context)


def _acts(grant: Grant, refund: Refund | None, user: Any) -> dict[str, Any]:
    may = lifecycle.possible
    return {
        "computes": refund is None and may_compute_refund(Refund(grant=grant), actor=user, event=None),
        "records": refund and may(refund, _received(refund), actor=user),
        "confirms": refund and may(refund, events.RefundConfirmed(amount_minor=refund.amount_minor), actor=user),
        "closes": may(grant, _closed(), actor=user),
    }


def _received(refund: Refund) -> events.RefundReceived:
    return events.RefundReceived(amount_minor=refund.amount_minor, bank_reference="")


def _closed() -> grant_events.GrantClosed:
    return grant_events.GrantClosed(spent_minor=0, refunded_minor=0)


def _refund(grant: Grant) -> Refund:
    refund = selectors.refund_of(grant)
    if refund is None:
        raise Http404
    return refund


def refund_compute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A finance officer computes what the partner gives back."""
    grant = seen_grant(request, pk)
    if selectors.refund_of(grant) is not None:
        raise Http404
    require(may_compute_refund(Refund(grant=grant), actor=request.user, event=None))
    form, back = RefundForm(request.POST or None), pages.url("closing", grant)
    answer = acted(
        request, form, lambda: services.compute_refund(grant, actor=person(request), **form.cleaned_data), to=back,
        done=_("The refund is computed; the organisation was told if it owes one."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Compute the refund"), whom=str(grant.organisation), cancel=back,
        what=_("The fund asks for what was received and not spent, and for spending that is not accepted."),
        undo=_("No. It stands in the record."), submit=_("Compute the refund"), cash=pages.cash_of(grant),
    )  # fmt: skip


def refund_record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A finance officer saw the refund in the bank statement."""
    grant = seen_grant(request, pk)
    refund = _refund(grant)
    require(lifecycle.possible(refund, _received(refund), actor=request.user))
    form, back = RefundReceivedForm(request.POST or None), pages.url("closing", grant)
    answer = acted(
        request, form, lambda: services.record_refund(refund, actor=person(request), **form.cleaned_data), to=back,
        done=_("Recorded. Another person confirms it."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Record the refund"), whom=str(grant.organisation), cancel=back, refund=refund,
        what=_("You saw exactly this amount in the bank statement."), undo=_("No. It stands in the record."),
        submit=_("Record the refund"),
    )  # fmt: skip


def refund_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person confirms the refund."""
    grant = seen_grant(request, pk)
    refund = _refund(grant)
    event = events.RefundConfirmed(amount_minor=refund.amount_minor)
    require(lifecycle.possible(refund, event, actor=request.user))
    form, back = forms.Form(request.POST if request.method == "POST" else None), pages.url("closing", grant)
    answer = acted(
        request, form, lambda: services.confirm_refund(refund, actor=person(request)), to=back,
        done=_("Confirmed. The money is back with the sources it came from."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Confirm the refund"), whom=str(grant.organisation), cancel=back, refund=refund,
        what=_("The money goes back to the same sources and classes that it came from."), undo=_("No. It stands in the record."),
        submit=_("Confirm the refund"),
    )  # fmt: skip


def grant_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fund manager closes the grant."""
    grant = seen_grant(request, pk)
    require(lifecycle.possible(grant, _closed(), actor=request.user))
    form = forms.Form(request.POST if request.method == "POST" else None)
    answer = acted(
        request, form, lambda: services.close_grant(grant, actor=person(request)),
        done=_("The grant is closed."), to=pages.url("grant_detail", grant),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=grant, title=_("Close the grant"), whom=str(grant.organisation), cancel=pages.url("closing", grant),
        what=_("What was never paid goes back to its sources. A closed grant is only read."),
        undo=_("No."), submit=_("Close the grant"),
    )  # fmt: skip
