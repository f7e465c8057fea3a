"""The paths of a grant's money, each to its end, with whole books after it."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.roles import Role
from audit import fsck
from audit.log import opened
from disbursements import clock
from disbursements.models import Payment, Refund, Tranche
from disbursements.positions import position
from disbursements.selectors import owed, paid_by_source
from disbursements.services import closing, payments, tranches
from disbursements.services.agreements import draft_agreement
from disbursements.states import ApprovalKind
from funds.selectors import available
from grants.fingerprints import report_sha256
from grants.models import Grant
from grants.services import agreements, awards, closure, reports
from kernel.permissions import Refused
from ledger.selectors import balance, trial_balance
from notices.models import Notice
from organisations.services import retire_bank_account
from tests.factories import accounts
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.funds import confirmed_contribution
from tests.factories.organisations import usable_bank_account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def whole_books() -> Any:
    """After every path: no finding, and a trial balance of zero."""
    yield
    assert list(fsck.findings()) == []
    assert all(trial.balanced for trial in trial_balance())


def free_of(grant: Grant) -> int:
    """What is free in the envelopes of the grant's call."""
    return sum(balance(one.account).available_minor for one in grant.call.envelopes.all())


def test_an_award_reserves_and_a_declined_offer_releases() -> None:
    grant = made.offered_grant(amount_minor=2_000_000)
    before = free_of(grant)
    with pytest.raises(Refused):
        awards.decline_offer(grant, actor=made.signatory(grant), reason=" ")
    declined = awards.decline_offer(grant, actor=made.signatory(grant), reason="لم يعد المشروع ممكناً")
    assert declined.state == "declined"
    assert free_of(grant) - before == 2_000_000


def test_an_offer_lapses_by_the_clock_after_a_reminder() -> None:
    grant = made.offered_grant()
    assert grant.step_due is not None
    clock.follow(grant.step_due - timedelta(days=2))
    clock.follow(grant.step_due - timedelta(days=1))
    reminders = Notice.objects.filter(kind="disbursements.offer_reminder", user=made.signatory(grant))
    assert reminders.count() == 1
    before = free_of(grant)
    clock.follow(grant.step_due + timedelta(hours=1))
    grant.refresh_from_db()
    assert grant.state == "lapsed"
    assert free_of(grant) - before == grant.amount_minor
    assert clock.lapse_offers(grant.step_due) == 0


def test_the_agreement_waits_for_conditions_and_binds_its_hashes() -> None:
    grant = made.accepted_grant(conditions=["نسخة من القرار"])
    with pytest.raises(Refused, match="1"):
        draft_agreement(grant, starts_on=timezone.localdate(), actor=made.programme_officer())
    made.meet_conditions(grant)
    drawn = draft_agreement(grant, starts_on=timezone.localdate(), actor=made.programme_officer())
    for language in ("ar", "en"):
        with getattr(drawn, f"agreement_{language}").open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == getattr(drawn, f"agreement_{language}_sha256")
    old = made.hashes(drawn)
    later = timezone.localdate() + timedelta(days=30)
    anew = draft_agreement(drawn, starts_on=later, actor=made.programme_officer())
    with pytest.raises(Refused):
        agreements.sign(anew, **old, actor=made.signatory(anew))
    assert agreements.sign(anew, **made.hashes(anew), actor=made.signatory(anew)).state == "signed_by_partner"


def test_countersigning_needs_good_standing_and_an_account() -> None:
    grant = made.signed_grant()
    with pytest.raises(Refused):
        agreements.countersign(grant, **made.hashes(grant), actor=made.manager())
    usable_bank_account(grant.organisation)
    grant.organisation.registration_valid_until = timezone.localdate() - timedelta(days=1)
    grant.organisation.save(update_fields=["registration_valid_until"])
    grant.refresh_from_db()
    with pytest.raises(Refused):
        agreements.countersign(grant, **made.hashes(grant), actor=made.manager())


