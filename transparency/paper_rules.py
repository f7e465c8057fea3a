"""Who asks for a public report, who approves it, who publishes it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from grants.states import CallState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from transparency import events
from transparency.models import PublicPaper
from transparency.withholding_rules import SECRETARIAT

READERS = (*SECRETARIAT, Role.BOARD_MEMBER, Role.AUDITOR)
"""Who reads reports before they are published."""
REPORTED = (CallState.DECIDED, CallState.COMPLETED)
"""States of calls of which there is something to report."""

rule_for(events.PaperDrawn, events.PaperTakenBack)(system_only)


@rule_for(events.PaperAsked)
def may_ask(paper: PublicPaper, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat; of a call once it is decided. The system in place of one that it took back."""
    if actor is None:
        return Allowed()
    if paper.call is not None and paper.call.state not in REPORTED:
        return Denied(_("There is a report once the committee has decided on the call."))
    return may_hold(actor, *SECRETARIAT)


def _as_read(paper: PublicPaper, event: Any) -> PermissionResult:
    if event is not None and event.sha256 != paper.sha256:
        return Denied(_("This is not the report that you read. Open it again."))
    return Allowed()


@rule_for(events.PaperApproved)
def may_approve(paper: PublicPaper, *, actor: Any, event: Any = None) -> PermissionResult:
    """A member of the board, for exactly what was read."""
    return all_of(may_hold(actor, Role.BOARD_MEMBER), _as_read(paper, event))


@rule_for(events.PaperPublished)
def may_publish(paper: PublicPaper, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, never who approved it."""
    if actor is not None and actor.pk == paper.approved_by_id:
        return Denied(_("You approved it: somebody else publishes it."))
    return all_of(may_hold(actor, *SECRETARIAT), _as_read(paper, event))


@rule_for(events.PaperDiscarded)
def may_discard(paper: PublicPaper, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, or the board that does not consent."""
    return may_hold(actor, *SECRETARIAT, Role.BOARD_MEMBER)


def reads_drafts(user: Any) -> bool:
    """Whether the navigation offers the reports that are not published yet."""
    return bool(user.is_authenticated and may_hold(user, *READERS))
