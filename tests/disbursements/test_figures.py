"""Every figure of the books on the pages of officers and donors opens into transfers that add up to it."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from lxml import html

from disbursements.models import Tranche
from disbursements.selectors import zakat
from funds.services.card_books import pool_account
from kernel.money import Money
from ledger.figures import behind_free
from ledger.selectors import balance
from ledger.services import TransferDraft, post
from tests.disbursements.test_zakat import paid_with_zakat
from tests.factories import accounts, awards, disbursements, funds

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
LEAST = {
    "contribution_list": 3,
    "contribution_detail": 1,
    "donor_detail": 2,
    "gift_list": 1,
    "zakat_list": 2,
    "fund_statement": 9,
    "waqf_statement": 10,
}
"""So many figures each page shows here at least: a page that marks none proves nothing."""


def found_in(answer: Any, mark: str) -> list[Any]:
    """The elements of a page with this mark."""
    found: Any = html.fromstring(answer.content).xpath(f'//*[@class="{mark}"]')
    return list(found)


def opened(client: Client, address: str) -> int:
    """How many figures the page has; each opens into rows that sum to it."""
    figures = found_in(client.get(address), "figure")
    for one in figures:
        answer = client.get(one.get("href"))
        assert answer.status_code == 200, one.get("href")
        total = answer.context["total"]
        rows = [money for _transfer, money in answer.context["page"].paginator.object_list[:1000]]
        assert sum(rows, Money(0, total.currency)) == total, one.get("href")
        [shown] = found_in(answer, "figure-total")
        assert shown.text_content() == one.text_content(), one.get("href")
    return len(figures)


@pytest.mark.parametrize("who", ["officer", "donor"])
def test_every_figure_opens_into_its_transfers(who: str) -> None:
    grant = paid_with_zakat()
    [given] = zakat.zakat()
    waqf = funds.founded()
    funds.confirmed_contribution(5_00, donor=waqf.donor, waqf=waqf, restriction_class="END")
    funds.confirmed_contribution(7_00, donor=waqf.donor, waqf=waqf, restriction_class="WQF")
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    pool, loose = pool_account("ZAK", "USD"), funds.confirmed_contribution(3_00)
    assert loose.account is not None
    post([TransferDraft(uuid4(), loose.account, pool, 1_00, "test")], leaf=grant.leaf)
    funds.returned(loose, 1_00)
    person: AbstractBaseUser = awards.finance_officers()[0]
    pages = {
        "contribution_list": reverse("funds:contribution_list"),
        "contribution_detail": reverse("funds:contribution_detail", args=[given.pk]),
        "donor_detail": reverse("funds:donor_detail", args=[given.donor_id]),
        "gift_list": reverse("funds:gift_list"),
        "zakat_list": reverse("disbursements:zakat_list"),
        "fund_statement": reverse("disbursements:fund_statement"),
        "waqf_statement": reverse("disbursements:waqf_statement", args=[waqf.pk]),
    }
    if who == "donor":
        person = funds.representative(given.donor)
        pages = {name: pages[name] for name in ("contribution_detail", "donor_detail", "zakat_list")}
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    found = {name: opened(client, address) for name, address in pages.items()}
    assert {name: count for name, count in found.items() if count < LEAST[name]} == {}


def test_what_is_free_is_told_by_reservations_and_their_ends() -> None:
    given = funds.confirmed_contribution(100_00)
    other = funds.confirmed_contribution(1_00).account
    assert given.account is not None
    assert other is not None
    held, kept = (
        post([TransferDraft(uuid4(), given.account, other, minor, "test", "pend")], leaf=given.leaf)[0]
        for minor in (30_00, 20_00)
    )
    post([TransferDraft.settle(held, key=uuid4(), reason="test", minor=12_00)], leaf=given.leaf)
    post([TransferDraft.void(kept, key=uuid4(), reason="test")], leaf=given.leaf)
    told = behind_free(given.account)
    assert told.total == balance(given.account).available == Money(88_00, "USD")
    assert [money.minor for _one, money in told.rows] == [20_00, 18_00, -20_00, -30_00, 100_00]
