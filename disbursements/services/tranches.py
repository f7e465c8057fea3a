"""Tranches: falling due, requested by the partner, approved by different people, held, cancelled."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from charter.selectors import working_deadline
from disbursements import events
from disbursements.controls import spent_percent
from disbursements.models import Approval, ConditionWaiver, DisbursementRequest, Tranche
from disbursements.positions import payload_hash, position
from disbursements.states import ApprovalKind, TrancheState
from disbursements.waiting import may_fall_due, states_spending
from grants import reasons
from grants.models import Grant
from grants.selectors.grants import rules_of
from organisations.models import BankAccount


def fall_due_what_may(grant: Grant) -> None:
    """Every planned tranche whose signature, report or earlier tranche has come falls due; `may_fall_due` decides."""
    for tranche in grant.tranches.filter(state=TrancheState.PLANNED).order_by("number"):
        if may_fall_due(tranche):
            fall_due(tranche)


def fall_due(tranche: Tranche) -> Tranche:
    """The tranche may be requested from now on."""
    return lifecycle.move(tranche, events.TrancheFellDue(), actor=None)


@transaction.atomic
def request_tranche(
    tranche: Tranche,
    *,
    bank_account: BankAccount,
    cash_on_hand_minor: int,
    forecast_minor: int,
    actor: Any,
    outstanding_advances_minor: int = 0,
    spent_minor: int = 0,
    note: str = "",
) -> Tranche:
    """The signatory asks for a tranche and states the cash position (minor units); `Refused` says what is missing.

    ``spent_minor`` is what was spent so far, for grants whose reports do not say it before the end; else it is theirs.
    """
    tranche = Tranche.objects.select_for_update(no_key=True).get(pk=tranche.pk)
    now = position(tranche.grant)
    spent = max(now.spent_minor, spent_minor) if states_spending(tranche) else now.spent_minor
    request = DisbursementRequest(
        tranche=tranche,
        round=tranche.request_round + 1,
        received_minor=now.received_minor,
        spent_minor=spent,
        cash_on_hand_minor=cash_on_hand_minor,
        outstanding_advances_minor=outstanding_advances_minor,
        forecast_minor=forecast_minor,
        note=note,
        bank_account=bank_account,
        requested_by=actor,
    )
    request.payload_sha256 = payload_hash(tranche, request)
    due = working_deadline(timezone.now(), rules_of(tranche.grant).deadlines.request_review_days)
    moved = lifecycle.move(
        tranche,
        events.TrancheRequested(request=request.pk),
        actor=actor,
        changes={"request_round": request.round, "step_due": due},
    )
    request.tranche = moved
    lifecycle.create(
        request,
        events.DisbursementRequested(
            spent_percent=spent_percent(now.received_minor, spent),
            cash_on_hand_minor=cash_on_hand_minor,
            payload_sha256=request.payload_sha256,
        ),
        actor=actor,
    )
    return moved


def return_request(tranche: Tranche, *, note: str, actor: Any) -> Tranche:
    """An officer returns the request with what to mend; earlier approvals count no more."""
    due = working_deadline(timezone.now(), rules_of(tranche.grant).deadlines.request_return_days)
    return lifecycle.move(
        tranche, events.TrancheReturned(), actor=actor, reason=reasons.given(note), changes={"step_due": due}
    )


@transaction.atomic
def waive_condition(tranche: Tranche, *, condition: str, reason: str, actor: Any) -> ConditionWaiver:
    """The fund manager waives one unmet condition of one tranche (`Waivable`), with a reason. Raises `Refused`."""
    reason = reasons.given(reason)
    tranche = Tranche.objects.select_for_update(no_key=True).get(pk=tranche.pk)
    waiver = ConditionWaiver(tranche=tranche, condition=condition, waived_by=actor)
    event = events.ConditionWaived(tranche=tranche.pk, condition=condition)
    return lifecycle.create(waiver, event, actor=actor, reason=reason)


_MOVES = {ApprovalKind.PROGRAMME: events.ProgrammeApproved, ApprovalKind.FINANCE: events.FinanceApproved}


@transaction.atomic
def approve(tranche: Tranche, kind: ApprovalKind, *, payload_sha256: str, actor: Any) -> Tranche:
    """Approve exactly what was shown (``payload_sha256``) for the programme, for finance, or as fund manager.

    Raises `Refused` when the person, the order or the content does not allow it.
    """
    tranche = Tranche.objects.select_for_update(no_key=True).get(pk=tranche.pk)
    if kind in _MOVES:
        due = working_deadline(timezone.now(), rules_of(tranche.grant).deadlines.approval_days)
        tranche = lifecycle.move(
            tranche, _MOVES[kind](payload_sha256=payload_sha256), actor=actor, changes={"step_due": due}
        )
    approval = Approval(
        tranche=tranche, round=tranche.request_round, kind=kind, approver=actor, payload_sha256=payload_sha256
    )
    lifecycle.create(
        approval,
        events.ApprovalGiven(tranche=tranche.pk, kind=kind.value, payload_sha256=payload_sha256),
        actor=actor,
    )
    return tranche


def hold(tranche: Tranche, *, reason: str, actor: Any) -> Tranche:
    """Hold a tranche that was not requested yet."""
    reason = reasons.given(reason)
    return lifecycle.move(
        tranche, events.TrancheHeld(), actor=actor, reason=reason, changes={"hold_reason": reason[:300]}
    )


def release(tranche: Tranche, *, reason: str, actor: Any) -> Tranche:
    """Lift the hold; the tranche is planned again and falls due when its conditions are met."""
    released = lifecycle.move(
        tranche, events.TrancheReleased(), actor=actor, reason=reasons.given(reason), changes={"hold_reason": ""}
    )
    return fall_due(released) if may_fall_due(released) else released


def cancel(tranche: Tranche, *, reason: str, actor: Any) -> Tranche:
    """A tranche that will not be paid any more; the end of the grant (``actor`` None) needs no reason of its own."""
    said = reason if actor is None else reasons.given(reason)
    return lifecycle.move(tranche, events.TrancheCancelled(), actor=actor, reason=said, changes={"step_due": None})
