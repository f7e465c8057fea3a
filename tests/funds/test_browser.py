"""Donors' money and the books in Chromium, in Arabic, on a phone and on a desk."""

from typing import Any

import pytest
from django.urls import reverse

from tests.accessibility import look
from tests.factories import funds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_finance(page: Any, live_server: Any) -> None:
    contribution = funds.confirmed_contribution(restriction_class="RES-AREA", governorates=["SY02", "SY07"])
    waiting = funds.recorded_contribution(donor=contribution.donor)
    pledge = funds.made_pledge(donor=contribution.donor)

    def at(name: str, *args: Any) -> str:
        return reverse(f"funds:{name}", args=args)

    urls = [
        at("donor_list"), at("donor_detail", contribution.donor_id), at("contribution_list"), at("contribution_record"),
        at("contribution_detail", waiting.pk), at("contribution_confirm", waiting.pk), at("pledge_list"),
        at("pledge_detail", pledge.pk), reverse("ledger:trial_balance"), reverse("ledger:transfer_list"),
    ]  # fmt: skip
    assert look(page, live_server, funds.keepers()[1], urls) == []
