"""A form as an XLSForm: taken in with a preview before it replaces anything, and given out."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from grants import call_pages
from grants.forms.questions import WorkbookForm
from grants.models import Call
from grants.rules import calls as rules
from grants.selectors import calls as selectors
from grants.selectors.xlsforms import workbook_of
from grants.services import call_forms
from grants.xlsforms.plan import FormPlan
from grants.xlsforms.reading import read_form
from grants.xlsforms.sheets import UnusableError
from kernel.permissions import Refused, require
from kernel.spreadsheets import workbook_file


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    return get_object_or_404(selectors.with_form(selectors.visible_to(request.user)), pk=pk)


def _kept(call: Call) -> str:
    """Under which key the session keeps a form that was read but not used yet."""
    return f"xlsform:{call.pk}"


def call_xlsform(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The form as a workbook: whoever sees the call may look at it in Kobo."""
    call = _call(request, pk)
    return workbook_file(workbook_of(call), f"{call.reference}.xlsx")


def call_form_upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take in a workbook: everything that is wrong at its place, or the form as it would be asked."""
    call = _call(request, pk)
    require(rules.may_change(call, actor=person(request)))
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"call": call, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            plan = read_form(form.cleaned_data["file"])
        except UnusableError as unusable:
            context["findings"] = call_pages.findings_of(unusable.findings)
        else:
            request.session[_kept(call)] = plan.as_data()
            context["preview"] = call_pages.preview(plan)
    wrong = bool(form.errors or "findings" in context)
    return render(request, "grants/call_form_upload.html", context, status=422 if wrong else 200)


@require_POST
def call_form_use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put the form that was just shown in the place of the draft's."""
    call = _call(request, pk)
    require(rules.may_change(call, actor=person(request)))
    data = request.session.pop(_kept(call), None)
    if data is None:
        messages.error(request, _("Choose the workbook again: what was read of it is no longer kept."))
        return redirect("grants:call_form_upload", pk)
    try:
        call_forms.replace_form(call, FormPlan.of_data(data), actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("The form now asks what the workbook says."))
    return redirect("grants:call_form", pk)
