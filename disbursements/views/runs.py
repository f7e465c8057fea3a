"""The fund's accounts, and the files that order payments from the bank."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import events, pages, selectors
from disbursements.forms import FundAccountForm, ListFilterForm, ReasonForm, RunForm, RunReleaseForm
from disbursements.models import FundAccount, PaymentRun
from disbursements.rules import may_prepare_run, may_record_fund_account
from disbursements.services import runs
from disbursements.states import RunState
from disbursements.views.common import acted, confirmed
from kernel.permissions import require

PER_PAGE = 25


def seen_run(request: HttpRequest, pk: UUID) -> PaymentRun:
    """The file, or 404 for who may not know of it."""
    return get_object_or_404(selectors.run_page(request.user), pk=pk)


def run_list(request: HttpRequest) -> HttpResponse:
    """Files for the bank, and how many prepared payments wait for one."""
    form = ListFilterForm(request.GET, states=RunState.choices)
    page = Paginator(selectors.runs_listed(request.user, **form.filters()), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "runs": page.object_list, "tones": pages.RUN_TONES,
        "waiting": selectors.payments_to_order(request.user).count(), "accounts": selectors.fund_accounts(),
        "prepares": may_prepare_run(PaymentRun(), actor=request.user),
    }  # fmt: skip
    return render(request, "disbursements/run_list.html", context)


def fund_account_new(request: HttpRequest) -> HttpResponse:
    """A finance officer records an account of the fund."""
    require(may_record_fund_account(FundAccount(), actor=request.user))
    form = FundAccountForm(request.POST or None)
    answer = acted(
        request, form, lambda: runs.record_fund_account(actor=person(request), **form.cleaned_data),
        done=_("Recorded. Files for the bank can order payments from it."), to=reverse("disbursements:run_list"),
    )  # fmt: skip
    return answer or render(request, "disbursements/fund_account_new.html", {"form": form})


def run_new(request: HttpRequest) -> HttpResponse:
    """A finance officer puts prepared payments into one file."""
    require(may_prepare_run(PaymentRun(), actor=request.user))
    found = selectors.payments_to_order(request.user)
    form = RunForm(request.POST or None, accounts=selectors.fund_accounts(), payments=found)
    answer = acted(
        request, form, lambda: runs.prepare_run(actor=person(request), **form.cleaned_data),
        done=_("The file is written. Another person reads and releases it."), to=reverse("disbursements:run_list"),
    )  # fmt: skip
    context = {"form": form, "waiting": len(found), "accounts": selectors.fund_accounts()}
    return answer or render(request, "disbursements/run_new.html", context)


def run_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file: its payments, its sums, its hash, who made and who released it."""
    run = seen_run(request, pk)
    may = lifecycle.possible
    context = {
        "run": run,
        "tone": pages.RUN_TONES.get(run.state),
        "entries": timeline(run),
        "releases": may(run, events.RunReleased(file_sha256=run.sha256), actor=request.user),
        "discards": may(run, events.RunDiscarded(), actor=request.user),
        "given": run.state == RunState.RELEASED,
    }
    return render(request, "disbursements/run_detail.html", context)


def run_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person releases exactly the file that the page shows."""
    run = seen_run(request, pk)
    require(lifecycle.possible(run, events.RunReleased(file_sha256=run.sha256), actor=request.user))
    form = RunReleaseForm(request.POST or None, initial={"file_sha256": run.sha256})
    answer = acted(
        request, form, lambda: runs.release_run(run, actor=person(request), **form.cleaned_data),
        done=_("Released. Take the file and give it to the bank; the organisations were told."),
        to=pages.url("run_detail", run),
    )  # fmt: skip
    return answer or render(request, "disbursements/run_release.html", {"run": run, "form": form})


def run_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Finance gives up a file that was not released."""
    run = seen_run(request, pk)
    require(lifecycle.possible(run, events.RunDiscarded(), actor=request.user))
    form, back = ReasonForm(request.POST or None), pages.url("run_detail", run)
    answer = acted(
        request, form, lambda: runs.discard_run(run, actor=person(request), **form.cleaned_data), to=back,
        done=_("Discarded. Its payments can go into another file."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, title=_("Discard the file"), cancel=back, submit=_("Discard the file"), danger=True,
        what=_("The file %(run)s never goes to the bank; its payments stay prepared.") % {"run": run.reference},
        undo=_("No, but its payments can go into another file."),
    )  # fmt: skip


def run_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file for the bank, the same bytes each time; only after its release."""
    run = seen_run(request, pk)
    if run.state != RunState.RELEASED:
        raise Http404
    return _sent(selectors.file_bytes(run), name=f"{run.reference}.xml")


def _sent(content: bytes, *, name: str) -> HttpResponse:
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(content, content_type="application/xml", headers=headers)
