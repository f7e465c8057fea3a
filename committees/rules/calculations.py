"""Proposals who scores what, expertise, and computed figures (domain specification §3.4 steps 2 and 4)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for, system_only
from committees import calculation_events as events
from committees.models import AssignmentProposal, Expertise, ProposalChange, Seat
from committees.rules import facts
from committees.rules.committees import secretariat
from committees.states import PanelState, ProposalState
from grants.models import Application
from kernel.permissions import Allowed, Denied, PermissionResult

rule_for(events.AssignmentProposed, events.AssignmentImpossible, events.FactsComputed)(system_only)


@rule_for(events.ExpertiseRecorded)
def may_record_expertise(expertise: Expertise, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat for every member who scores; each member for himself."""
    if not expertise.seat.voting:
        return Denied(_("An observer does not score."))
    return Allowed() if actor is not None and actor == expertise.seat.user else secretariat(actor)


@rule_for(events.ProposalAsked)
def may_ask(proposal: AssignmentProposal, *, actor: Any, event: Any) -> PermissionResult:
    """Before the scoring begins."""
    if proposal.panel.state != PanelState.DECLARING:
        return Denied(_("The applications are assigned already."))
    return secretariat(actor)


@rule_for(events.ProposalChanged)
def may_change(change: ProposalChange, *, actor: Any, event: Any) -> PermissionResult:
    """With a reason, while the proposal waits, to somebody who declared and is not recused."""
    if change.proposal.state != ProposalState.PROPOSED:
        return Denied(_("This proposal is no longer open."))
    if not change.reason.strip():
        return Denied(_("Give the reason."))
    if not (allowed := may_take(change.after, change.application)):
        return allowed
    return secretariat(actor)


def may_take(seat: Seat, application: Application) -> PermissionResult:
    """Whether a member may be given an application to score."""
    if not seat.voting or facts.holds_office(seat.user):
        return Denied(_("This person does not score."))
    if facts.is_recused(seat.user, application) or not facts.has_declared(seat.user, application):
        return Denied(_("This member is recused from the application or has not declared on it."))
    return Allowed()


@rule_for(events.ProposalAdopted)
def may_adopt(proposal: AssignmentProposal, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat confirms; what the scoring itself demands is asked when it starts."""
    if proposal.panel.state != PanelState.DECLARING:
        return Denied(_("The applications are assigned already."))
    return secretariat(actor)


@rule_for(events.ProposalDiscarded)
def may_discard(proposal: AssignmentProposal, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat that asks for another; the system when there is nothing left to assign."""
    return Allowed() if actor is None else secretariat(actor)