@pytest.mark.parametrize(
    ("months", "tier", "percents"),
    [
        (12, "M", [60, 35, 5]),
        (24, "M", [35, 30, 30, 5]),
        (36, "M", [25, 20, 20, 20, 10, 5]),
        (12, "H", [50, 30, 10, 10]),
        (24, "E", [40, 30, 20, 10]),
    ],
)
def test_the_schedule_follows_tier_and_months(months: int, tier: str, percents: list[int]) -> None:
    grant = made.active_grant(months=months, tier=tier, amount_minor=1_000_000)
    planned = list(grant.tranches.order_by("number"))
    assert [one.amount_minor // 10_000 for one in planned] == percents
    assert [one.state for one in planned] == ["due"] + ["planned"] * (len(planned) - 1)
    assert owed(grant).minor == grant.amount_minor
    retained = [one for one in planned if one.retention]
    assert grant.reports.count() == len(planned) - len(retained)


def test_a_grant_over_two_sources_pays_and_returns_to_the_same_ones() -> None:
    first = confirmed_contribution(
        30_000_00, use_by=timezone.localdate() + timedelta(days=900), restriction_class="RES-TIME"
    )
    second = confirmed_contribution(40_000_00)
    grant = made.active_grant(
        amount_minor=50_000_00,
        tier="L",
        sources={first: 30_000_00, second: 40_000_00},
        envelope_minor=70_000_00,
        ceiling_minor=70_000_00,
    )
    assert [row.amount_minor for row, _paid in paid_by_source(grant)] == [30_000_00, 20_000_00]
    assert [minor for _row, minor in payments._parts(grant, 10_000_00)] == [10_000_00], "the first source is enough"
    with pytest.raises(ValueError, match=grant.reference):
        payments._parts(grant, 50_000_01)
    assert money.pay(money.due_tranche(grant)).amount_minor == 40_000_00
    assert [paid for _row, paid in paid_by_source(grant)] == [30_000_00, 10_000_00]
    ended = closure.terminate(grant, actor=made.board_member(), reason="تعذّر الوصول")
    assert owed(ended).minor == 0
    money.accepted_report(ended, spent_minor=5_000_00, number=1)
    reports.waive_report(ended.reports.get(number=2), actor=made.manager(), reason="انتهت المنحة")
    one, other = made.finance_officers()
    refund = closing.compute_refund(ended, disallowed_minor=0, actor=one)
    assert refund.amount_minor == 35_000_00
    refund = closing.record_refund(refund, received_on=timezone.localdate(), bank_reference="RF", actor=one)
    with pytest.raises(Refused):
        closing.confirm_refund(refund, actor=one)
    closing.confirm_refund(refund, actor=other)
    assert available(first).minor == 25_000_00
    assert available(second).minor == 40_000_00 - 40_000_00 + 10_000_00 + 10_000_00
    assert closing.close_grant(Grant.objects.get(pk=ended.pk), actor=made.manager()).state == "closed"


@pytest.mark.database("active_grant")
def test_a_failed_payment_is_paid_again_without_new_approvals() -> None:
    payment = money.sent_payment(tier="L")
    one, _other = made.finance_officers()
    payments.fail_payment(payment, reason="رقم الحساب مغلق", actor=one)
    tranche = Tranche.objects.get(pk=payment.tranche_id)
    assert tranche.state == "finance_approved"
    again = money.confirmed_payment(money.sent_payment(money.prepared_payment(tranche)))
    assert again.key != payment.key
    assert position(tranche.grant).received_minor == tranche.amount_minor


@pytest.mark.database("active_grant")
def test_a_retired_account_is_not_paid_and_the_request_can_be_mended() -> None:
    tranche = money.approved_tranche(tier="L")
    account = tranche.requests.get().bank_account
    retire_bank_account(account, actor=made.signatory(tranche.grant), reason="غيّرنا المصرف")
    with pytest.raises(Refused):
        money.prepared_payment(tranche)
    back = tranches.return_request(tranche, note="حساب جديد من فضلكم", actor=made.programme_officer())
    usable_bank_account(tranche.grant.organisation)
    again = money.requested_tranche(back)
    assert again.request_round == 2
    with pytest.raises(Refused):
        tranches.approve(
            again,
            ApprovalKind.PROGRAMME,
            payload_sha256=tranche.requests.get(round=1).payload_sha256,
            actor=made.programme_officer(),
        )
    assert money.pay_requested(again).state == "confirmed"


def test_above_the_threshold_a_third_person_approves() -> None:
    tranche = money.requested_tranche(tier="L", amount_minor=100_000_00)
    one, _other = made.finance_officers()
    payload = money.shown(tranche)
    tranches.approve(tranche, ApprovalKind.PROGRAMME, payload_sha256=payload, actor=made.programme_officer())
    approved = tranches.approve(tranche, ApprovalKind.FINANCE, payload_sha256=payload, actor=one)
    with pytest.raises(Refused):
        payments.prepare_payment(approved, actor=one)
    tranches.approve(approved, ApprovalKind.MANAGER, payload_sha256=payload, actor=made.manager())
    assert payments.prepare_payment(approved, actor=one).state == "prepared"


@pytest.mark.database("active_grant")
def test_nobody_approves_twice_even_with_two_offices() -> None:
    tranche = money.requested_tranche(tier="L")
    both = made.programme_officer()
    accounts.appointment(both, Role.FINANCE_OFFICER)
    both = type(both).objects.get(pk=both.pk)
    payload = money.shown(tranche)
    tranches.approve(tranche, ApprovalKind.PROGRAMME, payload_sha256=payload, actor=both)
    with pytest.raises(Refused):
        tranches.approve(tranche, ApprovalKind.FINANCE, payload_sha256=payload, actor=both)


def test_the_next_tranche_waits_for_seventy_percent_and_the_report() -> None:
    grant = made.active_grant(tier="L", amount_minor=10_000_00)
    money.pay(money.due_tranche(grant))
    second = grant.tranches.get(number=2)
    assert second.state == "planned"
    money.accepted_report(grant, spent_minor=5_599_99)
    with pytest.raises(Refused, match="70"):
        money.requested_tranche(Tranche.objects.get(pk=second.pk))


@pytest.mark.database("active_grant")
def test_suspension_stops_money_and_resumption_lets_it_go_on() -> None:
    tranche = money.approved_tranche(tier="L")
    grant = closure.suspend(tranche.grant, actor=made.manager(), reason="تحقيق")
    tranche.refresh_from_db()
    with pytest.raises(Refused):
        money.prepared_payment(Tranche.objects.get(pk=tranche.pk))
    closure.resume(grant, actor=made.manager(), reason="انتهى التحقيق")
    assert money.prepared_payment(Tranche.objects.get(pk=tranche.pk)).state == "prepared"


@pytest.mark.database("active_grant")
def test_termination_stops_what_was_only_prepared() -> None:
    payment = money.prepared_payment(tier="L")
    closure.terminate(payment.tranche.grant, actor=made.board_member(), reason="احتيال")
    payment = Payment.objects.get(pk=payment.pk)
    assert payment.state == "failed"
    assert set(payment.tranche.grant.tranches.values_list("state", flat=True)) == {"cancelled"}
    assert owed(payment.tranche.grant).minor == 0


def test_a_whole_grant_with_retention_closes_without_refund() -> None:
    grant = money.spent_grant(tier="M", amount_minor=20_000_00)
    assert position(grant) == type(position(grant))(20_000_00, 20_000_00)
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=made.finance_officers()[0])
    assert refund.state == "waived"
    closed = closing.close_grant(grant, actor=made.manager())
    assert closed.state == "closed"
    with pytest.raises(Refused):
        closure.suspend(closed, actor=made.manager(), reason="x")


