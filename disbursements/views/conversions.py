"""The rate of a payment in another currency: recorded from the slip, confirmed by another person."""

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.http import person, posted
from audit import lifecycle
from disbursements import pages, selectors
from disbursements.conversion_events import ConversionConfirmed, ConversionWithdrawn
from disbursements.forms import ReasonForm
from disbursements.forms.conversions import ConversionForm
from disbursements.models import Conversion
from disbursements.rules import may_record_rate
from disbursements.services import conversions
from disbursements.views.common import acted, confirmed, seen_payment
from kernel.money import format_money
from kernel.permissions import require


def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the slip shows."""
    payment = seen_payment(request, pk)
    require(may_record_rate(payment, actor=request.user))
    form, to = ConversionForm(posted(request), payment=payment), pages.url("payment_detail", payment)
    answer = acted(
        request, form, lambda: conversions.record_conversion(payment, actor=person(request), **form.values()), to=to,
        done=_("Recorded. Another person confirms it from the slip."),
    )  # fmt: skip
    return answer or render(request, "disbursements/conversion_record.html", {"form": form, "payment": payment})


def _seen(request: HttpRequest, pk: UUID) -> Conversion:
    return get_object_or_404(selectors.conversions_of(seen_payment(request, pk)))


def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another person confirms; gain or loss goes to the books."""
    found = _seen(request, pk)
    event = ConversionConfirmed(loss_minor=found.loss_minor)
    require(lifecycle.possible(found, event, actor=request.user))
    form, back = Form(posted(request)), pages.url("payment_detail", found.payment)
    answer = acted(
        request, form, lambda: conversions.confirm_conversion(found, actor=person(request)), to=back,
        done=_("Confirmed; the books have it."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=found.payment.tranche.grant, title=_("Confirm the rate"), whom=str(found.payment.tranche.grant.organisation),
        what=_("%(charged)s was charged, %(paid)s was paid out. The difference to the payment is posted as exchange gain or loss, from unrestricted money only.")
        % {"charged": format_money(found.charged, "en"), "paid": format_money(found.paid_out, "en")},
        undo=_("No. It stands in the books."), submit=_("Confirm the rate"), cancel=back,
    )  # fmt: skip


def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what was recorded wrongly."""
    found = _seen(request, pk)
    require(lifecycle.possible(found, ConversionWithdrawn(), actor=request.user))
    form, back = ReasonForm(posted(request)), pages.url("payment_detail", found.payment)
    answer = acted(
        request, form, lambda: conversions.withdraw_conversion(found, actor=person(request), **form.cleaned_data), to=back,
        done=_("Taken back. The rate can be recorded anew."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=found.payment.tranche.grant, title=_("Take the rate back"), whom=found.payment.key,
        what=_("The recorded rate counts no more."), undo=_("No, but it can be recorded anew."),
        submit=_("Take the rate back"), cancel=back,
    )  # fmt: skip
