"""The waiting list moves up: money that comes back is proposed to the next who fits, once."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle, outbox
from charter.selectors import working_deadline
from committees import follow_up_events as events
from committees.models import WaitingProposal
from committees.rules import facts
from committees.rules.waiting import LIVE_CALLS
from committees.selectors import waiting
from committees.states import WaitingState
from grants.models import Application, Call
from grants.selectors.envelopes import fill_one_after_another
from grants.services import review
from kernel.permissions import Refused
from kernel.texts import clean_text
from notices.services import notify

MOVE_UP = "committees.waiting_list"


def money_came_back(call: Call, *, leaf_id: Any) -> None:
    """Look at the call's waiting list after this transaction, when the money has reached the envelope."""
    outbox.put(MOVE_UP, {"call": str(call.pk)}, dedupe_key=str(leaf_id))


@outbox.handler(MOVE_UP)
def look_at_the_list(payload: dict[str, Any]) -> None:
    """Propose whoever fits now."""
    propose_next(UUID(payload["call"]))


@transaction.atomic
def propose_next(call_id: UUID) -> list[WaitingProposal]:
    """Propose, in the order of ranks, every waiting application that the free money covers; returns what is new.

    The call's row is locked and money of open proposals counts as gone: the same money is never proposed twice.
    """
    call = Call.objects.select_for_update(no_key=True).get(pk=call_id)
    if call.state not in LIVE_CALLS:
        return []
    promised = [(one.application, one.amount_minor) for one in waiting.open_proposals(call)]
    made = []
    for place in waiting.next_places(call):
        wishes = [*promised, (place.application, place.amount_minor)]
        if fill_one_after_another(call, wishes)[-1].missing_minor:
            continue
        promised = wishes
        made.append(_propose(place))
    return made


def _propose(place: waiting.Place) -> WaitingProposal:
    application = place.application
    due = working_deadline(timezone.now(), facts.rules_of(application.call).deadlines.process_check_days)
    proposal = WaitingProposal(
        application=application,
        rank=place.rank,
        amount_minor=place.amount_minor,
        conditions=place.conditions,
        answer_due=due,
    )
    event = events.WaitingProposed(
        application=application.pk,
        rank=place.rank,
        amount_minor=place.amount_minor,
        currency=application.call.currency,
    )
    made = lifecycle.create(proposal, event, actor=None)
    notify(
        users_with_role(Role.FUND_MANAGER),
        "committees.waiting_proposed",
        params={"reference": application.reference, "rank": place.rank, "due": due.isoformat()},
        url=reverse("committees:waiting_answer", args=[made.pk]),
        dedupe_key=str(made.pk),
    )
    return made


def _locked(proposal: WaitingProposal) -> WaitingProposal:
    Call.objects.select_for_update(no_key=True).get(pk=proposal.application.call_id)
    return WaitingProposal.objects.select_related("application__call", "application__organisation").get(pk=proposal.pk)


@transaction.atomic
def confirm(proposal: WaitingProposal, *, screening: str, actor: Any) -> WaitingProposal:
    """Award the application; ``screening`` says what was screened again and with which result.

    The caller has asked for a fresh second factor. Raises `Refused`, also when the money is gone meanwhile.
    """
    locked = _locked(proposal)
    said = clean_text(screening).strip()
    event = events.WaitingConfirmed(application=locked.application_id, screening=said)
    confirmed = lifecycle.move(locked, event, actor=actor, changes={"screening": said, "answered_by": actor})
    application = Application.objects.get(pk=confirmed.application_id)
    review.move_up(application, amount_minor=confirmed.amount_minor, conditions=list(confirmed.conditions))
    return confirmed


@transaction.atomic
def dismiss(proposal: WaitingProposal, *, reason: str, actor: Any) -> WaitingProposal:
    """Pass the application over; the next one that fits is proposed at once. Raises `Refused`."""
    said = clean_text(reason).strip()
    if not said:
        raise Refused(_("Give the reason."))
    locked = _locked(proposal)
    event = events.WaitingDismissed(application=locked.application_id)
    dismissed = lifecycle.move(locked, event, actor=actor, reason=said, changes={"answered_by": actor})
    propose_next(dismissed.application.call_id)
    return dismissed


def left_the_list(application: Application) -> None:
    """Let the open proposal of an application fall away that was withdrawn or whose place ran out."""
    for proposal in WaitingProposal.objects.filter(application=application, state=WaitingState.PROPOSED):
        lifecycle.move(proposal, events.WaitingOutdated(application=application.pk), actor=None)
