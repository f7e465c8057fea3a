"""The vote on one application: opened under the checks, cast in person, closed once, decided with reasons."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from committees import events, quorum
from committees.models import AgendaItem, Decision, Meeting, Seat, Vote
from committees.rules import facts
from committees.rules.texts import check_failed
from committees.rules.votes import choices_open
from committees.scoring import Verdict
from committees.selectors import figures, ranking, scores
from committees.services.meetings import return_after
from committees.sitting import Sitting
from committees.states import VoteChoice
from kernel.permissions import Denied, Refused, require
from kernel.texts import clean_text


@transaction.atomic
def open_voting(item: AgendaItem, *, actor: Any) -> AgendaItem:
    """Open the vote: the seats that may vote and the numbers of the checks are kept as they are at this moment.

    Raises `Refused` and names the check that fails.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=item.meeting_id)
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if scores.result_of(locked.application) is None:
        raise Refused(_("No valid scorecard is left on this application; adjourn it and have it scored again."))
    sitting = facts.sitting_of(meeting, locked.application)
    event = events.VotingOpened(checks=_passed(sitting), round=locked.round)
    changes = {"checks": _numbers(sitting), "voters": sorted(sitting.voters)}
    return lifecycle.move(locked, event, actor=actor, changes=changes)


def _passed(sitting: Sitting) -> dict[str, bool]:
    return {one.name.value: one.passed for one in sitting.checks}


def _numbers(sitting: Sitting) -> list[dict[str, Any]]:
    return [{**asdict(one), "name": one.name.value} for one in sitting.checks]


@transaction.atomic
def cast_vote(item: AgendaItem, seat: Seat, choice: str, *, actor: Any) -> Vote:
    """Vote in person, once in the round.

    The item's row is locked: a vote is either counted, or refused because the vote was closed before it.
    """
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if choice not in choices_of(locked):
        require(Denied(_("This choice is not open for this application.")))
    vote = Vote(item=locked, seat=seat, round=locked.round, choice=choice)
    event = events.VoteCast(application=locked.application_id, choice=choice, round=locked.round)
    return lifecycle.create(vote, event, actor=actor)


@transaction.atomic
def cast_or_recall(item: AgendaItem, seat: Seat, choice: str, *, round_: int, actor: Any) -> Vote:
    """Vote, or get back the vote that is recorded already: a form sent again after a lost answer changes nothing.

    ``round_`` is the round that the voter saw; a form that arrives in a later one is no vote of it. Raises `Refused`.
    """
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    known = locked.votes.filter(seat=seat, round=round_).first()
    if known is not None and seat.user == actor:
        return known
    if round_ != locked.round:
        raise Refused(_("That round is over. Look at the item as it stands now, then vote."))
    return cast_vote(locked, seat, choice, actor=actor)


def choices_of(item: AgendaItem) -> list[VoteChoice]:
    """What may be voted for on this item, by its score, the money left and what was decided before."""
    result = scores.result_of(item.application)
    verdict = result.verdict if result is not None else Verdict.NOT_FUNDABLE
    return choices_open(item, fundable=verdict is Verdict.FUNDABLE, waitable=verdict is Verdict.WAITLIST)


def counted_votes(item: AgendaItem) -> list[Vote]:
    """The votes of this round that count: those of members recused since are left out."""
    out = item.application.recusals.values("seat__user")
    return list(item.votes.filter(round=item.round).exclude(seat__user__in=out).select_related("seat"))


