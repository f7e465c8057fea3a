"""Acts on a call: the board's approval, publication, extension, cancellation, hand-over, completion."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.http import person
from grants import call_pages
from grants.fingerprints import call_sha256
from grants.forms.calls import ApprovalForm, ExtendForm, ReasonForm
from grants.http import posted
from grants.models import Call
from grants.rules import calls as rules
from grants.selectors import calls as selectors
from grants.selectors import envelope_figures
from grants.services import calls as services
from grants.services import extending, review
from kernel.permissions import Refused, require
from ledger.figures import page_of


def _call(request: HttpRequest, pk: uuid.UUID) -> Call:
    return get_object_or_404(selectors.with_form(selectors.visible_to(request.user)), pk=pk)


def call_manage(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """State, what is missing, money, applications, record."""
    return render(request, "grants/call_manage.html", call_pages.management(_call(request, pk), person(request)))


def envelope_figure(request: HttpRequest, pk: uuid.UUID, envelope: uuid.UUID, name: str) -> HttpResponse:
    """What a call reserved of a contribution, promised of it, or has free: the transfers that it is the sum of."""
    call = _call(request, pk)
    found = get_object_or_404(call.envelopes.select_related("account", "contribution"), pk=envelope)
    if name not in envelope_figures.ENVELOPE_FIGURES:
        raise Http404
    words: dict[str, Any] = {
        "name": envelope_figures.envelope_words(name),
        "back": reverse("grants:call_manage", args=[pk]),
    }
    words |= {"label": found.contribution.reference, "back_title": call.reference}
    behind = envelope_figures.behind_envelope(found, name)
    return render(request, "ledger/figure.html", page_of(behind, request.GET.get("page"), **words))


def call_approve(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The board reads the draft and decides on exactly that."""
    call, user = _call(request, pk), person(request)
    form = ApprovalForm(posted(request), required=False, initial={"content_sha256": call_sha256(call)})
    approve: Callable[[str], Any] = lambda _reason: services.approve(call, actor=user, **form.cleaned_data)  # noqa: E731
    if request.method == "POST" and form.is_valid() and _attempt(form, approve):
        messages.success(request, _("The call is approved; its envelope is reserved."))
        return redirect("grants:call_manage", pk)
    context = {**call_pages.approval(call, user), "form": form}
    return render(request, "grants/call_approve.html", context, status=422 if form.errors else 200)


def _attempt(form: ReasonForm, act: Callable[[str], Any]) -> bool:
    """Do ``act`` with the form's reason; a refusal stands on the form."""
    try:
        act(form.cleaned_data["reason"])
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return False
    return True


@require_POST
def call_ask_board(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Tell the board that the draft is ready."""
    try:
        services.ask_board(_call(request, pk), actor=person(request))
    except Refused as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("The board was told."))
    return redirect("grants:call_manage", pk)


Words = dict[str, str | Promise]


def _confirmed(
    request: HttpRequest, call: Call, form: ReasonForm, act: Callable[[str], Any], *, words: Words, danger: bool = False
) -> HttpResponse:
    """A page that says what will happen, and does it on POST."""
    if request.method == "POST" and form.is_valid() and _attempt(form, act):
        messages.success(request, str(words["done"]))
        return redirect("grants:call_manage", call.pk)
    context = {"call": call, "form": form, "words": words, "danger": danger}
    return render(request, "grants/call_confirm.html", context, status=422 if form.errors else 200)


def call_publish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let everybody read the call."""
    call, user = _call(request, pk), person(request)
    require(rules.may_publish(call, actor=user))
    short = call.state == "board_approved" and rules.is_short_notice(call, selectors.rules_of(call))
    hint = _("The opening is nearer than the charter asks: say why.") if short else ""
    form = ReasonForm(posted(request), required=short, hint=hint)
    words: Words = {
        "title": gettext_lazy("Publish the call"),
        "what": gettext_lazy("Everybody can read the call with all its questions, and a printable form is drawn."),
        "whom": gettext_lazy("Everybody"),
        "undo": gettext_lazy("No. The board can cancel the call with a reason."),
        "done": gettext_lazy("The call is published."),
    }
    return _confirmed(
        request, call, form, lambda reason: services.publish(call, actor=user, reason=reason), words=words
    )


def call_extend(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Move the closing, for everybody."""
    call, user = _call(request, pk), person(request)
    require(rules.may_extend(call, actor=user))
    form = ExtendForm(posted(request))
    words: Words = {
        "title": gettext_lazy("Extend the call"),
        "what": gettext_lazy("The call closes later, for everybody; who began an application is told."),
        "whom": gettext_lazy("Everybody"),
        "undo": gettext_lazy("No. A closing never moves forward again."),
        "done": gettext_lazy("The call is extended."),
    }

    def act(reason: str) -> None:
        extending.extend(call, closes_at=form.closes_at(), actor=user, reason=reason)

    return _confirmed(request, call, form, act, words=words)


def call_cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call the call off."""
    call, user = _call(request, pk), person(request)
    require(rules.may_cancel(call, actor=user))
    words: Words = {
        "title": gettext_lazy("Cancel the call"),
        "what": gettext_lazy(
            "The call ends; its reserved money returns to its sources; who began an application is told."
        ),
        "whom": gettext_lazy("Everybody who began an application"),
        "undo": gettext_lazy("No."),
        "done": gettext_lazy("The call is cancelled."),
    }
    form = ReasonForm(posted(request))
    act: Callable[[str], Any] = lambda reason: services.cancel(call, actor=user, reason=reason)  # noqa: E731
    return _confirmed(request, call, form, act, words=words, danger=True)


def call_start_review(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Hand the call to the committee."""
    call, user = _call(request, pk), person(request)
    words: Words = {
        "title": gettext_lazy("Hand the call to the committee"),
        "what": gettext_lazy(
            "The committee declares conflicts, scores and decides. Every application must be screened."
        ),
        "whom": gettext_lazy("The committee and the organisations whose applications are eligible"),
        "undo": gettext_lazy("No."),
        "done": gettext_lazy("The call is with the committee."),
    }
    form = ReasonForm(posted(request), required=False)
    return _confirmed(request, call, form, lambda _reason: review.start_review(call, actor=user), words=words)


def call_complete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the call's work."""
    call, user = _call(request, pk), person(request)
    words: Words = {
        "title": gettext_lazy("Complete the call"),
        "what": gettext_lazy("The waiting list ends, and what is left of the envelope returns to its sources."),
        "whom": gettext_lazy("Organisations on the waiting list"),
        "undo": gettext_lazy("No."),
        "done": gettext_lazy("The call is completed."),
    }
    form = ReasonForm(posted(request), required=False)
    return _confirmed(request, call, form, lambda _reason: services.complete(call, actor=user), words=words)
