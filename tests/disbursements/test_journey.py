"""A whole grant through the web: offer, agreement, payment, report, refund, closing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import fsck
from grants.models import Grant
from ledger.selectors import trial_balance
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


def test_a_grant_from_offer_to_closure() -> None:
    grant = awards.awarded_grant(conditions=["نسخة من قرار التسجيل"], tier="L")
    first, second = map(Visitor, awards.finance_officers())
    programme, manager = Visitor(awards.programme_officer()), Visitor(awards.manager())
    partner = Visitor(awards.signatory(grant))
    account = usable_bank_account(grant.organisation)

    programme.sends("offer_send", grant)
    assert grant.application.title in partner.reads("offer", grant)
    partner.reads("offer_accept", grant)
    partner.sends("offer_accept", grant)
    condition = grant.conditions.get()
    programme.reads("agreement_draw", grant)
    programme.sends("condition_meet", condition, evidence="وصلت النسخة")
    programme.sends("agreement_draw", grant, starts_on=timezone.localdate().isoformat())

    grant.refresh_from_db()
    assert grant.agreement_ar_sha256 in partner.reads("agreement", grant)
    partner.reads("agreement_sign", grant)
    partner.sends("agreement_sign", grant, read="on", **awards.hashes(grant))
    manager.sends("agreement_sign", grant, read="on", **awards.hashes(grant))

    for tranche in grant.tranches.order_by("number"):
        asked = {"bank_account": account.pk, "cash_on_hand_minor": "٠", "forecast_minor": "١٬٠٠٠"}
        assert "%" in partner.reads("tranche_request", tranche)
        partner.sends("tranche_request", tranche, **asked)
        tranche.refresh_from_db()
        payload = {"payload_sha256": tranche.requests.get().payload_sha256}
        programme.reads("tranche_detail", tranche)
        programme.reads("approve_programme", tranche)
        programme.sends("approve_programme", tranche, **payload)
        first.reads("approve_finance", tranche)
        first.sends("approve_finance", tranche, **payload)
        first.reads("payment_prepare", tranche)
        first.sends("payment_prepare", tranche)
        payment = tranche.payments.get()
        second.reads("payment_detail", payment)
        second.reads("payment_release", payment)
        slip = {"slip": files.pdf(unlike=tranche.number), "sent_on": timezone.localdate().isoformat()}
        second.sends("payment_release", payment, bank_reference=f"BR-{tranche.number}", **slip)
        partner.reads("payment_confirm", payment)
        partner.sends("payment_confirm", payment, received_on=timezone.localdate().isoformat(), fee_minor="12.50")
        second.reads("payment_detail", payment)

        report = grant.reports.get(number=tranche.number)
        partner.reads("report_detail", report)
        partner.sends("report_open", report)
        partner.reads("report_edit", report)
        line = report.lines.order_by("category")[0]
        spent = tranche.amount_minor if tranche.number == 1 else tranche.amount_minor - 100_000
        written = {
            "achieved": "ماء", "did_not_work": "تأخير", "participation": "لجنة", "people_reached": "١٢٠٠",
            f"line-{line.category}-spent": f"{spent // 100}.{spent % 100:02}", "submit": "1",
        }  # fmt: skip
        partner.sends("report_edit", report, **written)
        partner.reads("report_submit", report)
        partner.sends("report_submit", report)
        programme.reads("report_detail", report)
        programme.reads("report_accept", report)
        programme.sends("report_accept", report)

    first.reads("closing", grant)
    first.reads("refund_compute", grant)
    first.sends("refund_compute", grant, disallowed_minor="")
    first.sends("refund_record", grant, received_on=timezone.localdate().isoformat(), bank_reference="RF-1")
    second.reads("refund_confirm", grant)
    second.sends("refund_confirm", grant)
    manager.reads("grant_close", grant)
    manager.sends("grant_close", grant)

    closed = Grant.objects.get(pk=grant.pk)
    assert closed.state == "closed"
    assert closed.refund.amount_minor == 100_000
    assert "مغلقة" in manager.reads("grant_detail", grant) or "closed" in manager.reads("grant_detail", grant)
    assert list(fsck.findings()) == []
    assert all(trial.balanced for trial in trial_balance())
