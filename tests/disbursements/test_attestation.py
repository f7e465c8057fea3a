"""The paper that a bank asks for before it carries a payment."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from audit.models import RecordedEvent
from audit.selectors import timeline
from disbursements.services import payments
from tests.factories import accounts, awards
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in

pytestmark = pytest.mark.django_db


def test_the_paper_says_what_the_record_says_and_the_record_what_was_cited() -> None:
    payment = money.prepared_payment(tier="L")
    url = reverse("disbursements:payment_attest", args=[payment.pk])
    client = Client(headers={"accept-language": "en"})
    sign_in(client, awards.finance_officers()[0], second_factor=True)
    assert (
        "Attestation for the bank"
        in client.get(reverse("disbursements:payment_detail", args=[payment.pk])).content.decode()
    )
    assert client.get(url).status_code == 200
    assert "Say which" in client.post(url, {"exemption": "licence", "language": "en"}).content.decode()
    assert len(list(timeline(payment))) == 1
    cited = {"exemption": "licence", "citation": "Example Authority, licence 7 of 1 May 2026", "language": "en"}
    paper = client.post(url, cited)
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Cache-Control"] == "private, no-store"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    for word in (
        payment.key,
        "licence 7",
        payment.tranche.grant.reference,
        payment.tranche.grant.organisation.name_latin,
    ):
        assert word in text
    assert RecordedEvent.objects.filter(subject_id=payment.pk, type="disbursements.payment.attested").count() == 1
    arabic = client.post(url, {"exemption": "humanitarian", "language": "ar"})
    assert arabic.content[:4] == b"%PDF"
    for role in (Role.PROGRAMME_OFFICER, Role.AUDITOR):
        other = Client()
        sign_in(other, accounts.officer(role), second_factor=True)
        assert other.get(url).status_code == 403
    partner = Client()
    sign_in(partner, awards.signatory(payment.tranche.grant), second_factor=True)
    assert partner.post(url, cited).status_code == 403
    payments.fail_payment(payment, reason="عاد", actor=awards.finance_officers()[0])
    assert client.post(url, cited).status_code == 403