def test_what_is_not_earned_of_the_retention_is_never_paid() -> None:
    grant = money.spent_grant(tier="M", amount_minor=20_000_00, left_minor=2_000_00)
    kept = grant.tranches.get(retention=True)
    assert kept.state == "due"
    with pytest.raises(Refused):
        money.requested_tranche(kept)
    one, other = made.finance_officers()
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=one)
    assert refund.amount_minor == 1_000_00
    closing.record_refund(refund, received_on=timezone.localdate(), bank_reference="RF", actor=one)
    closing.confirm_refund(Refund.objects.get(pk=refund.pk), actor=other)
    closing.close_grant(grant, actor=made.manager())
    kept.refresh_from_db()
    assert kept.state == "cancelled"


@pytest.mark.database("active_grant")
def test_a_report_is_returned_as_often_as_the_charter_allows() -> None:
    grant = made.active_grant(tier="L")
    report = money.submitted_report(grant, spent_minor=1_000)
    for _round in range(2):
        report = money.returned(report, note="اشرحوا البند الأول")
        report = reports.submit_report(report, actor=made.signatory(grant))
    with pytest.raises(Refused, match="2"):
        money.returned(report, note="مرة ثالثة")
    assert money.accepted(report).state == "accepted"


@pytest.mark.database("active_grant")
def test_a_report_is_judged_exactly_as_it_was_read() -> None:
    grant = made.active_grant(tier="L")
    report = money.submitted_report(grant, spent_minor=1_000)
    read, officer = report_sha256(report), made.programme_officer()
    money.returned(report, note="اشرحوا البند الأول")
    again = money.submitted_report(grant, spent_minor=2_000)
    with translation.override("en"), pytest.raises(Refused, match="changed after you opened it"):
        reports.return_report(again, note="مرة أخرى", content_sha256=read, actor=officer)
    with translation.override("en"), pytest.raises(Refused, match="changed after you opened it"):
        reports.accept_report(again, content_sha256=read, actor=officer)
    accepted = money.accepted(again)
    assert opened(accepted.leaf.opening)["event"]["content_sha256"] == report_sha256(accepted) != read


@pytest.mark.database("active_grant")
def test_an_incomplete_report_is_saved_but_not_submitted() -> None:
    grant = made.active_grant(tier="L")
    report = reports.open_report(grant.reports.get(number=1), actor=made.signatory(grant))
    saved = reports.save_report(
        report, narrative={"achieved": "ماء"}, spent={}, explanations={}, actor=made.signatory(grant)
    )
    assert saved.achieved == "ماء"
    with pytest.raises(Refused):
        reports.submit_report(saved, actor=made.signatory(grant))


@pytest.mark.database("active_grant")
def test_the_calendar_opens_reports_and_says_what_is_late() -> None:
    grant = made.active_grant(tier="L")
    report = grant.reports.get(number=1)
    clock.follow(timezone.now() + (report.period_end - timezone.localdate()) + timedelta(days=8))
    report.refresh_from_db()
    assert report.state == "open"
    late = Notice.objects.filter(kind="disbursements.report_overdue", user=made.signatory(grant))
    assert late.count() == 1


@pytest.mark.database("active_grant")
def test_an_unconfirmed_payment_raises_an_alarm_once() -> None:
    payment = money.sent_payment(tier="L")
    for days in (40, 41):
        clock.alarm_of_transit(timezone.localdate() + timedelta(days=days))
    assert Notice.objects.filter(kind="disbursements.payment_in_transit", user=payment.maker).count() == 1
