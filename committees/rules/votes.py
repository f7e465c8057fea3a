"""Discussion, vote and decision of one application (domain specification §3.4 steps 5–7, §4.6)."""

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from committees import events
from committees.models import AgendaItem, Decision, Vote
from committees.rules import facts
from committees.rules.meetings import NOT_LEADING, may_minute
from committees.rules.texts import check_failed
from committees.states import AssignmentState, ItemState, MeetingState, VoteChoice
from grants.states import ApplicationState
from kernel.money import Money, format_money
from kernel.permissions import Allowed, Denied, PermissionResult, all_of


def leads(item: AgendaItem, actor: Any) -> PermissionResult:
    """The meeting is open and ``actor`` leads it for this item; never somebody recused from it."""
    if item.meeting.state != MeetingState.OPEN:
        return Denied(_("The meeting is not open."))
    if actor is not None and facts.presides(actor, item.meeting, item.application):
        return Allowed()
    return Denied(NOT_LEADING)


@rule_for(events.ItemOpened)
def may_discuss(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """One item at a time; the application is still before the committee."""
    if item.meeting.items.filter(state__in=[ItemState.DISCUSSED, ItemState.VOTING]).exists():
        return Denied(_("Another item is open; decide or adjourn it first."))
    if item.application.state != ApplicationState.DELIBERATION:
        return Denied(_("This application is no longer before the committee."))
    return leads(item, actor)


@rule_for(events.ItemMinuted)
def may_minute_item(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """While the item is discussed; never by somebody recused from it. What is voted on does not change during the vote."""
    if item.state != ItemState.DISCUSSED:
        return Denied(_("The proposal is fixed while people vote, and after."))
    if facts.is_recused(actor, item.application):
        return Denied(_("You are recused from this item."))
    if not (allowed := may_minute(item.meeting, actor)):
        return allowed if not leads(item, actor) else Allowed()
    return Allowed()


def proposal_fits(item: AgendaItem, amount_minor: int) -> PermissionResult:
    """The proposed amount: not above the request, not below the call's smallest grant (the envelope binds the choices)."""
    call = item.application.call
    if amount_minor > item.application.requested_minor:
        return Denied(_("The amount is above what the organisation asked for."))
    if amount_minor < call.floor_minor:
        return Denied(
            _("The smallest grant of this call is %(floor)s.")
            % {"floor": format_money(Money(call.floor_minor, call.currency), get_language() or "ar")}
        )
    return Allowed()


def choices_open(item: AgendaItem, *, fundable: bool, waitable: bool) -> list[VoteChoice]:
    """What may be voted for.

    Approval asks for a fundable score and money in the envelope, approval with conditions for conditions, the waiting
    list for a score that may wait, deferral that it was not used up.
    """
    fits = (item.proposed_minor or 0) <= facts.envelope_left_minor(item)
    rules = facts.rules_of(item.application.call).committee.decision
    usable = {
        VoteChoice.APPROVE: fundable and fits,
        VoteChoice.APPROVE_WITH_CONDITIONS: fundable and fits and bool(item.conditions),
        VoteChoice.WAITLIST: fundable or waitable,
        VoteChoice.DEFER: facts.deferred_before(item.application) < rules.deferrals,
    }
    return [choice for choice in VoteChoice if usable.get(choice, True)]


@rule_for(events.VotingOpened)
def may_open_voting(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """The three majorities and the quorum hold now, a proposal is on the table, and the round is allowed."""
    if not (allowed := leads(item, actor)):
        return allowed
    rules = facts.rules_of(item.application.call).committee
    if not (minuted := is_minuted(item)):
        return minuted
    if event.round > 1 + rules.decision.returns_after_tie:
        return Denied(_("The item has gone back as often as the charter allows."))
    if item.application.state != ApplicationState.DELIBERATION:
        return Denied(_("This application is no longer before the committee."))
    return all_of(nobody_still_scores(item), sits_well(item), proposal_fits(item, item.proposed_minor or 0))


def nobody_still_scores(item: AgendaItem) -> PermissionResult:
    """A scorer who stands in for one that is out has scored, or the time for it is over."""
    waiting = item.application.assignments.filter(state=AssignmentState.ASSIGNED, due_at__gt=timezone.now())
    return Denied(_("A scorer of this application has still time to score it.")) if waiting.exists() else Allowed()


def sits_well(item: AgendaItem) -> PermissionResult:
    """The three majorities and the quorum, as the committee sits for this item now."""
    sitting = facts.sitting_of(item.meeting, item.application)
    return Denied(check_failed(sitting.failed[0])) if sitting.failed else Allowed()


def is_minuted(item: AgendaItem) -> PermissionResult:
    """The amount is written down, and the discussion where the scorers lie far apart."""
    if item.proposed_minor is None:
        return Denied(_("Write down the proposed amount first; it is what people vote on."))
    if item.must_discuss and not item.discussion.strip():
        return Denied(
            _("The scorers lie far apart: discuss the application and minute the discussion before the vote.")
        )
    return Allowed()


def may_vote_at_all(item: AgendaItem, actor: Any) -> PermissionResult:
    """The vote is open, and the person is no officer and not recused."""
    if item.state != ItemState.VOTING or item.meeting.state != MeetingState.OPEN:
        return Denied(_("The vote is not open."))
    if facts.holds_office(actor):
        return Denied(_("Officers of the fund never vote."))
    if facts.is_recused(actor, item.application):
        return Denied(_("You are recused from this item."))
    return Allowed()


@rule_for(events.VoteCast)
def may_vote(vote: Vote, *, actor: Any, event: Any) -> PermissionResult:
    """Whoever sits for this item votes once in the round, in person, while the vote is open."""
    item, seat = vote.item, vote.seat
    if actor is None or seat.user != actor:
        return Denied(_("Each member votes in person."))
    if not (allowed := may_vote_at_all(item, actor)):
        return allowed
    sitting = facts.sitting_of(item.meeting, item.application)
    if str(seat.pk) not in item.voters or str(seat.pk) not in sitting.voters:
        return Denied(_("You do not sit for this item: you were not in the room when the vote opened."))
    if vote.round != item.round or item.votes.filter(seat=seat, round=item.round).exists():
        return Denied(_("You have already voted in this round."))
    return Allowed()


@rule_for(events.ItemDecided)
def may_close_voting(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """Who leads closes the vote, while the checks still hold for those who stayed or have voted."""
    return leads(item, actor)


@rule_for(events.ItemAdjourned)
def may_adjourn(item: AgendaItem, *, actor: Any, event: Any) -> PermissionResult:
    """Who leads; for lack of a quorum any keeper of the record who is not recused."""
    if item.meeting.state != MeetingState.OPEN:
        return Denied(_("The meeting is not open."))
    if facts.is_recused(actor, item.application) and item.state != ItemState.WAITING:
        return Denied(_("You are recused from this item."))
    return Allowed() if leads(item, actor) else may_minute(item.meeting, actor)


@rule_for(events.DecisionMade)
def may_record_decision(decision: Decision, *, actor: Any, event: Any) -> PermissionResult:
    """The outcome of the vote, nothing else, with reasons; by chair, rapporteur or who leads, never when recused."""
    item = decision.item
    if item.state != ItemState.DECIDED or decision.outcome != item.outcome:
        return Denied(_("A decision is what the vote decided."))
    if Decision.objects.filter(item=item).exists():
        return Denied(_("The reasons of this decision are written down already."))
    if facts.is_recused(actor, item.application):
        return Denied(_("You are recused from this item."))
    if not all(text.strip() for text in (decision.strengths, decision.weaknesses, decision.advice)):
        return Denied(_("Every decision gives strengths, weaknesses and advice in words."))
    return may_minute(item.meeting, actor)
