"""Reports: written by the partner, reviewed by the fund."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import pages, threads
from disbursements.forms import AcceptReportForm, ReasonForm, ReportForms, ReturnReportForm
from disbursements.views.common import acted, confirmed, seen_grant, seen_report
from grants import autosaving, events
from grants.autosaving import TAB_LENGTH
from grants.fingerprints import report_sha256
from grants.merging import Sent
from grants.models import Report, ReportSave
from grants.pages import Typed, version_in
from grants.rules.reports import may_write
from grants.selectors import grants
from grants.selectors import report_drafts as drafts
from grants.services import report_drafts, reports
from kernel.devices import may_keep
from kernel.permissions import Refused, require
from organisations.rules import is_person_of


def report_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A report as it stands, its money against the budget, and what may be done with it."""
    report = seen_report(request, pk)
    may = lifecycle.possible
    context = {
        "report": report,
        "grant": report.grant,
        "tone": pages.REPORT_TONES.get(report.state),
        "spending": grants.spending_of(report),
        "thread": threads.thread(report.grant, request.user, report=report),
        "entries": timeline(report),
        "light": grants.rules_of(report.grant).reports if grants.is_light(report.grant) else None,
        "review_due": reports.review_due(report) if report.state == "submitted" else None,
        "writes": may_write(report, actor=request.user),
        "opens": may(report, events.ReportOpened(), actor=request.user),
        "submits": may(report, _submitted(report), actor=request.user),
        "accepts": may(report, _judged(events.ReportAccepted, report), actor=request.user),
        "returns": may(report, _judged(events.ReportReturned, report), actor=request.user),
        "waives": may(report, events.ReportWaived(), actor=request.user),
        "takes_back": may(report, events.FurtherReportTakenBack(), actor=request.user),
    }
    return render(request, "disbursements/report_detail.html", context)


def _submitted(report: Report) -> events.ReportSubmitted:
    return events.ReportSubmitted(spent_minor=report.spent_minor, content_sha256="")


def report_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the report: what is readable is kept at once, what is not stays on the page to be mended."""
    report = seen_report(request, pk)
    require(may_write(report, actor=request.user))
    if request.method == "POST":
        return _written(request, report)
    save = drafts.last_save(report)
    texts = ReportForms(report).texts()
    typed = Typed(save.answers if save else texts, save.version if save else 0, uuid4().hex, save=save)
    return _page(request, report, typed, ReportForms(report, save.answers if save else None))


def _written(request: HttpRequest, report: Report) -> HttpResponse:
    """A page that was sent whole, by its button."""
    texts = ReportForms(report).posted(request.POST)
    typed = Typed(texts, version_in(request.POST), request.POST.get("tab", "")[:TAB_LENGTH])
    sent = {name: Sent(text, typed.version) for name, text in texts.items()}
    save, conflicts = _kept(request, report, sent, tab=typed.tab, base=typed.version)
    if conflicts:
        typed = typed.against(save, conflicts, drafts.writer_of(save, conflicts[0]))
        return _page(request, report, typed, ReportForms(report, typed.answers), status=409)
    both = ReportForms(report, save.answers)
    if not both.is_valid():
        return _page(request, report, replace(typed, answers=save.answers, version=save.version, save=save), both)
    messages.success(request, _("Saved."))
    return redirect(pages.url("report_submit" if "submit" in request.POST else "report_edit", report))


def _kept(
    request: HttpRequest, report: Report, sent: Mapping[str, Sent], *, tab: str, base: int | None = None
) -> tuple[ReportSave, list[str]]:
    shown = ReportForms(report).texts()
    return report_drafts.write(report, sent, shown=shown, read=_read, tab=tab, actor=person(request), base=base)


def _read(report: Report, texts: Mapping[str, Any]) -> dict[str, Any]:
    both = ReportForms(report, texts)
    both.is_valid()
    return both.understood()


def _page(request: HttpRequest, report: Report, typed: Typed, both: ReportForms, *, status: int = 200) -> HttpResponse:
    others = [(both.label(name), typed.other.answers.get(name, "")) for name in typed.conflicts] if typed.other else []
    context = {
        "report": report, "grant": report.grant, "forms": both, "typed": typed, "others": others,
        "thread": threads.thread(report.grant, request.user, report=report),
    }  # fmt: skip
    return may_keep(render(request, "disbursements/report_edit.html", context, status=status), request.user)


@require_POST
def report_save(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Keep the fields that changed, in the background, as pages of applications do: 200, 409 where another text stands."""
    report = seen_report(request, pk)
    sending = autosaving.read(request.body)
    if sending is None:
        return JsonResponse({}, status=400)
    try:
        save, conflicts = _kept(request, report, sending.fields, tab=sending.tab[:TAB_LENGTH])
    except Refused as refused:
        return JsonResponse({"reason": str(refused.reason)}, status=403)
    told = autosaving.answer(save, sending, conflicts, writer=drafts.writer_of)
    return JsonResponse(told, status=409 if conflicts else 200)


def report_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The partner begins to write before the calendar opens the report."""
    report = seen_report(request, pk)
    try:
        reports.open_report(report, actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect(pages.url("report_detail", report))
    return redirect(pages.url("report_edit", report))


@require_POST
def report_begin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The partner begins a further progress report, because a tranche waits for more spending."""
    grant = seen_grant(request, pk)
    require(is_person_of(request.user, grant.organisation))
    try:
        report = reports.begin_further_report(grant, actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect(pages.url("grant_detail", grant))
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


def _judged(event: Any, report: Report) -> Any:
    """A judgement of the report as it stands now, for asking whether it would be let through."""
    more: dict[str, Any] = {"spent_minor": 0} if event is events.ReportAccepted else {"due_on": timezone.localdate()}
    return event(**more, content_sha256=report_sha256(report))


_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "accept": (events.ReportAccepted, reports.accept_report, AcceptReportForm),
    "return": (events.ReportReturned, reports.return_report, ReturnReportForm),
    "waive": (events.ReportWaived, reports.waive_report, ReasonForm),
    "take_back": (events.FurtherReportTakenBack, reports.take_back_report, forms.Form),
}


def _words(act: str) -> dict[str, Any]:
    return {
        "accept": {
            "title": _("Accept the report"),
            "what": _("Its spending counts, and the tranche that waited for it may be requested."),
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
            "what": _("It is not written any more and holds no tranche."),
            "undo": _("No."),
            "done": _("Waived."),
        },
        "take_back": {
            "title": _("Take the further report back"),
            "what": _("It is not sent. You may begin another one while a tranche waits for more spending."),
            "undo": _("No. What you wrote stays readable."),
            "done": _("Taken back."),
        },
    }[act]


def report_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Accept or return exactly what the page shows; waive; take a further report back."""
    report = seen_report(request, pk)
    event, service, make = _ACTS[act]
    judges = act in {"accept", "return"}
    wanted = _judged(event, report) if judges else event()
    require(lifecycle.possible(report, wanted, actor=request.user))
    form = make(request.POST if request.method == "POST" else None, initial={"content_sha256": report_sha256(report)})
    words, back = _words(act), pages.url("report_detail", report)
    answer = acted(
        request,
        form,
        lambda: service(report, actor=person(request), **form.cleaned_data),
        done=words.pop("done"),
        to=back,
    )
    whom = f"{report.grant.organisation} · {report.grant.reference}"
    shown = {} if not judges else {"report": report, "spending": grants.spending_of(report)}
    return answer or confirmed(
        request, form, **words, whom=whom, submit=words["title"], cancel=back, grant=report.grant, **shown
    )
