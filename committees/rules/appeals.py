"""Appeals: by whom, on what, until when; judged by people who took no part (domain specification §3.5)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for, system_only
from committees import follow_up_events as events
from committees.models import Appeal, AppealEvidence, AppealPanelist, AppealVote, Panel
from committees.rules import facts
from committees.rules.taking_part import involvement
from committees.states import AppealState, MeetingState
from grants.completion_blockers import blocks_completion
from grants.models import Call
from grants.selectors.applications import feedback_of
from grants.states import APPEALABLE
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules.people import is_person_of
from organisations.states import PersonRole


@rule_for(events.AppealLodged)
def may_lodge(appeal: Appeal, *, actor: Any, event: Any = None) -> PermissionResult:
    """The signatory, once, until the day that the letter of reasons names, on a ground."""
    application = appeal.application
    if actor is None or not (allowed := is_person_of(actor, application.organisation, PersonRole.SIGNATORY)):
        return Denied(_("Only people of the organisation may do this.")) if actor is None else allowed
    feedback = feedback_of(application)
    if application.state not in APPEALABLE or feedback is None:
        return Denied(_("There is no decision on this application that can be appealed."))
    if Appeal.objects.filter(application=application).exists():
        return Denied(_("This decision was appealed already; an appeal is lodged once."))
    if feedback.appeal_until < facts.today():
        return Denied(_("The last day of an appeal has passed."))
    if event is not None and not event.grounds:
        return Denied(_("Choose at least one ground. The merit and the amount are no grounds."))
    return Allowed()


@blocks_completion
def no_appeal_runs(call: Call) -> PermissionResult:
    """Money waits while an appeal on a decision of the call is not answered, and no meeting of its committee is under way."""
    if Appeal.objects.filter(application__call=call).exclude(state=AppealState.CLOSED).exists():
        return Denied(_("An appeal on this call is not answered yet."))
    if any(facts.meets(panel) for panel in Panel.objects.filter(call=call)):
        return Denied(_("A meeting on this call is called or open."))
    return Allowed()


@rule_for(events.AppealEvidenceAdded)
def may_add_evidence(evidence: AppealEvidence, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who lodged it, together with the appeal."""
    return Allowed() if actor == evidence.appeal.lodged_by else Denied(_("Only who lodged the appeal adds documents."))


def took_no_part(appeal: Appeal, actor: Any) -> PermissionResult:
    """Nobody judges what he had a hand in."""
    if actor is not None and actor.pk in involvement(appeal.application):
        return Denied(_("You took part in this application; somebody else does this."))
    return Allowed()


@rule_for(events.AppealAdmitted, events.AppealNotAdmitted)
def may_admit(appeal: Appeal, *, actor: Any, event: Any = None) -> PermissionResult:
    """The fund manager or a member of the board who took no part; form only, not whether the appeal is right."""
    return all_of(may_hold(actor, Role.FUND_MANAGER, Role.BOARD_MEMBER), took_no_part(appeal, actor))


rule_for(
    events.AppealPanelistNamed,
    events.AppealReviewStarted,
    events.AppealClosed,
    events.AppealMoneyKept,
    events.AppealMoneyFreed,
)(system_only)


def judges(appeal: Appeal, actor: Any) -> PermissionResult:
    """A member of the panel of this appeal, while it is before the panel."""
    if actor is None or not AppealPanelist.objects.filter(appeal=appeal, user=actor).exists():
        return Denied(_("Only the panel of this appeal decides it."))
    if appeal.state != AppealState.UNDER_REVIEW:
        return Denied(_("This appeal is not before the panel."))
    return Allowed()


@rule_for(events.AppealVoteCast)
def may_vote(vote: AppealVote, *, actor: Any, event: Any = None) -> PermissionResult:
    """Each of the panel once, in person."""
    panelist = vote.panelist
    if actor is None or panelist.user != actor:
        return Denied(_("Each member votes in person."))
    if AppealVote.objects.filter(panelist=panelist).exists():
        return Denied(_("Your vote on this appeal is recorded already."))
    return judges(panelist.appeal, actor)


@rule_for(events.AppealUpheld, events.AppealPartlyUpheld, events.AppealDismissed)
def may_decide(appeal: Appeal, *, actor: Any, event: Any) -> PermissionResult:
    """A member of the panel writes down what all of them voted."""
    if AppealVote.objects.filter(panelist__appeal=appeal).count() < appeal.panel.count():
        return Denied(_("Not everybody of the panel has voted yet."))
    return judges(appeal, actor)


@rule_for(events.PanelSentBack)
def may_reopen(panel: Panel, *, actor: Any, event: Any) -> PermissionResult:
    """What follows from an upheld appeal, never in the middle of a meeting."""
    if panel.meetings.filter(state=MeetingState.OPEN).exists():
        return Denied(_("The committee is in session; close its meeting first."))
    return system_only(panel, actor=actor, event=event)
