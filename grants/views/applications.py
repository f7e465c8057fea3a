"""Pages of organisations: their applications, page by page, to the receipt and the reasons."""

import uuid
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person
from grants import autosaving, exports, pages, stages
from grants.attachments import FILE
from grants.forms.applications import MORE_LINES, SubmitForm, WithdrawForm
from grants.http import posted
from grants.models import Application
from grants.rules import applications as rules
from grants.selectors import applications as selectors
from grants.selectors import attachments as attachments_named
from grants.selectors import calls as call_selectors
from grants.selectors import content, letters, parts
from grants.selectors.frozen import remember
from grants.services import applications as services
from grants.services import attachments
from grants.views.files import attachment
from kernel.database import now_in_database
from kernel.devices import may_keep
from kernel.downloads import private_file
from kernel.permissions import Refused, require
from kernel.spreadsheets import workbook_file
from organisations.rules import is_person_of
from organisations.selectors import organisations_of


def _own(request: HttpRequest, pk: uuid.UUID) -> Application:
    """An application of the reader's organisation; to strangers it does not exist."""
    rows = selectors.own(person(request)).select_related("call", "organisation")
    application = get_object_or_404(rows.defer("call__frozen_rules", "call__text"), pk=pk)
    remember(application.call)
    return application


def application_list(request: HttpRequest) -> HttpResponse:
    """All applications of my organisations, and the calls that are open."""
    return render(request, "grants/application_list.html", pages.own_applications(person(request)))


@require_POST
def application_start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin, or go on with, my organisation's application in a call."""
    user = person(request)
    call = get_object_or_404(call_selectors.visible_to(user), pk=pk)
    mine = list(organisations_of(user))
    if "organisation" in request.POST:
        mine = [one for one in mine if str(one.pk) == request.POST["organisation"]]
        if not mine:
            raise Http404
    if not mine:
        messages.error(request, _("Register your organisation first: it takes ten minutes, all year round."))
        return redirect("grants:call_detail", pk)
    try:
        application = services.start(call, mine[0], actor=user)
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return redirect("grants:call_detail", pk)
    return redirect("grants:application_detail", application.pk)


def application_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The task list of a draft, the tracker of what was submitted; officers and readers see the content."""
    user = person(request)
    application = get_object_or_404(selectors.with_call(selectors.visible_to(user)), pk=pk)
    if not is_person_of(user, application.organisation):
        return render(request, "grants/application_read.html", pages.reading(application, user))
    return may_keep(render(request, "grants/application_detail.html", pages.own_application(application, user)), user)


def application_part(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """One page of the form."""
    application = _own(request, pk)
    part = parts.part_called(application, key)
    if part is None:
        raise Http404
    require(rules.is_editable(application))
    if request.method == "POST":
        return _save(request, application, part)
    save = parts.last_save(application, key)
    return _show(request, application, part, pages.Typed.of_save(part, application, save))


def _save(request: HttpRequest, application: Application, part: parts.Part) -> HttpResponse:
    typed = pages.Typed.of_request(part, application, request.POST)
    try:
        typed, wrong = _with_files(request, application, part, typed)
        save, reading = services.save_part(
            application, part.key, typed.answers, version=typed.version, tab=typed.tab, actor=person(request)
        )
    except services.Outdated as outdated:
        return _show(
            request, application, part, typed.against(outdated.current, outdated.conflicts, outdated.by), status=409
        )
    except Refused as refused:
        messages.error(request, str(refused.reason))
        return _show(request, application, part, typed, status=403)
    reading.errors |= wrong
    if "more" in request.POST or reading.errors or reading.blocking:
        return _show(request, application, part, typed.saved(save, reading), more=request.POST.get("more", ""))
    if set(request.POST.get("folded", "").split()) & set(reading.missing):
        messages.info(request, _("Saved. Your answers opened further questions on this page."))
        return _show(request, application, part, typed.saved(save, reading))
    messages.success(request, _("Saved."))
    application.refresh_from_db(fields=["expected_minor", "requested_minor"])  # they decide which pages follow
    following = pages.next_part(application, part)
    return (
        redirect("grants:application_part", application.pk, following)
        if following
        else redirect("grants:application_detail", application.pk)
    )


def _with_files(
    request: HttpRequest, application: Application, part: parts.Part, typed: pages.Typed
) -> tuple[pages.Typed, dict[str, list[str]]]:
    """What was typed, together with the files that came with the page, and what is wrong with others."""
    files = {
        name.removeprefix(FILE): one
        for name, one in request.FILES.items()
        if name.startswith(FILE) and isinstance(one, UploadedFile)
    }
    if part.section is None or not files:
        return typed, {}
    taken, wrong = attachments.attach(application, part.section, files, actor=person(request))
    return replace(typed, answers={**typed.answers, **taken}), wrong


def _show(
    request: HttpRequest,
    application: Application,
    part: parts.Part,
    typed: pages.Typed,
    *,
    status: int = 200,
    more: str = "",
) -> HttpResponse:
    context = pages.part_page(application, part, typed, spare=MORE_LINES if more else None, more=more)
    template = "grants/application_budget.html" if part.key == parts.BUDGET else "grants/application_part.html"
    return may_keep(render(request, template, context, status=status), request.user)


@require_POST
def application_autosave(request: HttpRequest, pk: uuid.UUID, key: str) -> JsonResponse:
    """Keep the fields that changed, in the background: 200 when they are kept, 409 where another text stands.

    The answer says the version that stands now and what others changed meanwhile; 403 says why nothing can be kept.
    """
    user = person(request)
    sent = autosaving.read(request.body)
    if sent is None:
        return _not_kept(user, pk, {}, status=400)
    files = partial(attachments_named.names_of, Application(pk=pk))
    try:
        save, _reading = services.save_fields(Application(pk=pk), key, sent.fields_of(key), tab=sent.tab, actor=user)
    except (LookupError, Application.DoesNotExist) as unknown:
        raise Http404 from unknown
    except services.Outdated as outdated:
        return JsonResponse(autosaving.answer(outdated.current, sent, outdated.conflicts, files=files), status=409)
    except Refused as refused:
        return _not_kept(user, pk, {"reason": str(refused.reason)}, status=403)
    return JsonResponse(autosaving.answer(save, sent, [], files=files))


def _not_kept(user: Any, pk: uuid.UUID, said: dict[str, str], *, status: int) -> JsonResponse:
    """Why nothing was kept, for the application's own people; only here is asked whose it is: to strangers it does not exist."""
    get_object_or_404(selectors.own(user).only("pk"), pk=pk)
    return JsonResponse(said, status=status)


