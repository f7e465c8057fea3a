"""A whole grant through the web: offer, agreement, payment, report, refund, closing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import fsck
from disbursements.models import Refund, Tranche
from grants.fingerprints import report_sha256
from grants.models import Grant
from ledger.selectors import trial_balance
from organisations.models import BankAccount
from tests.factories import awards, files
from tests.factories.accounts import sign_in
from tests.factories.organisations import usable_bank_account

pytestmark = pytest.mark.django_db


class Visitor:
    """A person at the browser, with a fresh second factor."""

    def __init__(self, person: Any) -> None:
        self.client = Client()
        sign_in(self.client, person, second_factor=True)

    def reads(self, name: str, thing: Any) -> str:
        answer = self.client.get(reverse(f"disbursements:{name}", args=[thing.pk]))
        assert answer.status_code == 200, (name, answer.status_code)
        return str(answer.content.decode())

    def sends(self, name: str, thing: Any, **data: Any) -> None:
        answer = self.client.post(reverse(f"disbursements:{name}", args=[thing.pk]), data)
        if answer.status_code != 302:
            form = answer.context and answer.context.get("form")
            raise AssertionError(f"{name}: {answer.status_code} {getattr(form, 'errors', '')}")


class Cast:
    """The people of one grant."""

    def __init__(self, grant: Grant) -> None:
        self.first, self.second = map(Visitor, awards.finance_officers())
        self.programme, self.manager = Visitor(awards.programme_officer()), Visitor(awards.manager())
        self.partner = Visitor(awards.signatory(grant))


def agree(grant: Grant, people: Cast) -> None:
    """Offer, condition, agreement, both signatures."""
    people.programme.sends("offer_send", grant)
    assert grant.application.title in people.partner.reads("offer", grant)
    people.partner.reads("offer_accept", grant)
    people.partner.sends("offer_accept", grant)
    people.programme.reads("agreement_draw", grant)
    people.programme.sends("condition_meet", grant.conditions.get(), evidence="وصلت النسخة")
    people.programme.sends("agreement_draw", grant, starts_on=timezone.localdate().isoformat())
    grant.refresh_from_db()
    assert grant.agreement_ar_sha256 in people.partner.reads("agreement", grant)
    people.partner.reads("agreement_sign", grant)
    people.partner.sends("agreement_sign", grant, read="on", **awards.hashes(grant))
    people.manager.sends("agreement_sign", grant, read="on", **awards.hashes(grant))


def pay(tranche: Tranche, people: Cast, account: BankAccount) -> None:
    """Request, two approvals, preparation, release, confirmation; digits as people in the region type them."""
    asked = {"bank_account": account.pk, "cash_on_hand_minor": "٠", "forecast_minor": "١٬٠٠٠"}
    assert "%" in people.partner.reads("tranche_request", tranche)
    people.partner.sends("tranche_request", tranche, **asked)
    payload = {"payload_sha256": tranche.requests.get().payload_sha256}
    people.programme.reads("tranche_detail", tranche)
    people.programme.reads("approve_programme", tranche)
    people.programme.sends("approve_programme", tranche, **payload)
    people.first.reads("approve_finance", tranche)
    people.first.sends("approve_finance", tranche, **payload)
    people.first.reads("payment_prepare", tranche)
    people.first.sends("payment_prepare", tranche)
    payment = tranche.payments.get()
    people.second.reads("payment_detail", payment)
    people.second.reads("payment_release", payment)
    slip = {"slip": files.pdf(unlike=tranche.number), "sent_on": timezone.localdate().isoformat()}
    people.second.sends("payment_release", payment, bank_reference=f"BR-{tranche.number}", **slip)
    people.partner.reads("payment_confirm", payment)
    people.partner.sends("payment_confirm", payment, received_on=timezone.localdate().isoformat(), fee_minor="12.50")
    people.second.reads("payment_detail", payment)


def report(grant: Grant, number: int, spent: int, people: Cast) -> None:
    """Written, read through, submitted, accepted."""
    one = grant.reports.get(number=number)
    people.partner.reads("report_detail", one)
    people.partner.sends("report_open", one)
    people.partner.reads("report_edit", one)
    line = one.lines.order_by("category")[0]
    written = {
        "q-achieved": "ماء", "q-did_not_work": "تأخير", "q-participation": "لجنة", "q-people_reached": "١٢٠٠",
        f"q-line-{line.category}-spent": f"{spent // 100}.{spent % 100:02}", "submit": "1",
    }  # fmt: skip
    people.partner.sends("report_edit", one, **written)
    people.partner.reads("report_submit", one)
    people.partner.sends("report_submit", one)
    people.programme.reads("report_detail", one)
    people.programme.reads("report_accept", one)
    one.refresh_from_db()
    people.programme.sends("report_accept", one, content_sha256=report_sha256(one))


def close(grant: Grant, people: Cast) -> None:
    """Refund computed, recorded, confirmed; the grant closed."""
    people.first.reads("closing", grant)
    people.first.reads("refund_compute", grant)
    people.first.sends("refund_compute", grant, disallowed_minor="")
    received = {"received_on": timezone.localdate().isoformat(), "bank_reference": "RF-1"}
    people.first.sends("refund_record", grant, **received)
    people.second.reads("refund_confirm", grant)
    people.second.sends("refund_confirm", grant)
    people.manager.reads("grant_close", grant)
    people.manager.sends("grant_close", grant)


def test_a_grant_from_offer_to_closure() -> None:
    grant = awards.awarded_grant(conditions=["نسخة من قرار التسجيل"], tier="L")
    people = Cast(grant)
    account = usable_bank_account(grant.organisation)
    agree(grant, people)
    for tranche in grant.tranches.order_by("number"):
        pay(tranche, people, account)
        unspent = 0 if tranche.number == 1 else 100_000
        report(grant, tranche.number, tranche.amount_minor - unspent, people)
    close(grant, people)

    closed = Grant.objects.get(pk=grant.pk)
    assert closed.state == "closed"
    assert Refund.objects.get(grant=grant).amount_minor == 100_000
    assert closed.reference in people.manager.reads("grant_detail", grant)
    assert list(fsck.findings()) == []
    assert all(trial.balanced for trial in trial_balance())
