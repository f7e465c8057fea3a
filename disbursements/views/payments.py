"""Payments: list, release, confirmation, failure, slip."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.http import person, posted
from audit import lifecycle
from audit.selectors import timeline
from disbursements import events, exports, pages, papers, selectors, threads
from disbursements.attestation import attestation
from disbursements.forms import ConfirmForm, ListFilterForm, ReasonForm, ReleaseForm
from disbursements.forms.attestation import AttestationForm
from disbursements.models import Payment
from disbursements.rules import may_attest, may_draw_voucher, may_enter_code, may_record_rate
from disbursements.selectors.payment_figures import sources_of
from disbursements.services import payments
from disbursements.states import PaymentState
from disbursements.views.common import acted, confirmed, seen_payment
from funds.selectors import contributions_visible_to
from kernel.downloads import private_file
from kernel.permissions import require
from kernel.spreadsheets import FORMATS
from kernel.uploads import send_private

PER_PAGE = 25


def payments_asked(request: HttpRequest) -> tuple[ListFilterForm, QuerySet[Payment]]:
    """Payments that the person may see, narrowed by what stands in the address: for the list, its file and its sums."""
    form = ListFilterForm(request.GET, states=PaymentState.choices)
    return form, selectors.payments_listed(request.user, **form.filters())


def payment_list(request: HttpRequest) -> HttpResponseBase:
    """The payments asked for, with their sums and as a file."""
    form, found = payments_asked(request)
    if request.GET.get("format") in FORMATS:
        return exports.payments_file(request.GET["format"], found)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "payments": page.object_list, "tones": pages.PAYMENT_TONES,
        "sums": selectors.payments_sums(found),
    }  # fmt: skip
    return render(request, "disbursements/payment_list.html", context)


def payment_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One payment: to whom, from whose approvals, with which slip."""
    payment = seen_payment(request, pk)
    tranche = payment.tranche
    may = lifecycle.possible
    context = {
        "payment": payment,
        "tranche": tranche,
        "grant": tranche.grant,
        "tone": pages.PAYMENT_TONES.get(payment.state),
        "approvals": selectors.approvals_shown(tranche),
        "sources": sources_of(payment),
        "seen": set(contributions_visible_to(request.user).values_list("pk", flat=True)),
        "thread": threads.thread(tranche.grant, request.user, tranche=tranche),
        "entries": timeline(payment),
        "shows_account": selectors.shows_account(request.user, payment),
        "run": selectors.run_of(payment) if selectors.sees_runs(request.user) else None,
        "line": selectors.line_of(payment) if selectors.sees_runs(request.user) else None,
        "sends": may(payment, _sent(), actor=request.user),
        "confirms": may(payment, _arrived(payment), actor=request.user),
        "fails": may(payment, events.PaymentFailed(), actor=request.user),
        **selectors.conversion_shown(payment),
        "finance": selectors.sees_runs(request.user),
        "voucher": selectors.voucher_of(payment),
        "draws_voucher": may_draw_voucher(payment, actor=request.user),
        "enters_code": may_enter_code(payment, actor=request.user),
        "records_rate": may_record_rate(payment, actor=request.user),
        "attests": may_attest(payment, actor=request.user),
    }
    return render(request, "disbursements/payment_detail.html", context)


def _sent() -> events.PaymentSent:
    return events.PaymentSent(bank_reference="", slip_sha256="")


def _arrived(payment: Payment) -> events.PaymentConfirmed:
    day = payment.sent_on or payment.moved_at.date()
    return events.PaymentConfirmed(received_minor=payment.amount_minor, received_on=day, fee_minor=0)


def payment_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person releases the payment and keeps the bank's slip."""
    payment = seen_payment(request, pk)
    require(lifecycle.possible(payment, _sent(), actor=request.user))
    form = ReleaseForm(request.POST or None, request.FILES or None)
    answer = acted(
        request, form, lambda: payments.send_payment(payment, actor=person(request), **form.cleaned_data),
        done=_("Released. The organisation was asked to confirm that it arrived."), to=pages.url("payment_detail", payment),
    )  # fmt: skip
    context = {
        "payment": payment, "grant": payment.tranche.grant, "form": form,
        "approvals": selectors.approvals_shown(payment.tranche),
    }  # fmt: skip
    return answer or render(request, "disbursements/payment_release.html", context)


def payment_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The partner says what arrived."""
    payment = seen_payment(request, pk)
    if payment.state != "sent":
        raise Http404
    require(lifecycle.possible(payment, _arrived(payment), actor=request.user))
    form = ConfirmForm(request.POST or None, payment=payment)
    answer = acted(
        request, form, lambda: payments.confirm_payment(payment, actor=person(request), **form.cleaned_data),
        done=_("Thank you. The payment is settled in the books."), to=pages.url("grant_detail", payment.tranche.grant),
    )  # fmt: skip
    context = {"payment": payment, "grant": payment.tranche.grant, "form": form}
    return answer or render(request, "disbursements/payment_confirm.html", context)


def payment_fail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A finance officer records that the bank gave the money back."""
    payment = seen_payment(request, pk)
    require(lifecycle.possible(payment, events.PaymentFailed(), actor=request.user))
    form, back = ReasonForm(request.POST or None), pages.url("payment_detail", payment)
    answer = acted(
        request, form, lambda: payments.fail_payment(payment, actor=person(request), **form.cleaned_data), to=back,
        done=_("Recorded. The payment can be prepared again without new approvals."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=payment.tranche.grant, title=_("The payment came back"), whom=str(payment.tranche.grant.organisation),
        what=_("The money is free again on the grant's sources, and the payment can be prepared again."),
        undo=_("No. It stands in the record."), submit=_("Record that it came back"), cancel=back, danger=True,
    )  # fmt: skip


def payment_advice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The advice of a payment that was sent, in the reader's language, with the code of its proof."""
    payment = seen_payment(request, pk)
    if payment.sent_on is None:
        raise Http404
    return private_file(papers.advice(payment, get_language() or "ar"), f"{payment.key}.pdf")


def payment_attest(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draw the paper that a bank asks for; which exemption it cites stands in the record."""
    payment = seen_payment(request, pk)
    require(may_attest(payment, actor=request.user))
    form = AttestationForm(posted(request))
    if form.is_valid():
        cited = form.cited()
        lifecycle.note(payment, events.PaymentAttested(**cited), actor=person(request))
        paper = attestation(payment, form.cleaned_data["language"], reader=request.user, **cited)
        return private_file(paper, f"{payment.key}-attestation.pdf")
    return render(request, "disbursements/payment_attest.html", {"form": form, "payment": payment})


def payment_slip(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The bank's slip, for those who see the account."""
    payment = seen_payment(request, pk)
    require(selectors.shows_account(request.user, payment))
    if not payment.slip:
        raise Http404
    return send_private(payment.slip, name=payment.key)
