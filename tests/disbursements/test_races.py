"""Threads that want the same money, the same approval, the same confirmation."""

from typing import Any

import pytest
from django.utils import timezone

from audit import fsck
from disbursements.models import Approval, Payment, Tranche
from disbursements.services import payments, tranches
from disbursements.states import ApprovalKind
from grants.models import Grant
from grants.services import awards as award_services
from grants.services import review
from ledger.models import Transfer
from ledger.selectors import balance
from tests.factories import awards, files
from tests.factories import disbursements as money
from tests.factories import grants as calls
from tests.threads import ends

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_awards_of_the_last_money_have_one_winner() -> None:
    call, applications = calls.screened_call(
        10, requested=20 * calls.THOUSAND, envelope_minor=30 * calls.THOUSAND, ceiling_minor=30 * calls.THOUSAND
    )
    for application in applications:
        review.start_scoring(application, scorers=3)
        review.start_deliberation(application, panel_mean="78.33")

    def award(application: Any) -> str:
        review.record_decision(
            application, outcome="approved", amount_minor=19 * calls.THOUSAND, conditions=[], rank=None,
            feedback=calls.feedback_draft(application),
        )  # fmt: skip
        return "awarded"

    outcomes = ends([lambda one=one: award(one) for one in applications])  # type: ignore[misc]
    assert outcomes == ["Refused"] * 9 + ["awarded"]
    assert Grant.objects.filter(call=call).count() == 1
    envelope = call.envelopes.get()
    assert balance(envelope.account).available_minor == 11 * calls.THOUSAND
    assert list(fsck.findings()) == []


@pytest.mark.database("active_grant")
def test_two_finance_officers_approve_once() -> None:
    tranche = money.requested_tranche(tier="L")
    payload = money.shown(tranche)
    tranche = tranches.approve(
        tranche, ApprovalKind.PROGRAMME, payload_sha256=payload, actor=awards.programme_officer()
    )
    officers = awards.finance_officers()

    def approve(officer: Any) -> str:
        tranches.approve(tranche, ApprovalKind.FINANCE, payload_sha256=payload, actor=officer)
        return "approved"

    outcomes = ends([lambda one=one: approve(one) for one in officers])  # type: ignore[misc]
    assert outcomes == ["IllegalMove", "approved"]
    assert Approval.objects.filter(tranche=tranche, kind=ApprovalKind.FINANCE).count() == 1


@pytest.mark.database("active_grant")
def test_a_payment_is_prepared_once_and_confirmed_once() -> None:
    tranche = money.approved_tranche(tier="L")
    officers = awards.finance_officers()

    def prepare(officer: Any) -> str:
        payments.prepare_payment(Tranche.objects.get(pk=tranche.pk), actor=officer)
        return "prepared"

    assert ends([lambda one=one: prepare(one) for one in officers]) == ["Refused", "prepared"]  # type: ignore[misc]
    payment = Payment.objects.get(tranche=tranche)
    checker = next(one for one in officers if one.pk != payment.maker_id)
    sent = payments.send_payment(
        payment, slip=files.pdf(), bank_reference="X-1", sent_on=timezone.localdate(), actor=checker
    )
    signatory = awards.signatory(tranche.grant)

    def confirm() -> str:
        payments.confirm_payment(sent, received_on=timezone.localdate(), fee_minor=0, actor=signatory)
        return "confirmed"

    assert ends([confirm] * 4) == ["IllegalMove"] * 3 + ["confirmed"]
    assert Transfer.objects.filter(kind="settle", facts__payment=payment.key).count() == 1
    assert list(fsck.findings()) == []


def test_an_offer_is_answered_once() -> None:
    grant = awards.offered_grant()
    signatory = awards.signatory(grant)

    def accept() -> str:
        return str(award_services.accept_offer(grant, actor=signatory).state)

    def decline() -> str:
        return str(award_services.decline_offer(grant, actor=signatory, reason="لا نستطيع").state)

    outcomes = ends([accept, decline, accept, decline])
    assert outcomes.count("IllegalMove") == 3