def application_submit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything once more, what is missing, and the signatory's word."""
    begun_at = now_in_database()
    application = _own(request, pk)
    if not rules.is_open_to_send(application):
        return redirect("grants:application_detail", pk)
    form = SubmitForm(posted(request))
    if request.method == "POST":
        may = rules.may_submit(application, actor=person(request))
        if not may:
            services.came_late(application, actor=person(request))
        require(may)
        if form.is_valid() and _submitted(request, application, form, begun_at):
            return redirect("grants:application_detail", pk)
    context = pages.submission(application, person(request), form)
    return render(request, "grants/application_submit.html", context, status=422 if form.errors else 200)


def _submitted(request: HttpRequest, application: Application, form: SubmitForm, begun_at: Any) -> bool:
    try:
        services.submit(application, actor=person(request), begun_at=begun_at)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    words = (
        _("Your concept note has arrived. Its receipt is on this page.")
        if stages.is_concept(application)
        else _("Your application has arrived. Its receipt is on this page.")
    )
    messages.success(request, words)
    return True


def _read(request: HttpRequest, pk: uuid.UUID) -> Application:
    return get_object_or_404(selectors.with_call(selectors.visible_to(person(request))), pk=pk)


def application_workbook(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The filled form as a workbook, one row an answer."""
    application = _read(request, pk)
    return workbook_file(exports.filled_workbook(application), f"{application.reference}.xlsx")


def application_paper(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The filled form on paper."""
    application = _read(request, pk)
    return private_file(exports.filled_paper(application), f"{application.reference}-application.pdf")


def application_receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The printed receipt."""
    application = get_object_or_404(selectors.visible_to(person(request)), pk=pk)
    return attachment(application.receipt, f"{application.reference}.pdf")


def application_content(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Exactly what was submitted, whose SHA-256 stands on the receipt."""
    application = _own(request, pk)
    if not application.submitted_at:
        raise Http404
    return private_file(content.content_bytes(application), f"{application.reference}.json", "application/json")


def concept_note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The concept note exactly as it was sent, whose SHA-256 stands on its receipt."""
    application = _own(request, pk)
    note = selectors.note_of(application)
    if note is None:
        raise Http404
    return private_file(content.note_bytes(note), f"{application.reference}-concept.json", "application/json")


def application_withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take the application back."""
    application, user = _own(request, pk), person(request)
    require(rules.may_withdraw(application, actor=user))
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(application, actor=user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The application is withdrawn."))
            return redirect("grants:application_detail", pk)
    return render(request, "grants/application_withdraw.html", {"application": application, "form": form})


def application_feedback(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The decision with its reasons by criterion, and the last day of an appeal."""
    application = get_object_or_404(selectors.with_call(selectors.visible_to(person(request))), pk=pk)
    feedback = selectors.feedback_of(application)
    if feedback is None:
        raise Http404
    return render(request, "grants/application_feedback.html", pages.reasons(application, feedback, request.user))


def letter(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A letter about a decision, on paper."""
    found = get_object_or_404(letters.visible_to(person(request)), pk=pk)
    return private_file(letters.letter_pdf(found), f"{found.reference}.pdf")
