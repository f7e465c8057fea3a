"""Pages of the assignment: a proposal, its changes, its confirmation; what members know."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.assigning_forms import ChangeScorerForm, ExpertiseForm
from committees.models import AssignmentProposal, Panel
from committees.selectors import committees as committee_selectors
from committees.selectors import panels
from committees.selectors import proposals as selectors
from committees.services import proposals as services
from committees.states import ProposalState
from committees.views.base import attempt, fetch, only_secretariat, press


def _url(panel: Panel) -> str:
    return reverse("committees:panel_assign", args=[panel.pk])


def _open(panel: Panel) -> AssignmentProposal:
    """The proposal that waits for confirmation; 404 without one."""
    proposal = selectors.latest(panel)
    if proposal is None or proposal.state != ProposalState.PROPOSED:
        raise Http404
    return proposal


def panel_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proposal who scores what, with its reasons; confirming it opens the scoring."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    if request.method == "POST":
        proposal = _open(panel)
        done = _("The applications are with their scorers.")
        back = reverse("committees:panel_detail", args=[panel.pk])
        return press(request, lambda: services.adopt(proposal, actor=request.user), back=back, done=done)
    return render(request, "committees/panel_assign.html", assignment_context(panel))


def assignment_context(panel: Panel) -> dict[str, Any]:
    """What the page of the assignment shows: the last proposal, loads, what stands in the way."""
    proposal = selectors.latest(panel)
    computed = proposal is not None and proposal.state in {ProposalState.PROPOSED, ProposalState.ADOPTED}
    return {
        "panel": panel,
        "proposal": proposal,
        "rows": selectors.rows(proposal) if proposal is not None and computed else [],
        "members": selectors.loads(panel, proposal if computed else None),
        "shortages": selectors.shortages(proposal) if proposal is not None else [],
        "proven": proposal is not None and proposal.plan.get("gap") == "0.0000",
        "open": panel.state == "declaring",
    }


@require_POST
def panel_ask_assignment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for a proposal; one that is open is discarded."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    done = _("The proposal is being computed.")
    return press(request, lambda: services.ask(panel, actor=request.user), back=_url(panel), done=done)


def panel_assign_change(request: HttpRequest, pk: UUID, application: UUID) -> HttpResponse:
    """Another scorer for one application, with the reason."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    proposal = _open(panel)
    row = next((one for one in selectors.rows(proposal) if one.application.pk == application), None)
    if row is None:
        raise Http404
    form = ChangeScorerForm(request.POST or None, row=row, able=selectors.able(panel, row))
    changed = attempt(
        form,
        lambda: services.change(
            proposal,
            row.application,
            before=form.seat("before"),
            after=form.seat("after"),
            reason=form.cleaned_data["reason"],
            actor=request.user,
        ),
    )
    if changed is not None:
        messages.success(request, _("The proposal is changed."))
        return redirect(_url(panel))
    context = {"panel": panel, "row": row, "form": form, "cancel": _url(panel)}
    return render(request, "committees/panel_assign_change.html", context)


def seat_expertise(request: HttpRequest, pk: UUID, seat: UUID) -> HttpResponse:
    """What a member reads and knows, recorded by the secretariat or by the member."""
    committee = fetch(committee_selectors.visible_to(request.user), pk)
    held = fetch(committee.seats.filter(voting=True).select_related("user", "committee"), seat)
    if held.user != request.user:
        only_secretariat(request)
    known = selectors.expertise([held]).get(held.pk, selectors.NOTHING)
    form = ExpertiseForm.of(known, request.POST or None)
    recorded = attempt(
        form,
        lambda: services.record_expertise(
            held,
            languages=form.cleaned_data["languages"],
            sectors=form.cleaned_data["sectors"],
            actor=request.user,
        ),
    )
    back = reverse("committees:committee_detail", args=[committee.pk])
    if recorded is not None:
        messages.success(request, _("Recorded; the next assignment takes it into account."))
        return redirect(back)
    return render(request, "committees/seat_expertise.html", {"seat": held, "form": form, "cancel": back})
