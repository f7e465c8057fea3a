"""Who may do what: each act asked for every kind of person."""

from datetime import date
from typing import Any

import pytest

from accounts.roles import Role
from audit.rules import ask
from disbursements import events
from disbursements.models import Payment, Refund
from disbursements.rules import may_be_approved
from disbursements.services import closing
from disbursements.states import ApprovalKind
from grants import events as grant_events
from grants.fingerprints import report_sha256
from tests.factories import accounts
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.organisations import preparer_of

pytestmark = pytest.mark.django_db
OFFICES = [role.value for role in Role if role is not Role.ADMINISTRATOR]


def allowed(subject: Any, event: Any, grant: Any) -> set[str]:
    """The offices and the people of the organisation whom the rule lets do ``event``."""
    people = {role: accounts.officer(role) for role in OFFICES}
    people |= {
        "signatory": made.signatory(grant),
        "preparer": preparer_of(grant.organisation),
        "stranger": accounts.user(),
    }
    found = {name for name, person in people.items() if ask(subject, event, actor=person)}
    return found | ({"system"} if ask(subject, event, actor=None) else set())


def test_acts_on_an_offer() -> None:
    grant = made.offered_grant(tier="L")
    assert allowed(grant, grant_events.OfferSent(due=""), grant) == {"programme_officer", "fund_manager"}
    assert allowed(grant, grant_events.OfferAccepted(), grant) == {"signatory"}
    assert allowed(grant, grant_events.OfferDeclined(), grant) == {"signatory"}
    assert allowed(grant, grant_events.OfferLapsed(), grant) == {"system"}
    drafted = grant_events.AgreementDrafted(
        sha256_ar="", sha256_en="", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)
    )
    assert allowed(grant, drafted, grant) == {"programme_officer", "finance_officer"}
    condition = made.offered_grant(tier="L", conditions=["A safeguarding policy"]).conditions.get()
    assert allowed(condition, grant_events.ConditionMet(condition=""), condition.grant) == {"programme_officer"}


@pytest.mark.database("active_grant")
def test_acts_on_an_active_grant() -> None:
    grant = made.active_grant(tier="L")
    assert allowed(grant, grant_events.GrantSuspended(), grant) == {"fund_manager", "board_member"}
    assert allowed(grant, grant_events.GrantResumed(), grant) == {"fund_manager", "board_member"}
    assert allowed(grant, grant_events.GrantTerminated(), grant) == {"board_member"}
    assert allowed(grant, grant_events.GrantClosed(spent_minor=0, refunded_minor=0), grant) == set()
    report = grant.reports.get(number=1)
    assert allowed(report, grant_events.ReportOpened(), grant) == {"signatory", "preparer", "system"}
    report = money.submitted_report(grant, spent_minor=1)
    read = report_sha256(report)
    assert allowed(report, grant_events.ReportAccepted(spent_minor=1, content_sha256=read), grant) == {
        "programme_officer"
    }
    assert allowed(report, grant_events.ReportReturned(due_on=date(2026, 1, 4), content_sha256=read), grant) == {
        "programme_officer"
    }
    assert allowed(report, grant_events.ReportWaived(), grant) == {"fund_manager"}
    assert allowed(report, grant_events.ReportSubmitted(spent_minor=1, content_sha256=""), grant) == {"signatory"}


@pytest.mark.database("active_grant")
def test_acts_on_a_tranche() -> None:
    tranche = money.requested_tranche(tier="L")
    grant, payload = tranche.grant, money.shown(tranche)
    assert allowed(tranche, events.TrancheFellDue(), grant) == {"system"}
    assert allowed(tranche, events.TrancheReturned(), grant) == {"programme_officer", "finance_officer"}
    assert allowed(tranche, events.ProgrammeApproved(payload_sha256=payload), grant) == {"programme_officer"}
    assert allowed(tranche, events.ProgrammeApproved(payload_sha256="x"), grant) == set()
    assert allowed(tranche, events.FinanceApproved(payload_sha256=payload), grant) == {"finance_officer"}
    for event in (events.TrancheHeld(), events.TrancheReleased(), events.TrancheCancelled()):
        assert allowed(tranche, event, grant) == {"fund_manager"}
    manager = made.manager()
    assert not may_be_approved(tranche, ApprovalKind.MANAGER, actor=manager)


@pytest.mark.database("active_grant")
def test_acts_on_a_payment() -> None:
    payment = money.prepared_payment(tier="L")
    grant = payment.tranche.grant
    sent = events.PaymentSent(bank_reference="", slip_sha256="")
    assert allowed(payment, sent, grant) == {"finance_officer", "fund_manager"}
    assert not ask(payment, sent, actor=payment.maker)
    arrived = events.PaymentConfirmed(received_minor=payment.amount_minor, received_on=date(2026, 1, 1), fee_minor=0)
    assert allowed(payment, arrived, grant) == {"signatory"}
    less = events.PaymentConfirmed(received_minor=payment.amount_minor - 1, received_on=date(2026, 1, 1), fee_minor=0)
    assert allowed(payment, less, grant) == set()
    assert allowed(payment, events.PaymentFailed(), grant) == {"finance_officer"}
    second = Payment(tranche=payment.tranche, bank_account=payment.bank_account)
    prepared = events.PaymentPrepared(amount_minor=1, currency="USD", account_fingerprint="")
    assert allowed(second, prepared, grant) == set()


@pytest.mark.database("active_grant")
def test_acts_on_a_refund() -> None:
    grant = money.spent_grant(tier="L", left_minor=100_000)
    one = made.finance_officers()[0]
    computed = events.RefundComputed(unspent_minor=0, disallowed_minor=0, amount_minor=0)
    assert allowed(Refund(grant=grant), computed, grant) == {"finance_officer"}
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=one)
    assert allowed(refund, events.RefundReceived(amount_minor=1, bank_reference=""), grant) == {"finance_officer"}
    refund = closing.record_refund(refund, received_on=date(2026, 1, 1), bank_reference="x", actor=one)
    confirmed = events.RefundConfirmed(amount_minor=refund.amount_minor)
    assert allowed(refund, confirmed, grant) == {"finance_officer", "fund_manager"}
    assert not ask(refund, confirmed, actor=one)
