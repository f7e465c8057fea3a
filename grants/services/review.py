"""What the committee's layer does to calls and applications; the persons stand on its own records."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from charter.calendar import add_months
from grants import events
from grants.conditions import Asked
from grants.models import Application, Call
from grants.selectors import calls
from grants.selectors.grants import grant_of
from grants.services.awards import set_aside
from grants.services.feedback import FeedbackDraft, give_feedback, reasons_in_force
from grants.services.letters import send_letter
from grants.states import ApplicationState, CallState, GrantState
from kernel.permissions import Refused

__all__ = [
    "FeedbackDraft",
    "answer_note",
    "mark_decided",
    "move_up",
    "record_decision",
    "reopen",
    "send_back",
    "start_deliberation",
    "start_review",
    "start_scoring",
]
_S = ApplicationState
BINDING = [GrantState.ACTIVE, GrantState.SUSPENDED, GrantState.CLOSED, GrantState.TERMINATED]
"""Grants that both sides have signed: no decision takes them back."""


def start_review(call: Call, *, actor: Any) -> Call:
    """Hand a closed call, whose applications are all screened, to the committee. Raises `Refused`."""
    return lifecycle.move(call, events.ReviewStarted(), actor=actor)


@transaction.atomic
def send_back(application: Application, *, cause: str) -> Application:
    """Send an application back to be evaluated anew, after an upheld appeal; its call is under review again.

    Raises `Refused`.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=application.call_id)
    if call.state == CallState.DECIDED:
        lifecycle.move(call, events.ReviewReopened(), actor=None, reason=cause)
    changes = {"waiting_until": None, "step_due": None}
    return lifecycle.move(application, events.ApplicationSentBack(), actor=None, reason=cause, changes=changes)


def send_note_back(application: Application, *, cause: str) -> Application:
    """A concept note waits for its answer again, after an upheld appeal. Raises `Refused`."""
    return lifecycle.move(application, events.ConceptNoteSentBack(), actor=None, reason=cause)


def start_scoring(application: Application, *, scorers: int) -> Application:
    """The application is with its scorers. Raises `Refused`."""
    return lifecycle.move(application, events.ScoringStarted(scorers=scorers), actor=None)


def start_deliberation(application: Application, *, panel_mean: str) -> Application:
    """The scores are in, or a deferred application comes back; the committee may decide. Raises `Refused`."""
    return lifecycle.move(application, events.DeliberationStarted(panel_mean=panel_mean), actor=None)


@transaction.atomic
def record_decision(
    application: Application,
    *,
    outcome: str,
    amount_minor: int,
    conditions: Sequence[Asked],
    rank: int | None,
    feedback: FeedbackDraft,
) -> Application:
    """Carry the committee's decision out and give the organisation its reasons.

    ``outcome`` is approved, approved_with_conditions, waitlisted, rejected or deferred; ``amount_minor`` counts for awards,
    ``rank`` for the waiting list. A deferred application gets a letter now and its reasons with the decision that follows.
    Raises `Refused`, and ValueError for another outcome.
    """
    changes: dict[str, Any] = {} if outcome == _S.DEFERRED else {"decided_at": timezone.now(), "step_due": None}
    if outcome == _S.WAITLISTED:
        months = calls.rules_of(application.call).scoring.waiting_list_months
        changes |= {"waiting_rank": rank, "waiting_until": add_months(timezone.localdate(), months)}
    elif application.waiting_rank is not None:
        changes |= {"waiting_until": None}
    event = _event(outcome, amount_minor=amount_minor, conditions=conditions, rank=rank)
    decided = lifecycle.move(application, event, actor=None, changes=changes)
    if outcome == _S.DEFERRED:
        send_letter(decided, outcome=outcome)
    else:
        give_feedback(decided, outcome=outcome, draft=feedback, amount_minor=amount_minor, conditions=conditions)
    return decided


def _event(outcome: str, *, amount_minor: int, conditions: Sequence[Asked], rank: int | None) -> Any:
    match outcome:
        case _S.APPROVED:
            return events.ApplicationApproved(amount_minor=amount_minor)
        case _S.APPROVED_WITH_CONDITIONS:
            return events.ApplicationApprovedWithConditions(amount_minor=amount_minor, conditions=list(conditions))
        case _S.WAITLISTED:
            return events.ApplicationWaitlisted(rank=rank or 0)
        case _S.REJECTED:
            return events.ApplicationRejected()
        case _S.DEFERRED:
            return events.ApplicationDeferred()
        case _:
            raise ValueError(f"not a decision: {outcome!r}")


@transaction.atomic
def move_up(application: Application, *, amount_minor: int, conditions: Sequence[Asked]) -> Application:
    """Award an application from the waiting list, with the conditions that the committee had voted on.

    Raises `Refused` when the envelope no longer covers it.
    """
    event = _event(
        _S.APPROVED_WITH_CONDITIONS if conditions else _S.APPROVED,
        amount_minor=amount_minor,
        conditions=conditions,
        rank=None,
    )
    approved = lifecycle.move(application, event, actor=None, changes={"waiting_until": None, "step_due": None})
    send_letter(
        approved,
        outcome=str(approved.state),
        feedback=reasons_in_force(approved),
        amount_minor=amount_minor,
        conditions=conditions,
    )
    return approved


@transaction.atomic
def answer_note(
    application: Application, *, invited: bool, panel_mean: str, criteria: list[dict[str, Any]]
) -> Application:
    """Invite to the full proposal or not, and give the reasons, as the members' points say. Raises `Refused`.

    ``criteria`` as in `grants.services.feedback.FeedbackDraft`.
    """
    event = (events.ConceptNoteShortlisted if invited else events.ConceptNoteNotShortlisted)(panel_mean=panel_mean)
    answered = lifecycle.move(application, event, actor=None)
    outcome = ApplicationState.SHORTLISTED if invited else ApplicationState.NOT_SHORTLISTED
    give_feedback(answered, outcome=outcome, draft=FeedbackDraft(panel_mean=panel_mean, criteria=criteria))
    return answered


def mark_decided(call: Call) -> Call:
    """Every application of the call has its decision. Raises `Refused` while one has not."""
    return lifecycle.move(call, events.CallDecided(), actor=None)


@transaction.atomic
def reopen(application: Application, *, cause: str) -> Application:
    """Take a decision back: the application is before the committee again, an award that binds nobody yet is set aside.

    The reasons given before stay on record. Raises `Refused` when both sides have signed the agreement, or the call is
    completed: such a grant can only be suspended.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=application.call_id)
    grant = grant_of(application)
    if grant is not None and grant.state in BINDING:
        raise Refused(_("Both sides have signed the agreement: the decision stands, the grant can only be suspended."))
    if call.state == CallState.COMPLETED:
        raise Refused(_("The call is completed: its decisions are not reopened."))
    if grant is not None and grant.state in {GrantState.DECLINED, GrantState.LAPSED}:
        raise Refused(_("The offer was not taken up: there is nothing to decide again."))
    if grant is not None:
        set_aside(grant, reason=cause)
    if call.state == CallState.DECIDED:
        lifecycle.move(call, events.ReviewReopened(), actor=None, reason=cause)
    changes = {"decided_at": None, "waiting_rank": None, "waiting_until": None, "step_due": None}
    return lifecycle.move(application, events.ApplicationReopened(), actor=None, reason=cause, changes=changes)
