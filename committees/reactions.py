"""Effects of lower layers' events on committees, and of decisions on applications, in the same transaction."""

import logging
from typing import Any

from django.db import transaction
from django.urls import reverse

from audit.reactions import reacts_to
from committees import events
from committees.models import Alert, Decision, Panel, Recusal
from committees.rules import facts
from committees.selectors import scores
from committees.selectors.extensions import members_to_ask
from committees.services import alerts, appeal_money, appeals, conflicts, figures, on_call, panels, waiting
from committees.states import PanelState, VoteChoice
from grants.events import (
    ApplicationFoundEligible,
    ApplicationLapsed,
    ApplicationWithdrawn,
    CallClosed,
    CallCompleted,
    CallDecided,
    CallEndedEmpty,
    ConceptNoteNotShortlisted,
    ConceptNoteShortlisted,
    CostExtensionRequested,
    CostExtensionRequestedAgain,
    ExtensionRequested,
    ExtensionRequestedAgain,
    GrantClosed,
    GrantTerminated,
    IneligibilityConfirmed,
)
from grants.models import Application, Call, Grant, Revision
from grants.services import review
from grants.states import ApplicationState, GrantType
from kernel.permissions import Refused
from notices.services import notify
from organisations.events import PartnershipRecorded, PersonAdded

log = logging.getLogger(__name__)

OUTCOMES = {
    VoteChoice.APPROVE: ApplicationState.APPROVED,
    VoteChoice.APPROVE_WITH_CONDITIONS: ApplicationState.APPROVED_WITH_CONDITIONS,
    VoteChoice.WAITLIST: ApplicationState.WAITLISTED,
    VoteChoice.REJECT: ApplicationState.REJECTED,
    VoteChoice.DEFER: ApplicationState.DEFERRED,
}


@reacts_to(ExtensionRequested, ExtensionRequestedAgain, CostExtensionRequested, CostExtensionRequestedAgain)
def members_are_asked(revision: Revision, event: Any, *, actor: Any, leaf: Any) -> None:
    """Of a long extension, and of more money, the committee's members are told: two of them agree first."""
    if revision.by_committee:
        params = {"due": revision.step_due.isoformat() if revision.step_due else ""}
        url = reverse("committees:extension_agree", args=[revision.pk])
        kind = "committees.money_asked" if revision.added_minor else "committees.extension_asked"
        notify(members_to_ask(revision), kind, params=params, url=url, dedupe_key=str(leaf.pk))


@reacts_to(events.DecisionMade)
def application_follows(decision: Decision, event: events.DecisionMade, *, actor: Any, leaf: Any) -> None:
    """The application takes the state that the committee decided, and its organisation gets the reasons."""
    application = decision.application
    result = scores.result_of(application)
    means = result.criterion_means if result is not None else {}
    comments = scores.sentences(application)
    feedback = review.FeedbackDraft(
        panel_mean=decision.panel_mean,
        criteria=[
            {"key": key, "mean": scores.shown(value), "comments": comments.get(key, [])} for key, value in means.items()
        ],
        strengths=decision.strengths,
        weaknesses=decision.weaknesses,
        advice=decision.advice,
    )
    renewed = decision.outcome != VoteChoice.DEFER and appeals.close_after_renewed_decision(application)
    if renewed:
        appeal_money.free(application.call, leaf=leaf)
    review.record_decision(
        application,
        outcome=OUTCOMES[VoteChoice(decision.outcome)],
        amount_minor=decision.amount_minor,
        conditions=list(decision.item.conditions),
        rank=decision.rank,
        feedback=feedback,
    )
    if renewed:
        appeal_money.keep(application.call, leaf=leaf)


@reacts_to(ConceptNoteShortlisted, ConceptNoteNotShortlisted)
def renewed_answer_ends_the_appeal(application: Application, event: Any, *, actor: Any, leaf: Any) -> None:
    """The concept note was judged anew after an appeal: with its answer the appeal is closed."""
    appeals.close_after_renewed_decision(application)


@reacts_to(PersonAdded, PartnershipRecorded)
def find_conflicts(subject: Any, event: Any, *, actor: Any, leaf: Any) -> None:
    """A member who joins an applicant organisation, or whose own is tied to one, is recused at once, whatever was declared."""
    for panel in Panel.objects.exclude(state=PanelState.CLOSED):
        if facts.people_of(panel).voting:
            conflicts.refresh_conflicts(panel)


