"""The books as finance and auditors read them."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from ledger import selectors
from tests.costs import queries_of
from tests.factories import accounts
from tests.factories.ledger import funded, moved, source

pytestmark = pytest.mark.django_db


def visitor(role: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    accounts.sign_in(client, accounts.officer(role))
    return client


@pytest.mark.parametrize("role", Role.values)
def test_who_reads_the_books(role: str) -> None:
    reads = role in {"finance_officer", "fund_manager", "auditor"}
    client = visitor(role)
    for name in ("ledger:trial_balance", "ledger:transfer_list"):
        assert client.get(reverse(name)).status_code == (200 if reads else 403)
        assert client.post(reverse(name)).status_code == 405


@pytest.mark.parametrize("language", ["ar", "ku", "en"])
def test_the_trial_balance_shows_every_account(language: str) -> None:
    account = funded(10_000_00)
    moved(2_500_00, debit=account, credit=source("2010/PAGE"), kind="pend")
    page = visitor(Role.AUDITOR, language).get(reverse("ledger:trial_balance")).content.decode()
    for text in (account.code, "2010/PAGE", "10,000.00", "2,500.00", "7,500.00"):
        assert text in page


def test_empty_books_say_so() -> None:
    assert "The books are empty" in visitor(Role.AUDITOR).get(reverse("ledger:trial_balance")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three() -> None:
    client, url = visitor(Role.FINANCE_OFFICER), reverse("ledger:transfer_list")
    costs = []
    for number in (1, 2):
        for _ in range(number):
            funded(1_000)
        costs.append(queries_of(lambda: client.get(url)))
    assert costs[0] == costs[1]


def test_filters() -> None:
    account = funded(10_000)
    hold = moved(4_000, debit=account, credit=source("2010/PAGE"), kind="pend")
    client, url = visitor(Role.FINANCE_OFFICER), reverse("ledger:transfer_list")
    assert list(client.get(url, {"account": "2010"}).context["page"]) == [hold]
    assert list(client.get(url, {"kind": "pend"}).context["page"]) == [hold]
    assert list(client.get(url, {"until": "01/01/2020"}).context["page"]) == []
    assert len(client.get(url, {"since": "01/01/2020"}).context["page"]) == selectors.transfers().count() == 2
    unreadable = client.get(url, {"since": "soon"})
    assert "could not be read" in unreadable.content.decode()
    assert len(unreadable.context["page"]) == 2
