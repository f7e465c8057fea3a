"""The codes on printed papers: scanned from the page as a telephone would, and led to the proof of the very paper."""

import hashlib
import json
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from django.urls import reverse

from audit import papers
from audit.models import Leaf, RecordedEvent
from committees.selectors.minutes import minutes_data
from committees.services import minutes
from disbursements.papers import advice
from grants.selectors import printed
from kernel.pdf import render_pdf
from tests.factories import accounts as people
from tests.factories import committees as committee
from tests.factories import disbursements, grants

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


def scanned(pdf: bytes) -> list[str]:
    """What a camera reads on the pages of a document, at the sharpness of an old telephone."""
    pages = [page.render(scale=110 / 72, grayscale=True).to_numpy() for page in pypdfium2.PdfDocument(pdf)]
    return [code.text for page in pages for code in zxingcpp.read_barcodes(page[:, :, 0] if page.ndim == 3 else page)]


def proof(event: RecordedEvent) -> str:
    return settings.SITE_URL + reverse("audit:proof", args=[bytes(event.leaf.leaf_hash).hex()])


def newest(subject: Any, kind: str) -> RecordedEvent:
    return RecordedEvent.objects.filter(subject_id=subject.pk, type=kind).order_by("-leaf_id")[0]


def followed(address: str) -> RecordedEvent:
    """The event to whose proof the address on a paper leads, for anybody."""
    answer = Client().get(address.removeprefix(settings.SITE_URL))
    assert answer.status_code == 302
    leaf_hash = answer["Location"].rstrip("/").rpartition("/")[2]
    assert Client().get(answer["Location"]).status_code == 200
    return Leaf.objects.get(leaf_hash=bytes.fromhex(leaf_hash)).event


def said(event: RecordedEvent) -> dict[str, Any]:
    return dict(json.loads(bytes(event.leaf.opening.record))["event"])


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_receipt_of_an_application_carries_the_address_of_its_proof(language: str) -> None:
    application = grants.submitted_application()
    data = printed.receipt_data(application, language)
    assert scanned(render_pdf("grants/receipt.typ", data)) == [
        proof(newest(application, "grants.application.submitted"))
    ]
    assert scanned(render_pdf("grants/receipt.typ", {**data, "proof": None})) == []


def test_an_agreement_and_the_advice_of_a_payment(client: Client) -> None:
    payment = disbursements.confirmed_payment()
    grant = payment.tranche.grant
    for language in ("ar", "en"):
        with getattr(grant, f"agreement_{language}").open("rb") as file:
            content = file.read()
        (address,) = scanned(content)
        event = followed(address)
        assert event.type == "grants.grant.agreement_countersigned"
        assert said(event)[f"sha256_{language}"] == hashlib.sha256(content).hexdigest()
    assert Client().get(reverse("audit:paper", args=[grant.application_id])).status_code == 404
    url = reverse("disbursements:payment_advice", args=[payment.pk])
    people.sign_in(client, grants.signatory(grant.organisation))
    answer = client.get(url)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert scanned(answer.content) == [proof(newest(payment, "disbursements.payment.confirmed"))]
    text = pypdfium2.PdfDocument(advice(payment, "en"))[0].get_textpage().get_text_range()
    for shown in (payment.bank_reference, payment.key, payment.slip_sha256[:20]):
        assert shown in text
    assert payment.bank_account.number not in text
    people.sign_in(client, people.user())
    assert client.get(url).status_code == 404


def test_a_payment_that_was_not_sent_has_no_advice(client: Client) -> None:
    unsent = disbursements.prepared_payment()
    people.sign_in(client, grants.signatory(unsent.tranche.grant.organisation))
    assert client.get(reverse("disbursements:payment_advice", args=[unsent.pk])).status_code == 404


def test_minutes_lead_to_their_completion_and_extracts_carry_no_code() -> None:
    case = committee.deliberating()
    meeting = minutes.draw(committee.open_meeting(case))
    with meeting.minutes.open("rb") as file:
        (address,) = scanned(file.read())
    assert address == papers.to_be_signed(meeting)["address"]
    assert Client().get(address.removeprefix(settings.SITE_URL)).status_code == 404  # not signed yet
    extract = minutes_data(meeting, hidden={item.pk for item in meeting.items.all()} or {meeting.pk})
    assert scanned(render_pdf(minutes.TEMPLATE, extract)) == []
