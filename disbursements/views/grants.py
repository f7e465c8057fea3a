"""List and page of grants; suspension, termination."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import exports, pages, revision_pages, selectors, threads
from disbursements.forms import GrantFilterForm, ReasonForm
from disbursements.views.common import acted, confirmed, seen_grant
from grants import events
from grants.models import Grant
from grants.rules.extensions import is_asked_in_time
from grants.rules.revisions import may_begin
from grants.see_also import pages_about
from grants.selectors import conditions, grants, revisions
from grants.selectors.durations import should_have_begun
from grants.services import closure
from grants.states import RevisionState
from kernel.permissions import require
from kernel.spreadsheets import FORMATS

PER_PAGE = 25


def _filters(form: GrantFilterForm) -> grants.Filters:
    data = form.cleaned_data if form.is_valid() else {}
    call = data.get("call")
    return grants.Filters(
        data.get("state", ""), str(call.pk) if call else "", data.get("governorate", ""), data.get("text", "")
    )


def grants_asked(request: HttpRequest) -> tuple[GrantFilterForm, QuerySet[Grant]]:
    """Grants that the person may see, narrowed by what stands in the address: for the list, its file and its sums."""
    form = GrantFilterForm(request.GET, calls=grants.calls_with_grants(request.user))
    return form, grants.listed(request.user, _filters(form))


def grant_list(request: HttpRequest) -> HttpResponseBase:
    """The grants asked for, with their sums and as a file."""
    form, found = grants_asked(request)
    if request.GET.get("format") in FORMATS:
        return exports.grants_file(request.GET["format"], found)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "grants": page.object_list, "tones": pages.GRANT_TONES, "sums": grants.sums_of(found),
    }  # fmt: skip
    return render(request, "disbursements/grant_list.html", context)


def grant_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything about one grant: next step, money, schedule, reports, conditions, documents, record."""
    grant = seen_grant(request, pk)
    tranches, reports = list(selectors.schedule_of(grant)), list(grants.reports_of(grant))
    changes = list(revisions.revisions_of(grant))
    context = {
        "grant": grant,
        "step": pages.grant_step(grant, request.user, tranches, reports),
        "thread": threads.thread(grant, request.user),
        "bar": threads.bar(tranches),
        "parts": threads.parts_of(grant),
        "tranches": tranches,
        "reports": reports,
        "conditions": conditions.conditions_of(grant),
        "condition_tones": pages.CONDITION_TONES,
        "revisions": changes,
        "months": grant.months + sum(one.months for one in changes if one.state == RevisionState.EFFECTIVE),
        "revision_tones": revision_pages.TONES,
        "cash": pages.cash_of(grant),
        "should_have_begun": should_have_begun(grant),
        "refund": selectors.refund_of(grant),
        "entries": timeline(grant),
        "also": pages_about(grant, request.user),
        "tones": pages.TONES,
        "report_tones": pages.REPORT_TONES,
        **_acts(grant, request.user),
    }
    return render(request, "disbursements/grant_detail.html", context)


def _acts(grant: Grant, user: Any) -> dict[str, Any]:
    """Which acts beside the next step the person may do."""
    may = lifecycle.possible
    return {
        "redraws": grant.state == "agreement_drafted" and may(grant, _drawn(grant), actor=user),
        "revises": grant.state == "active" and may_begin(grant, actor=user),
        "extends": grant.state == "active" and is_asked_in_time(grant),
        "suspends": may(grant, events.GrantSuspended(), actor=user),
        "resumes": may(grant, events.GrantResumed(), actor=user),
        "terminates": may(grant, events.GrantTerminated(), actor=user),
    }


def _drawn(grant: Grant) -> events.AgreementDrafted:
    starts, ends = grant.starts_on, grant.ends_on
    if starts is None or ends is None:
        raise ValueError(f"{grant.reference} has no agreed dates")
    return events.AgreementDrafted(sha256_ar="", sha256_en="", starts_on=starts, ends_on=ends)


_ACTS: dict[str, tuple[Any, Any]] = {
    "suspend": (events.GrantSuspended, closure.suspend),
    "resume": (events.GrantResumed, closure.resume),
    "terminate": (events.GrantTerminated, closure.terminate),
}


def _words(act: str) -> dict[str, Any]:
    return {
        "suspend": {
            "title": _("Suspend the grant"),
            "what": _("No tranche is requested, approved or sent until the suspension ends."),
            "undo": _("Yes: the suspension can be ended at any time."),
            "done": _("The grant is suspended; the organisation was told why."),
        },
        "resume": {
            "title": _("End the suspension"),
            "what": _("Payments go on where they stopped."),
            "undo": _("Yes: the grant can be suspended again."),
            "done": _("The suspension has ended."),
        },
        "terminate": {
            "title": _("Terminate the grant"),
            "what": _(
                "What was not sent is not paid any more; the organisation reports and gives back what it did not spend."
            ),
            "undo": _("No. A terminated grant is only closed."),
            "done": _("The grant is terminated; the organisation was told why."),
        },
    }[act]


def grant_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Suspend, resume or terminate, with a reason."""
    grant = seen_grant(request, pk)
    event, service = _ACTS[act]
    require(lifecycle.possible(grant, event(), actor=request.user))
    form, words, back = ReasonForm(request.POST or None), _words(act), pages.url("grant_detail", grant)
    answer = acted(
        request,
        form,
        lambda: service(grant, actor=person(request), **form.cleaned_data),
        done=words.pop("done"),
        to=back,
    )
    whom = f"{grant.organisation} · {grant.reference}"
    return answer or confirmed(
        request, form, **words, whom=whom, submit=words["title"], cancel=back, danger=act != "resume", grant=grant
    )
