"""Reports: written by the partner, reviewed by the fund."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import pages
from disbursements.forms import NoteForm, ReasonForm, ReportForms
from disbursements.views.common import acted, confirmed, seen_report
from grants import events
from grants.models import Report
from grants.rules.reports import may_write
from grants.selectors import grants
from grants.services import reports
from kernel.permissions import Refused, require


def report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A report as it stands, its money against the budget, and what may be done with it."""
    report = seen_report(request, pk)
    may = lifecycle.possible
    context = {
        "report": report,
        "grant": report.grant,
        "tone": pages.REPORT_TONES.get(report.state),
        "spending": grants.spending_of(report),
        "thread": pages.thread(report.grant, request.user, report=report),
        "entries": timeline(report),
        "review_due": reports.review_due(report) if report.state == "submitted" else None,
        "writes": may_write(report, actor=request.user),
        "opens": may(report, events.ReportOpened(), actor=request.user),
        "submits": may(report, _submitted(report), actor=request.user),
        "accepts": may(report, events.ReportAccepted(spent_minor=0), actor=request.user),
        "returns": may(report, events.ReportReturned(due=""), actor=request.user),
        "waives": may(report, events.ReportWaived(), actor=request.user),
    }
    return render(request, "disbursements/report_detail.html", context)


def _submitted(report: Report) -> events.ReportSubmitted:
    return events.ReportSubmitted(spent_minor=report.spent_minor, content_sha256="")


def report_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the report: what is readable is kept at once, what is not stays on the page to be mended."""
    report = seen_report(request, pk)
    require(may_write(report, actor=request.user))
    both = ReportForms(report, request.POST or None)
    if request.method == "POST":
        valid = both.is_valid()
        reports.save_report(report, actor=person(request), **both.understood())
        if valid:
            messages.success(request, _("Saved."))
            page = "report_submit" if "submit" in request.POST else "report_edit"
            return redirect(pages.url(page, report))
    context = {
        "report": report, "grant": report.grant, "forms": both, "spending": grants.spending_of(report),
        "thread": pages.thread(report.grant, request.user, report=report),
    }  # fmt: skip
    return render(request, "disbursements/report_edit.html", context)


def report_save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Autosave: keep what can be read, answer 204; what was refused waits for the next save by hand."""
    report = seen_report(request, pk)
    require(may_write(report, actor=request.user))
    both = ReportForms(report, request.POST)
    both.is_valid()
    reports.save_report(report, actor=person(request), **both.understood())
    return HttpResponse(status=204)


def report_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The partner begins to write before the calendar opens the report."""
    report = seen_report(request, pk)
    try:
        reports.open_report(report, actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect(pages.url("report_detail", report))
    return redirect(pages.url("report_edit", report))


def report_submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory submits what the page shows."""
    report = seen_report(request, pk)
    require(may_write(report, actor=request.user))
    form, back = forms.Form(request.POST), pages.url("report_detail", report)
    answer = acted(
        request, form, lambda: reports.submit_report(report, actor=person(request)), to=back,
        done=_("Submitted. The fund reviews it within the charter's days."),
    )  # fmt: skip
    context = {
        "report": report, "grant": report.grant, "spending": grants.spending_of(report), "form": form,
        "may": lifecycle.possible(report, _submitted(report), actor=request.user),
    }  # fmt: skip
    return answer or render(request, "disbursements/report_submit.html", context)


_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "accept": (events.ReportAccepted(spent_minor=0), reports.accept_report, forms.Form),
    "return": (events.ReportReturned(due=""), reports.return_report, NoteForm),
    "waive": (events.ReportWaived(), reports.waive_report, ReasonForm),
}


def _words(act: str) -> dict[str, Any]:
    return {
        "accept": {
            "title": _("Accept the report"),
            "what": _("Its spending counts, and the payment that waited for it may be requested."),
            "undo": _("No."),
            "done": _("Accepted."),
        },
        "return": {
            "title": _("Return the report"),
            "what": _("The organisation mends it within the charter's days."),
            "undo": _("No. The organisation submits it again."),
            "done": _("Returned; the organisation was told what to mend."),
        },
        "waive": {
            "title": _("Waive the report"),
            "what": _("It is not written any more and holds no payment."),
            "undo": _("No."),
            "done": _("Waived."),
        },
    }[act]


def report_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Accept, return or waive."""
    report = seen_report(request, pk)
    event, service, make = _ACTS[act]
    require(lifecycle.possible(report, event, actor=request.user))
    form = make(request.POST if request.method == "POST" else None)
    words, back = _words(act), pages.url("report_detail", report)
    answer = acted(
        request,
        form,
        lambda: service(report, actor=person(request), **form.cleaned_data),
        done=words.pop("done"),
        to=back,
    )
    whom = f"{report.grant.organisation} · {report.grant.reference}"
    return answer or confirmed(
        request, form, **words, whom=whom, submit=words["title"], cancel=back, grant=report.grant
    )
