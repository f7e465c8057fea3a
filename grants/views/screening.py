"""Pages of officers: the pipeline, and the screening of one application."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from accounts.http import person
from grants.forms import screening as forms
from grants.forms.applications import PipelineForm
from grants.http import posted
from grants.models import Application
from grants.selectors import applications as selectors
from grants.selectors import calls, review_content, steps
from grants.selectors.screening import checklist
from grants.services import screening as services
from grants.states import ApplicationState
from kernel.money import Money, format_amount
from kernel.pagination import CountedPaginator
from kernel.permissions import Refused
from kernel.sectors import Sector
from kernel.spreadsheets import FORMATS, table_file

ROWS = 50
"""Applications on one page of the pipeline."""


def pipeline(request: HttpRequest) -> HttpResponseBase:
    """Every submitted application, narrowed by what stands in the address; the same list as CSV or XLSX."""
    user = person(request)
    form = PipelineForm(request.GET, calls=list(calls.to_choose(user)))
    found = selectors.pipeline(user, form.filters())
    if request.GET.get("format") in FORMATS:
        return _as_file(found, request.GET["format"])
    number, total_minor = selectors.counted(found)
    page = CountedPaginator(found, ROWS, number=number).get_page(request.GET.get("page"))
    states = selectors.state_labels()
    rows = [(one, states[one.state], steps.TONES[one.state]) for one in page]
    context = {"form": form, "page": page, "rows": rows, "total_minor": total_minor}
    return render(request, "grants/application_pipeline.html", context)


def _as_file(applications: Any, kind: str) -> FileResponse:
    head = [
        _("Number"), _("Organisation"), _("Project"), _("Call"), _("State"), _("Sector"), _("Governorates"),
        _("Amount asked for"), _("Currency"), _("Submitted"), _("Due"),
    ]  # fmt: skip
    states, sectors = selectors.state_labels(), {value: str(label) for value, label in Sector.choices}
    rows = (_row(one, states[one.state], sectors.get(one.sector, "")) for one in applications.iterator())
    return table_file(kind, "applications", head, rows, right_to_left=get_language_bidi())


def _row(one: Application, state: str, sector: str) -> list[object]:
    money = Money(one.requested_minor, one.call.currency)
    return [
        one.reference, one.organisation.name, one.title, one.call.reference, state, sector, " ".join(one.governorates), format_amount(money).replace(",", ""), money.currency,
        one.submitted_at.date().isoformat() if one.submitted_at else "",
        one.step_due.date().isoformat() if one.step_due else "",
    ]  # fmt: skip


def application_screen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The application beside its checklist, or beside the other officer's proposal."""
    user = person(request)
    application = get_object_or_404(selectors.with_call(selectors.visible_to(user)), pk=pk)
    proposed = application.state == ApplicationState.INELIGIBILITY_PROPOSED
    form = _form(request, application, proposed=proposed)
    if request.method == "POST" and form.is_valid() and _done(request, application, form):
        return redirect("grants:application_detail", pk)
    items = checklist(application)
    context = {
        "application": application,
        "form": form,
        "proposed": proposed,
        "step": replace(steps.officer_step(application, user), mine=False),
        "content": review_content(application),
        "broken": [item for item in items if application.checklist.get(item.key) is False],
    }
    return render(request, "grants/screening_form.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, application: Application, *, proposed: bool) -> Any:
    data = posted(request)
    if proposed:
        return forms.JudgementForm(data)
    return forms.ChecklistForm(checklist(application), data, may_return=not application.returned_once)


def _done(request: HttpRequest, application: Application, form: Any) -> bool:
    try:
        _act(application, form, actor=person(request))
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    messages.success(request, _("Recorded. The organisation is told where it concerns them."))
    return True


def _act(application: Application, form: Any, *, actor: Any) -> None:
    said = form.cleaned_data
    match said["outcome"]:
        case forms.ELIGIBLE:
            services.find_eligible(application, checklist=form.checklist(), actor=actor)
        case forms.RETURN:
            services.return_for_completion(application, items=said["words"].splitlines(), actor=actor)
        case forms.INELIGIBLE:
            services.propose_ineligible(application, checklist=form.checklist(), actor=actor, reason=said["words"])
        case forms.CONFIRM:
            services.confirm_ineligible(application, actor=actor, reason=said["reason"])
        case _:
            services.overturn_ineligible(application, actor=actor, reason=said["reason"])
