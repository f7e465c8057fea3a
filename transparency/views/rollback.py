"""What to do when the signer says that the log is no longer the published one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audit import restart, selectors
from kernel.permissions import Refused
from transparency.forms import RollbackForm, RollbackReasonForm


def log_rollback(request: HttpRequest) -> HttpResponse:
    """The alarm and the open proposal; a first person proposes a new epoch."""
    alarm, proposal = restart.open_alarm(), restart.open_proposal()
    form = RollbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and alarm is not None and proposal is None and form.is_valid():
        answer = _acted(request, form, _("Proposed: a second person has to confirm."), "propose", alarm, form.lost)
        if answer is not None:
            return answer
    return _page(request, alarm, proposal, form, RollbackReasonForm())


def log_rollback_answer(request: HttpRequest, answer: str) -> HttpResponse:
    """A second person confirms the open proposal, or somebody withdraws it."""
    proposal = restart.open_proposal()
    if proposal is None:
        raise Http404
    form = RollbackReasonForm(request.POST)
    done = _("The log goes on in a new epoch.") if answer == "confirm" else _("Withdrawn.")
    if form.is_valid() and (response := _acted(request, form, done, answer, proposal)):
        return response
    return _page(request, proposal.alarm, proposal, None, form)


def _page(request: HttpRequest, alarm: Any, proposal: Any, form: Any, reason_form: Any) -> HttpResponse:
    entries = selectors.timeline(proposal) if proposal is not None else []
    known = {"alarm": alarm, "proposal": proposal, "form": form, "reason_form": reason_form, "entries": entries}
    return render(request, "transparency/log_rollback.html", known)


def _acted(
    request: HttpRequest, form: Any, done: str, act: str, subject: Any, lost: list[str] | None = None
) -> HttpResponse | None:
    reason = form.cleaned_data["reason"]
    try:
        if act == "propose":
            restart.propose(subject, actor=request.user, reason=reason, lost=lost)
        elif act == "confirm":
            restart.confirm(subject, actor=request.user, reason=reason)
        else:
            restart.withdraw(subject, actor=request.user, reason=reason)
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return None
    messages.success(request, done)
    return redirect("transparency:log_rollback")
