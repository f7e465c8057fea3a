"""Any sequence of requests, approvals, payments, reports, holds and ends keeps every invariant of the money."""

import contextlib
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from disbursements import fsck
from disbursements.models import Payment, Refund, Tranche
from disbursements.selectors import paid_by_source
from disbursements.services import closing, payments, tranches
from disbursements.states import ApprovalKind
from grants.models import Grant
from grants.services import closure, reports
from kernel.permissions import Refused
from ledger import fsck as books
from ledger.selectors import available_minor
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.transparency.test_giving import assert_statement_is_true

pytestmark = pytest.mark.django_db
numbers = st.integers(1, 4)


class Life(RuleBasedStateMachine):
    """One active grant of four tranches; every act may be refused, none may break the books."""

    grant: Grant

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def _tranche(self, number: int) -> Tranche:
        return Tranche.objects.get(grant=self.grant, number=number)

    def _payment(self, number: int) -> Payment | None:
        return Payment.objects.filter(tranche__grant=self.grant, tranche__number=number).order_by("-moved_at").first()

    @rule(number=numbers)
    def request(self, number: int) -> None:
        with contextlib.suppress(Refused):
            money.requested_tranche(self._tranche(number))

    @rule(number=numbers, kind=st.sampled_from(list(ApprovalKind)))
    def approve(self, number: int, kind: ApprovalKind) -> None:
        tranche = self._tranche(number)
        actor = {"programme": made.programme_officer(), "finance": made.finance_officers()[0]}.get(kind, made.manager())
        asked = tranche.requests.order_by("-round").first()
        if asked is not None:
            with contextlib.suppress(Refused):
                tranches.approve(tranche, kind, payload_sha256=asked.payload_sha256, actor=actor)

    @rule(number=numbers)
    def pay(self, number: int) -> None:
        with contextlib.suppress(Refused):
            if self._tranche(number).request_round:
                payments.prepare_payment(self._tranche(number), actor=made.finance_officers()[0])

    @rule(number=numbers, act=st.sampled_from(["send", "confirm", "fail"]))
    def go_on(self, number: int, act: str) -> None:
        payment = self._payment(number)
        if payment is None:
            return
        acts: dict[str, Any] = {
            "send": lambda: money.sent_payment(payment),
            "confirm": lambda: money.confirmed_payment(payment, fee_minor=7),
            "fail": lambda: payments.fail_payment(payment, reason="عاد", actor=made.finance_officers()[0]),
        }
        with contextlib.suppress(Refused):
            acts[act]()

    @rule(spent=st.integers(0, 2_000_000))
    def report(self, spent: int) -> None:
        with contextlib.suppress(Refused, IndexError):
            money.accepted_report(self.grant, spent_minor=spent)

    @rule(number=numbers, act=st.sampled_from(["hold", "release", "cancel"]))
    def steer(self, number: int, act: str) -> None:
        with contextlib.suppress(Refused):
            getattr(tranches, act)(self._tranche(number), reason="سبب", actor=made.manager())

    @rule(act=st.sampled_from(["suspend", "resume", "terminate"]))
    def turn(self, act: str) -> None:
        actor = made.board_member() if act == "terminate" else made.manager()
        with contextlib.suppress(Refused):
            getattr(closure, act)(Grant.objects.get(pk=self.grant.pk), reason="سبب", actor=actor)

    @rule()
    def close(self) -> None:
        grant, (one, other) = Grant.objects.get(pk=self.grant.pk), made.finance_officers()
        with contextlib.suppress(Refused):
            for waiting in grant.reports.filter(state__in=["scheduled", "open", "returned"]):
                if grant.state == "terminated":
                    reports.waive_report(waiting, actor=made.manager(), reason="انتهت")
            refund = Refund.objects.filter(grant=grant).first() or closing.compute_refund(
                grant, disallowed_minor=0, actor=one
            )
            if refund.state == "computed":
                refund = closing.record_refund(refund, received_on=timezone.localdate(), bank_reference="RF", actor=one)
                closing.confirm_refund(refund, actor=other)
            closing.close_grant(grant, actor=made.manager())

    @invariant()
    def money_is_whole(self) -> None:
        checks = (
            fsck.schedules_are_whole,
            fsck.payments_follow_transfers,
            fsck.tranches_follow_payments,
            fsck.payments_were_approved,
            fsck.nobody_is_paid_more_than_promised,
        )
        assert [finding for check in checks for finding in check()] == []
        assert books.findings() == []
        for funding, paid in paid_by_source(self.grant):
            assert 0 <= paid <= funding.amount_minor

    @invariant()
    def statements_of_donors_equal_the_books(self) -> None:
        for funding in self.grant.funding.select_related("envelope__contribution__donor"):
            assert_statement_is_true(funding.envelope.contribution.donor, self.grant.currency)
            assert available_minor(funding.account) >= 0


def test_any_sequence_keeps_the_money_whole() -> None:
    Life.grant = made.active_grant(months=24, tier="E", amount_minor=15_000_00)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
