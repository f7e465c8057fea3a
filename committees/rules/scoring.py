"""Who may score, and who sees which scores when (domain specification §3.4 steps 3–6)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from committees import events
from committees.disclosure import Thing, is_open
from committees.models import AgendaItem, Assignment, Panel, Scorecard
from committees.rules import facts
from committees.rules.panels import may_score_at_all
from committees.states import AssignmentState, ItemState, MeetingState, PanelState
from grants.states import ApplicationState
from kernel.permissions import Allowed, Denied, PermissionResult


@rule_for(events.ScorecardSubmitted)
def may_submit(scorecard: Scorecard, *, actor: Any, event: Any) -> PermissionResult:
    """The assigned member, once, within the time; once more with a reason while the application is discussed."""
    assignment = scorecard.assignment
    if actor is None or assignment.seat.user != actor:
        return Denied(_("This application is assigned to another scorer."))
    if facts.seat_of(actor, assignment.seat.committee_id) is None:
        return Denied(_("Your seat in this committee has ended."))
    if not (allowed := may_score_at_all(assignment)):
        return allowed
    return may_revise(assignment) if scorecard.revision else may_score_now(assignment)


def may_score_now(assignment: Assignment) -> PermissionResult:
    """The first scorecard: the scoring runs and the time is not over."""
    panel = Panel.objects.get(call=assignment.application.call_id)
    if assignment.state == AssignmentState.COMPLETED:
        return Denied(_("Your scorecard is submitted; it does not change before the discussion."))
    gap = panel.state == PanelState.DELIBERATING and assignment.application.state == ApplicationState.DELIBERATION
    if assignment.state != AssignmentState.ASSIGNED or not (panel.state == PanelState.SCORING or gap):
        return Denied(_("The scoring of this application is not open."))
    if timezone.now() > assignment.due_at:
        return Denied(_("The time to score this application is over; ask the secretariat for an extension."))
    return Allowed()


def may_revise(assignment: Assignment) -> PermissionResult:
    """The change after discussion: as often as the charter says, while the item is under discussion."""
    changes = facts.rules_of(assignment.application.call).scoring.changes_after_discussion
    if assignment.state != AssignmentState.COMPLETED:
        return Denied(_("Only a submitted scorecard can be changed."))
    if assignment.scorecards.filter(revision__gt=0).count() >= changes:
        return Denied(_("A scorecard is changed once at most; both versions are kept."))
    discussed = AgendaItem.objects.filter(
        application=assignment.application, state=ItemState.DISCUSSED, meeting__state=MeetingState.OPEN
    )
    if not discussed.exists():
        return Denied(_("A scorecard is changed only while the meeting discusses the application, before the vote."))
    return Allowed()


@rule_for(events.AssignmentCompleted)
def may_complete(assignment: Assignment, *, actor: Any, event: Any) -> PermissionResult:
    """Follows from the scorecard."""
    if actor == assignment.seat.user and assignment.scorecards.exists():
        return Allowed()
    return Denied(_("An assignment is completed by its scorecard."))


def sees_scores(user: Any, panel: Panel) -> PermissionResult:
    """Nobody sees others' scores before the scoring is closed, the secretariat neither."""
    if not is_open(Thing.SCORES, panel.state):
        return Denied(_("Scores become visible to all at once, when the scoring is closed."))
    return Allowed()