@reacts_to(ApplicationLapsed, ApplicationWithdrawn)
def list_closes_up(application: Application, event: Any, *, actor: Any, leaf: Any) -> None:
    """Whoever leaves the waiting list is proposed no more; money that an award gave back goes to the next."""
    waiting.left_the_list(application)
    panel = Panel.objects.filter(call=application.call_id, state=PanelState.DELIBERATING).first()
    if panel is not None and facts.decided(panel).exists() and not facts.meets(panel):
        panels.close_if_decided(panel)
    if Grant.objects.filter(application=application).exists():
        waiting.money_came_back(application.call, leaf_id=leaf.pk)


@reacts_to(GrantClosed, GrantTerminated)
def next_of_the_list(grant: Grant, event: Any, *, actor: Any, leaf: Any) -> None:
    """What an ended grant gives back goes to the next of the waiting list."""
    waiting.money_came_back(grant.call, leaf_id=leaf.pk)


@reacts_to(ApplicationFoundEligible, IneligibilityConfirmed)
def rapid_call_goes_on(application: Application, event: Any, *, actor: Any, leaf: Any) -> None:
    """The last proposal of a rapid call is screened: the members on call are asked for declarations at once."""
    alert = Alert.objects.filter(call=application.call_id).select_related("rota__committee").first()
    waiting = Application.objects.filter(call=application.call_id, state__in=facts.UNSCREENED)
    if alert is None or waiting.exists() or not facts.is_secretariat(actor):
        return
    try:
        with transaction.atomic():
            panels.open_panel(application.call, alert.rota.committee, actor=actor)
    except Refused:
        log.info("a rapid call waits for its panel", extra={"call": application.call.reference}, exc_info=True)


@reacts_to(CallDecided)
def clock_of_the_alert_stops(call: Call, event: CallDecided, *, actor: Any, leaf: Any) -> None:
    """Every proposal that followed an alert is decided."""
    alerts.settle(call)


@reacts_to(events.PanelScoringClosed)
def money_waits_for_appeals(panel: Panel, event: events.PanelScoringClosed, *, actor: Any, leaf: Any) -> None:
    """Before anything is awarded, the charter's share of the envelope is kept aside for appeals; by a worker."""
    appeal_money.ask(panel, leaf_id=leaf.pk)


@reacts_to(CallCompleted)
def nothing_waits_any_more(call: Call, event: CallCompleted, *, actor: Any, leaf: Any) -> None:
    """A call is completed when its appeals are over: what waited for them goes back with the rest."""
    appeal_money.free(call, leaf=leaf)


@reacts_to(CallEndedEmpty)
def work_ends_with_it(call: Call, event: CallEndedEmpty, *, actor: Any, leaf: Any) -> None:
    """A call in which nothing is left has no panel at work, no alert that waits for its selection and no money kept aside."""
    appeal_money.free(call, leaf=leaf)
    panels.close_empty(call)
    alerts.settle(call)


@reacts_to(CallClosed)
def nothing_to_select(call: Call, event: CallClosed, *, actor: Any, leaf: Any) -> None:
    """No proposal followed an alert: there is nothing to select."""
    if not event.submitted:
        alerts.settle(call)


@reacts_to(events.MemberRecused)
def another_is_called(recusal: Recusal, event: events.MemberRecused, *, actor: Any, leaf: Any) -> None:
    """A recused member of a panel on call gets somebody of the same constituency beside him, for this application."""
    panel = Panel.objects.filter(call=recusal.application.call_id, call__grant_type=GrantType.RAPID).first()
    if panel is not None:
        on_call.stand_in_for_recused(panel, recusal.seat, recusal.application)


@reacts_to(events.PanelScoringClosed)
def figures_of_the_scores(panel: Panel, event: events.PanelScoringClosed, *, actor: Any, leaf: Any) -> None:
    """Agreement, severities and the selection are computed by a worker when the window closes."""
    figures.ask(panel, leaf_id=leaf.pk)


@reacts_to(events.ScorecardSubmitted, events.MemberRecused)
def figures_follow(subject: Any, event: Any, *, actor: Any, leaf: Any) -> None:
    """A changed scorecard, or one that a recusal takes out, changes the figures; before the close nothing is computed."""
    panel = Panel.objects.filter(call__applications=event.application, state__in=figures.LIVE).first()
    if panel is not None:
        figures.ask(panel, leaf_id=leaf.pk)
