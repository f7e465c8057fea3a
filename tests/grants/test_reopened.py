"""A decision that was taken back: the award is set aside with its money, and the committee decides again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from grants.models import Application, Feedback, Grant
from grants.selectors.applications import feedback_of
from grants.selectors.grants import grant_of
from grants.services import awards, calls, review
from grants.states import ApplicationState, CallState, GrantState
from kernel.permissions import Refused
from ledger.selectors import balance
from tests.factories import awards as make
from tests.factories import grants

pytestmark = pytest.mark.django_db
CAUSE = "تبيّن تضارب مصالح لم يُصرَّح به"


def free(grant: Grant) -> int:
    return sum(balance(envelope.account).available_minor for envelope in grant.call.envelopes.all())


@pytest.mark.parametrize("signed", [make.awarded_grant, make.offered_grant, make.signed_grant])
def test_an_award_that_binds_nobody_yet_is_set_aside(signed: object) -> None:
    grant = signed()  # type: ignore[operator]
    kept = free(grant)
    application = review.reopen(grant.application, cause=CAUSE)
    assert application.state == ApplicationState.DELIBERATION
    assert grant_of(application) is None
    assert Grant.objects.get().state == GrantState.SET_ASIDE
    assert free(grant) == kept + grant.amount_minor


def test_the_second_decision_makes_its_own_grant_and_reasons() -> None:
    grant = make.awarded_grant()
    reopened = review.reopen(grant.application, cause=CAUSE)
    first = feedback_of(reopened)
    again = review.record_decision(
        reopened,
        outcome="approved",
        amount_minor=grant.amount_minor - 1_000_00,
        conditions=[],
        rank=None,
        feedback=grants.feedback_draft(reopened),
    )
    second = grant_of(again)
    assert second is not None
    assert second.pk != grant.pk
    assert second.amount_minor == grant.amount_minor - 1_000_00
    assert feedback_of(again) != first
    assert Feedback.objects.filter(application=again).count() == 2


def test_a_signed_agreement_is_not_undone_by_a_decision() -> None:
    grant = make.active_grant()
    with pytest.raises(Refused):
        review.reopen(grant.application, cause=CAUSE)
    grant.refresh_from_db()
    assert grant.state == GrantState.ACTIVE


def test_an_offer_that_was_not_taken_up_is_not_decided_again() -> None:
    grant = make.offered_grant()
    awards.decline_offer(grant, actor=make.signatory(grant), reason="لا نقدر على التنفيذ الآن")
    with override("en"), pytest.raises(Refused, match="not taken up"):
        review.reopen(Application.objects.get(pk=grant.application_id), cause=CAUSE)


def decided(application: Application, outcome: str, rank: int | None = None) -> Application:
    draft = grants.feedback_draft(application)
    amount = application.requested_minor
    return review.record_decision(
        application, outcome=outcome, amount_minor=amount, conditions=[], rank=rank, feedback=draft
    )


def test_places_on_the_list_and_the_envelope_end_with_the_call() -> None:
    call, (waiting, rejected) = grants.screened_call(2)
    for one in (waiting, rejected):
        review.start_scoring(one, scorers=3)
        review.start_deliberation(one, panel_mean="60.00")
    waiting = decided(Application.objects.get(pk=waiting.pk), "waitlisted", rank=1)
    assert waiting.waiting_until is not None
    rejected = decided(Application.objects.get(pk=rejected.pk), "rejected")
    again = review.reopen(rejected, cause=CAUSE)
    assert (again.state, again.decided_at) == (ApplicationState.DELIBERATION, None)
    decided(again, "rejected")
    call.refresh_from_db()
    over = review.mark_decided(call)
    with override("en"), pytest.raises(Refused, match="can be appealed until"):
        calls.complete(over, actor=grants.programme_officer())
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        completed = calls.complete(over, actor=grants.programme_officer())
    waiting.refresh_from_db()
    assert (completed.state, waiting.state) == (CallState.COMPLETED, ApplicationState.LAPSED)
    assert [balance(one.account).available_minor for one in call.envelopes.all()] == [0]
    with override("en"), pytest.raises(Refused, match="completed"):
        review.reopen(Application.objects.get(pk=rejected.pk), cause=CAUSE)


def test_who_waits_may_be_decided_at_once_and_waits_no_longer() -> None:
    _call, (one,) = grants.screened_call(1)
    review.start_scoring(one, scorers=3)
    review.start_deliberation(one, panel_mean="60.00")
    waiting = decided(Application.objects.get(pk=one.pk), "waitlisted", rank=1)
    approved = decided(waiting, "approved")
    assert (approved.state, approved.waiting_until) == (ApplicationState.APPROVED, None)
