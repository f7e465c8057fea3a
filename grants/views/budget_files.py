"""The budget of an application as a workbook: given out, and taken in after a look at it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from grants import pages
from grants.forms.questions import BudgetFileForm
from grants.models import Application
from grants.rules import applications as rules
from grants.selectors import applications as selectors
from grants.selectors import parts
from grants.services import budget_files
from kernel.permissions import Refused, require
from kernel.spreadsheets import workbook_file


def _own(request: HttpRequest, pk: uuid.UUID) -> Application:
    return get_object_or_404(selectors.with_call(selectors.own(person(request))), pk=pk)


def _kept(application: Application) -> str:
    """Under which key the session keeps lines that were read but not taken yet."""
    return f"budget:{application.pk}"


def application_budget_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The budget's lines as a workbook, to go on with in Excel."""
    application = _own(request, pk)
    return workbook_file(budget_files.budget_workbook(application), f"{application.reference}-budget.xlsx")


def application_budget_upload(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look at a workbook: every cell that cannot be read, or the budget as it would be."""
    application = _own(request, pk)
    require(rules.is_editable(application))
    form = BudgetFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"application": application, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            lines = budget_files.read_budget(application, form.cleaned_data["file"])
        except budget_files.UnreadableBudgetError as unreadable:
            context["findings"] = unreadable.findings
        else:
            save = parts.last_save(application, parts.BUDGET)
            request.session[_kept(application)] = {"lines": lines, "version": save.version if save else 0}
            context |= pages.budget_preview(application, lines)
    wrong = bool(form.errors or "findings" in context)
    return render(request, "grants/application_budget_upload.html", context, status=422 if wrong else 200)


@require_POST
def application_budget_use(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the lines that were just shown take the place of the budget."""
    application = _own(request, pk)
    kept = request.session.pop(_kept(application), None)
    if kept is None:
        messages.error(request, _("Choose the workbook again: what was read of it is no longer kept."))
        return redirect("grants:application_budget_upload", pk)
    try:
        budget_files.take_budget(application, kept["lines"], version=kept["version"], actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("The budget now has the lines of the workbook."))
    return redirect("grants:application_part", pk, parts.BUDGET)
