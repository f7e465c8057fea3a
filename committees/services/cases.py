"""Undeclared conflicts: reported by one person, confirmed by another; what rested on them falls (specification §4.6)."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from committees import events
from committees.models import ConflictCase, Decision, Scorecard, Seat, Vote
from committees.rules import facts
from committees.services.committees import close_everything
from committees.services.conflicts import recuse
from committees.services.reopening import supersede
from committees.states import AssignmentState, Consequence, ItemState, RecusalSource, SeatState
from grants.models import Application, Grant
from grants.selectors.grants import grant_of
from grants.services import closure
from grants.states import GrantState
from kernel import identity
from kernel.permissions import Refused
from kernel.texts import clean_text
from notices.services import notify

CAUSE = _("A conflict of interest that was not declared came to light.")


@transaction.atomic
def report(seat: Seat, application: Application, *, ground: str, found: str, owner: Any, actor: Any) -> ConflictCase:
    """Report a conflict that a member did not declare; a second person judges it. Raises `Refused` with the reason."""
    case = ConflictCase(
        seat=seat,
        application=application,
        ground=ground,
        found=clean_text(found).strip(),
        reported_by=actor,
        owner=owner,
    )
    event = events.ConflictReported(application=application.pk, seat=seat.pk, ground=ground)
    return lifecycle.create(case, event, actor=actor)


@dataclass(frozen=True, slots=True)
class _Rested:
    """What rests on the member: scorecards that count, votes cast, and the decision that they led to."""

    scorecards: int
    votes: int
    decision: Decision | None


def _rested(case: ConflictCase) -> _Rested:
    """Read for the fund: members of the board, who may judge, see no scorecard and no vote themselves."""
    with identity.system("committees.case"):
        return _resting(case)


def _resting(case: ConflictCase) -> _Rested:
    user, application = case.seat.user_id, case.application
    cards = Scorecard.objects.filter(
        assignment__seat__user=user,
        assignment__application=application,
        assignment__state=AssignmentState.COMPLETED,
    ).count()
    votes = Vote.objects.filter(seat__user=user, item__application=application)
    decision = Decision.objects.filter(application=application, reopening__isnull=True).order_by("recorded_at").last()
    touched = decision is not None and (cards or votes.filter(item=decision.item_id).exists())
    return _Rested(cards, votes.count(), decision if touched else None)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What confirming a case would do, for the person who is about to."""

    scorecards: int
    votes: int
    consequence: str


def foreseen(case: ConflictCase) -> Foreseen:
    """What would fall if the case were confirmed now."""
    rested = _rested(case)
    consequence, _grant = _consequence(case.application, rested)
    return Foreseen(rested.scorecards, rested.votes, str(consequence.label))


@transaction.atomic
def confirm(case: ConflictCase, *, actor: Any) -> ConflictCase:
    """A second person agrees: the score is void, the decision is taken back, the member is suspended.

    The scorecard and the votes are kept and count nowhere. A decision whose agreement both sides have signed stands; its
    grant is suspended instead. The caller has asked for a fresh second factor. Raises `Refused`.
    """
    application = Application.objects.select_for_update(no_key=True).get(pk=case.application_id)
    if application.agenda_items.filter(state=ItemState.DECIDED, decision__isnull=True).exists():
        raise Refused(_("The reasons of the decision are not written down yet; confirm the case after that."))
    rested = _rested(case)
    consequence, grant = _consequence(application, rested)
    event = events.ConflictConfirmed(scorecards=rested.scorecards, votes=rested.votes, consequence=consequence.value)
    changes = {"confirmed_by": actor, "effects": event.model_dump(mode="json")}
    confirmed = lifecycle.move(case, event, actor=actor, changes=changes)
    with identity.system("committees.case"):
        recuse(case.seat, application, ground=case.ground, source=RecusalSource.CASE, actor=None)
    if consequence is Consequence.REOPENED and rested.decision is not None:
        supersede(rested.decision, cause=str(CAUSE))
    elif consequence is Consequence.GRANT_HELD and grant is not None:
        closure.suspend(grant, actor=actor, reason=str(CAUSE))
    with identity.system("committees.case"):
        _suspend(case.seat)
    _tell(confirmed)
    return confirmed


def _consequence(application: Application, rested: _Rested) -> tuple[Consequence, Grant | None]:
    """What becomes of the decision: nothing rested on the member, decided again, or too late for that."""
    if rested.decision is None:
        return Consequence.NONE, None
    grant = grant_of(application)
    if grant is not None and grant.state == GrantState.ACTIVE:
        return Consequence.GRANT_HELD, grant
    may_be_decided = application.state in facts.DECIDED and application.call.state != "completed"
    signed = grant is not None and grant.state in ENDED
    return (Consequence.STANDS, grant) if signed or not may_be_decided else (Consequence.REOPENED, grant)


ENDED = [
    GrantState.SUSPENDED, GrantState.CLOSED, GrantState.TERMINATED, GrantState.DECLINED, GrantState.LAPSED,
]  # fmt: skip
"""Grants on which a decision changes nothing any more: the case alone deals with them."""


def _suspend(seat: Seat) -> None:
    """The member is out of the whole committee until the case ends; who left the seat meanwhile is out already."""
    held = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if held.state != SeatState.FILLED:
        return
    suspended = lifecycle.move(held, events.SeatSuspended(constituency=held.constituency), actor=None)
    close_everything(suspended, cause="member suspended")


def _tell(case: ConflictCase) -> None:
    """The member learns of the suspension, who answers for the case learns of the case; neither notice names an application."""
    notify(
        [case.seat.user],
        "committees.member_suspended",
        params={"committee": case.seat.committee.name.data},
        url="",
        dedupe_key=str(case.pk),
    )
    notify(
        [case.owner],
        "committees.case_confirmed",
        params={},
        url=reverse("committees:case_detail", args=[case.pk]),
        dedupe_key=str(case.pk),
    )


def dismiss(case: ConflictCase, *, outcome: str, actor: Any) -> ConflictCase:
    """A second person finds that there was nothing to declare; ``outcome`` says why. Raises `Refused`."""
    said = clean_text(outcome).strip()
    changes = {"confirmed_by": actor, "outcome": said}
    return lifecycle.move(case, events.ConflictDismissed(), actor=actor, reason=said, changes=changes)


def close(case: ConflictCase, *, outcome: str, actor: Any) -> ConflictCase:
    """End a confirmed case; ``outcome`` says how. Raises `Refused`."""
    said = clean_text(outcome).strip()
    return lifecycle.move(case, events.ConflictCaseClosed(), actor=actor, reason=said, changes={"outcome": said})
