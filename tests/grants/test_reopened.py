"""A decision that was taken back: the award is set aside with its money, and the committee decides again."""

import pytest

from grants.models import Feedback, Grant
from grants.selectors.applications import feedback_of
from grants.selectors.grants import grant_of
from grants.services import review
from grants.states import ApplicationState, GrantState
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
