"""Moving up from the waiting list (domain specification §3.3: fund manager's confirmation, fresh screening)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from committees import follow_up_events as events
from committees.models import WaitingProposal
from committees.rules import facts
from grants.states import ApplicationState, CallState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.selectors import may_apply_now

LIVE_CALLS = (CallState.CLOSED, CallState.IN_REVIEW, CallState.DECIDED)


def still_waits(proposal: WaitingProposal) -> PermissionResult:
    """The list belongs to its call alone, and ends with it or with the place's last day."""
    application = proposal.application
    if application.state != ApplicationState.WAITLISTED or application.call.state not in LIVE_CALLS:
        return Denied(_("This application no longer stands on the waiting list."))
    if application.waiting_until is not None and application.waiting_until < facts.today():
        return Denied(_("The place of this application on the waiting list has run out."))
    return Allowed()


@rule_for(events.WaitingProposed, events.WaitingOutdated)
def system_proposes(proposal: WaitingProposal, *, actor: Any, event: Any) -> PermissionResult:
    """The list moves by itself, in the order of its ranks."""
    return system_only(proposal, actor=actor, event=event)


def manages(actor: Any) -> PermissionResult:
    """The fund manager, who has no vote and does not change ranks."""
    return may_hold(actor, Role.FUND_MANAGER)


@rule_for(events.WaitingConfirmed)
def may_confirm(proposal: WaitingProposal, *, actor: Any, event: Any) -> PermissionResult:
    """The fund manager, after screening the organisation afresh; it must still be eligible."""
    if event is not None and not event.screening.strip():
        return Denied(_("Say what was screened again and with which result."))
    if not may_apply_now(proposal.application.organisation):
        return Denied(_("The organisation is not eligible any more; pass it over with the reason."))
    return all_of(manages(actor), still_waits(proposal))


@rule_for(events.WaitingDismissed)
def may_dismiss(proposal: WaitingProposal, *, actor: Any, event: Any) -> PermissionResult:
    """The fund manager, with a reason; the application keeps its place until the list ends."""
    return manages(actor)
