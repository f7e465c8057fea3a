"""Importing other funds' files through the back office: upload, rehearsal, confirmation, result."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from transparency import rules
from transparency.exports import csv_file
from transparency.forms import HistoryUploadForm
from transparency.models import HistoryImport
from transparency.problems import sentence
from transparency.selectors import imports as selectors
from transparency.services import runs


def _run(request: HttpRequest, pk: UUID) -> HistoryImport:
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("the access table lets only signed-in people come here")
    return request.user


def import_list(request: HttpRequest) -> HttpResponse:
    """All imports, the newest first."""
    return render(request, "transparency/import_list.html", {"imports": selectors.listed_for(request.user)[:100]})


def import_new(request: HttpRequest) -> HttpResponse:
    """Upload files; they are rehearsed by the worker before anything is written."""
    form = HistoryUploadForm(request.POST, request.FILES) if request.method == "POST" else HistoryUploadForm()
    if form.is_valid():
        skip = form.cleaned_data["skip_bad_rows"]
        run = runs.start_from_uploads(form.cleaned_data["uploads"], actor=_person(request), skip_bad_rows=skip)
        return redirect("transparency:history_import_detail", pk=run.pk)
    return render(request, "transparency/import_new.html", {"form": form})


def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far an import is, what it found, and the button that lets it run."""
    run = _run(request, pk)
    context = {
        "run": run,
        "files": run.files.all(),
        "problems": [(problem, sentence(problem.code, problem.params)) for problem in selectors.first_problems(run)],
        "not_read": [(name, sentence(code, {})) for name, code in run.not_read.items()],
        "permission": rules.may_confirm_import(run, actor=_person(request)),
        "may_repeat": rules.may_repeat_import(run, actor=_person(request)),
    }
    return render(request, "transparency/import_detail.html", context)


@require_http_methods(["GET", "POST"])
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what will happen, then let it happen."""
    run = _run(request, pk)
    if request.method == "POST":
        runs.confirm(run, actor=_person(request))
        messages.success(request, _("The import has begun. You may leave this page."))
        return redirect("transparency:history_import_detail", pk=run.pk)
    return render(request, "transparency/import_confirm.html", {"run": run})


@require_POST
def import_repeat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a broken import anew."""
    run = runs.repeat(_run(request, pk), actor=_person(request))
    messages.success(request, _("It begins anew. You may leave this page."))
    return redirect("transparency:history_import_detail", pk=run.pk)


def import_problems(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every problem of an import as a file."""
    run = _run(request, pk)
    header = [_("File"), _("Line"), _("Column"), _("Bad row"), _("What is wrong")]
    rows = (
        (p.file, p.line, p.column, _("yes") if p.grave else _("no, taken as it stands"), sentence(p.code, p.params))
        for p in selectors.all_problems(run)
    )
    return csv_file("problems.csv", header, rows)
