"""Money that comes back late, organisations that are suspended, and acts that meet an ending grant."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import fsck
from disbursements.models import Payment, Tranche
from disbursements.services import closing, payments, tranches
from disbursements.states import ApprovalKind, PaymentState, TrancheState
from grants.models import Grant
from grants.services import closure, reports
from grants.states import GrantState, ReportState
from kernel.permissions import Refused
from organisations import services as organisations
from tests.factories import awards, files
from tests.factories import disbursements as made
from tests.factories.accounts import sign_in
from tests.factories.organisations import preparer_of

pytestmark = pytest.mark.django_db


def suspend(grant: Grant) -> None:
    organisations.suspend(grant.organisation, actor=awards.manager(), reason="شكوى قيد النظر")


def waive_reports(grant: Grant) -> None:
    for report in grant.reports.exclude(state__in=[ReportState.ACCEPTED, ReportState.WAIVED]):
        reports.waive_report(report, actor=awards.manager(), reason="انتهت المنحة")


def test_a_payment_that_comes_back_after_the_end_goes_back_to_its_source_at_the_closing() -> None:
    payment = made.sent_payment()
    grant = closure.terminate(payment.tranche.grant, actor=awards.board_member(), reason="توقف العمل")
    failed = payments.fail_payment(payment, reason="رده المصرف", actor=awards.finance_officers()[0])
    tranches.cancel(failed.tranche, reason="انتهت المنحة", actor=awards.manager())
    waive_reports(grant)
    closing.compute_refund(grant, disallowed_minor=0, actor=awards.finance_officers()[0])
    closed = closing.close_grant(grant, actor=awards.manager())
    assert closed.state == GrantState.CLOSED
    assert list(fsck.findings()) == []


@pytest.mark.parametrize("step", ["request", "approve", "prepare", "send"])
def test_no_money_moves_to_a_suspended_organisation(step: str) -> None:
    if step == "request":
        tranche = made.due_tranche()
        suspend(tranche.grant)
        with pytest.raises(Refused):
            made.requested_tranche(tranche)
    elif step == "approve":
        tranche = made.requested_tranche()
        suspend(tranche.grant)
        with pytest.raises(Refused):
            tranches.approve(
                tranche,
                ApprovalKind.PROGRAMME,
                payload_sha256=made.shown(tranche),
                actor=awards.programme_officer(),
            )
    elif step == "prepare":
        tranche = made.approved_tranche()
        suspend(tranche.grant)
        with pytest.raises(Refused):
            made.prepared_payment(Tranche.objects.get(pk=tranche.pk))
    else:
        payment = made.prepared_payment()
        suspend(payment.tranche.grant)
        with pytest.raises(Refused):
            made.sent_payment(Payment.objects.get(pk=payment.pk))


def test_disallowing_more_than_was_spent_is_refused_beside_the_field() -> None:
    grant = made.spent_grant(left_minor=100)
    client = Client()
    sign_in(client, awards.finance_officers()[0], second_factor=True)
    answer = client.post(reverse("disbursements:refund_compute", args=[grant.pk]), {"disallowed_minor": "900000000000"})
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_only_signatories_read_the_accounts_in_a_request() -> None:
    tranche = made.due_tranche()
    number = tranche.grant.organisation.bank_accounts.get().number
    preparer = preparer_of(tranche.grant.organisation)
    for person, answer in ((preparer, 200), (awards.programme_officer(), 403), (awards.board_member(), 403)):
        client = Client()
        sign_in(client, person)
        page = client.get(reverse("disbursements:tranche_request", args=[tranche.pk]))
        assert page.status_code == answer
        assert number[-4:] not in page.content.decode()


# Races ------------------------------------------------------------------------------------------------------------


def together(*acts: Any) -> list[BaseException | None]:
    """Do ``acts`` at the same time, each in its own connection; what each raised."""
    start, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait()
            acts[place]()
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            raised[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(raised)


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_grant_never_takes_back_a_payment_that_was_sent() -> None:
    """Whoever comes first wins: sent and still on its way, or stopped before it was sent."""
    payment = made.prepared_payment()
    grant, checker, board = payment.tranche.grant, awards.finance_officers()[1], awards.board_member()

    def send() -> None:
        payments.send_payment(
            payment, slip=files.pdf(), bank_reference="TRX-9", sent_on=timezone.localdate(), actor=checker
        )

    raised = together(send, lambda: closure.terminate(grant, actor=board, reason="توقف العمل"))
    assert all(error is None or isinstance(error, Refused) for error in raised), raised
    payment.refresh_from_db()
    expected = PaymentState.FAILED if raised[0] else PaymentState.SENT
    assert payment.state == expected
    assert list(fsck.findings()) == []


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_not_prepared_while_its_grant_ends() -> None:
    tranche = made.approved_tranche()
    maker, board = awards.finance_officers()[0], awards.board_member()
    raised = together(
        lambda: payments.prepare_payment(tranche, actor=maker),
        lambda: closure.terminate(tranche.grant, actor=board, reason="توقف العمل"),
    )
    assert raised[1] is None, raised
    assert raised[0] is None or isinstance(raised[0], Refused), raised
    tranche.refresh_from_db()
    assert tranche.state == TrancheState.CANCELLED
    assert not tranche.payments.filter(state=PaymentState.PREPARED).exists()
    assert list(fsck.findings()) == []


def test_the_end_of_a_grant_does_not_say_that_a_sent_payment_came_back() -> None:
    payment = made.sent_payment()
    closure.terminate(payment.tranche.grant, actor=awards.board_member(), reason="توقف العمل")
    with pytest.raises(Refused):
        payments.fail_payment(payment, reason="انتهت المنحة", actor=None)
