"""Old and new pounds: what is typed in old ones is recorded in new ones."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from funds.models import Contribution
from tests.factories.accounts import sign_in
from tests.factories.funds import donor, keepers

pytestmark = pytest.mark.django_db


def test_old_pounds_are_converted_and_a_second_person_is_asked_at_a_hundredfold() -> None:
    giver, (one, other) = donor(), keepers()
    first, second = (Client(headers={"accept-language": "en"}) for _ in range(2))
    sign_in(first, one, second_factor=True)
    sign_in(second, other, second_factor=True)
    today = timezone.localdate()
    typed: dict[str, Any] = {
        "donor": str(giver.pk), "amount_minor": "5,000,000", "currency": "SYP", "restriction_class": "UNR",
        "received_on": today.isoformat(), "bank_reference": "SYP-1",
    }  # fmt: skip
    url = reverse("funds:contribution_record")
    assert "Say whether" in first.post(url, typed).content.decode()
    past = {**typed, "series": "new", "received_on": "2025-12-31"}
    assert "old pounds only" in first.post(url, past).content.decode()
    assert "whole pounds" in first.post(url, {**typed, "series": "old", "amount_minor": "10.50"}).content.decode()
    assert first.post(url, {**typed, "series": "old"}).status_code == 302
    made = Contribution.objects.get()
    assert (made.amount_minor, made.currency) == (50_000_00, "SYP")
    confirm = reverse("funds:contribution_confirm", args=[made.pk])
    assert "hundred times" in second.post(confirm, {"amount_minor": "5000000"}).content.decode()
    assert second.post(confirm, {"amount_minor": "50000"}).status_code == 302

    pledge = {
        "amount_minor": "700", "currency": "USD", "series": "old", "restriction_class": "UNR",
        "expected_on": (today + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert first.post(reverse("funds:pledge_add", args=[giver.pk]), pledge).status_code == 302
    assert giver.pledges.get().amount_minor == 700_00, "a series without pounds means nothing"
