"""Money that comes back late, organisations that are suspended, and what an ending grant leaves."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit import fsck
from disbursements.models import Payment, Tranche
from disbursements.services import closing, payments, tranches
from disbursements.states import ApprovalKind
from grants.models import Grant
from grants.services import closure, reports
from grants.states import GrantState, ReportState
from kernel.permissions import Refused
from organisations import services as organisations
from tests.factories import awards, shelf
from tests.factories import disbursements as made
from tests.factories.accounts import sign_in
from tests.factories.organisations import preparer_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(made.sent_payment)
    shelf.keep(made.prepared_payment)
    shelf.keep(made.requested_tranche)


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


def test_a_refund_is_computed_once_whoever_comes_second() -> None:
    grant = closure.terminate(made.requested_tranche().grant, actor=awards.board_member(), reason="توقف العمل")
    waive_reports(grant)
    first, second = awards.finance_officers()
    closing.compute_refund(grant, disallowed_minor=0, actor=first)
    with translation.override("en"), pytest.raises(Refused, match="computed already"):
        closing.compute_refund(grant, disallowed_minor=0, actor=second)


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
    account = f"…{tranche.grant.organisation.bank_accounts.get().number[-4:]}"
    readers = {
        awards.signatory(tranche.grant): (200, True),
        preparer_of(tranche.grant.organisation): (200, False),
        awards.programme_officer(): (403, False),
        awards.board_member(): (403, False),
    }
    for person, (answer, reads) in readers.items():
        client = Client()
        sign_in(client, person)
        page = client.get(reverse("disbursements:tranche_request", args=[tranche.pk]))
        assert (page.status_code, account in page.content.decode()) == (answer, reads)


# Races ------------------------------------------------------------------------------------------------------------


def test_the_end_of_a_grant_does_not_say_that_a_sent_payment_came_back() -> None:
    payment = made.sent_payment()
    closure.terminate(payment.tranche.grant, actor=awards.board_member(), reason="توقف العمل")
    with pytest.raises(Refused):
        payments.fail_payment(payment, reason="انتهت المنحة", actor=None)
