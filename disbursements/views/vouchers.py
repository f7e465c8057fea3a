"""Vouchers of cash payments: the payee draws one, finance enters its code."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.http import person, posted
from disbursements import pages, papers
from disbursements.forms.vouchers import CodeForm, VoucherForm
from disbursements.rules import may_draw_voucher, may_enter_code
from disbursements.services import vouchers
from disbursements.views.common import acted, seen_payment
from kernel.downloads import private_file
from kernel.permissions import require


def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Draw the voucher: its code stands on this paper alone, and an earlier voucher ends."""
    payment = seen_payment(request, pk)
    require(may_draw_voucher(payment, actor=request.user))
    form = VoucherForm(posted(request))
    if form.is_valid():
        voucher, code = vouchers.issue_voucher(payment, actor=person(request))
        paper = papers.voucher(voucher, code, form.cleaned_data["language"])
        return private_file(paper, f"{payment.key}-voucher.pdf")
    return render(request, "disbursements/voucher_issue.html", {"form": form, "payment": payment})


def redeem(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the code that the payee showed where the notes are handed over."""
    payment = seen_payment(request, pk)
    require(may_enter_code(payment, actor=request.user))
    form, to = CodeForm(posted(request)), pages.url("payment_detail", payment)
    answer = acted(
        request, form, lambda: vouchers.redeem(payment, actor=person(request), **form.cleaned_data), to=to,
        done=_("The code is right. The payment is settled in the books."),
    )  # fmt: skip
    return answer or render(request, "disbursements/voucher_redeem.html", {"form": form, "payment": payment})