def tally(item: AgendaItem) -> quorum.Outcome:
    """The outcome of the votes that count now."""
    votes = [quorum.Vote(quorum.Choice(one.choice), one.seat.civil_society) for one in counted_votes(item)]
    return quorum.decide(votes, facts.rules_of(item.application.call).committee)


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a vote led to: decided, or back for another round."""

    item: AgendaItem
    again: bool


@transaction.atomic
def close_voting(item: AgendaItem, *, actor: Any) -> Closed:
    """Close the vote. What does not carry goes back as often as the charter says, and is then not approved.

    Raises `Refused` when quorum or majority was lost since the vote was opened: such an item can only be adjourned.
    """
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=item.meeting_id)
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    _still_holds(meeting, locked)
    outcome = tally(locked)
    rules = facts.rules_of(locked.application.call).committee.decision
    if outcome.decision is None and locked.round <= rules.returns_after_tie:
        return Closed(_again(meeting, locked, actor=actor), again=True)
    decided = VoteChoice(outcome.decision.value) if outcome.decision is not None else VoteChoice.REJECT
    counts = {choice.value: number for choice, number in outcome.counts.items()}
    event = events.ItemDecided(outcome=decided.value, tally=counts)
    changes = {"outcome": decided.value, "tally": _tally_kept(outcome)}
    moved = lifecycle.move(locked, event, actor=actor, changes=changes)
    return_after(moved)
    return Closed(moved, again=False)


def _tally_kept(outcome: quorum.Outcome) -> dict[str, Any]:
    return {
        "votes": {choice.value: number for choice, number in outcome.counts.items()},
        "civil_society": {choice.value: number for choice, number in outcome.civil_society_counts.items()},
        "cast": outcome.cast,
        "needed": outcome.needed,
        "civil_society_cast": outcome.civil_society_cast,
        "civil_society_needed": outcome.civil_society_needed,
    }


def _still_holds(meeting: Meeting, item: AgendaItem) -> None:
    """The checks, with those who voted counted as present even if their line broke afterwards."""
    sitting = facts.sitting_of(meeting, item.application, also_present={vote.seat_id for vote in counted_votes(item)})
    if sitting.failed:
        raise Refused(check_failed(sitting.failed[0]))


def _again(meeting: Meeting, item: AgendaItem, *, actor: Any) -> AgendaItem:
    sitting = facts.sitting_of(meeting, item.application)
    event = events.VotingOpened(checks=_passed(sitting), round=item.round + 1)
    changes = {"checks": _numbers(sitting), "voters": sorted(sitting.voters), "round": item.round + 1}
    return lifecycle.move(item, event, actor=actor, changes=changes)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the organisation will read; ``deviation`` says why the committee departed from the rank."""

    strengths: str
    weaknesses: str
    advice: str
    deviation: str = ""


EXPECTED: dict[str, Sequence[VoteChoice]] = {
    "within_envelope": (VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS),
    "waitlist": (VoteChoice.WAITLIST,),
    "not_fundable": (VoteChoice.REJECT,),
}


def departs_from_rank(item: AgendaItem) -> bool:
    """Whether the outcome differs from what the ranking placed the application for; then a reason is minuted."""
    row = ranking.row_of(item.meeting.panel, item.application)
    return row is not None and item.outcome not in EXPECTED[row.ranked.placement.value]


@transaction.atomic
def record_decision(item: AgendaItem, reasons: Reasons, *, actor: Any) -> Decision:
    """Write the decision that the vote made, with its reasons; the application moves with it (`committees.reactions`).

    Raises `Refused` when a reason is missing.
    """
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    row = ranking.row_of(locked.meeting.panel, locked.application)
    departs = departs_from_rank(locked)
    deviation = clean_text(reasons.deviation).strip() if departs else ""
    if departs and not deviation:
        raise Refused(_("The outcome departs from the ranking: say why, it goes into the minutes."))
    approved = locked.outcome in facts.APPROVALS
    kept: dict[str, Any] = locked.tally or {}
    decision = Decision(
        item=locked,
        application=locked.application,
        outcome=locked.outcome,
        amount_minor=(locked.proposed_minor or 0) if approved else 0,
        panel_mean=row.mean if row is not None else "",
        rank=row.rank if row is not None else None,
        tally=kept,
        checks=locked.checks,
        strengths=clean_text(reasons.strengths).strip(),
        weaknesses=clean_text(reasons.weaknesses).strip(),
        advice=clean_text(reasons.advice).strip(),
        deviation_reason=deviation,
        placement=row.ranked.placement.value if row is not None else "",
        **figures.proposed_for(locked),
    )
    event = events.DecisionMade(
        application=locked.application_id,
        outcome=locked.outcome,
        amount_minor=decision.amount_minor,
        currency=locked.application.call.currency,
        tally=kept.get("votes", {}),
        checks={one["name"]: one["passed"] for one in locked.checks or []},
        strengths=decision.strengths,
        weaknesses=decision.weaknesses,
        advice=decision.advice,
        deviation_reason=decision.deviation_reason,
    )
    return lifecycle.create(decision, event, actor=actor)
