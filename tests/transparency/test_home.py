"""The fund's first page and its register of decisions."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.services import review
from tests.factories import grants as factory
from tests.factories.charter import ratified_charter
from transparency.selectors import home

pytestmark = pytest.mark.django_db


def decide_all(number: int) -> None:
    """A call whose applications are all decided: the first approved, the others rejected."""
    call, applications = factory.screened_call(number)
    for place, application in enumerate(applications):
        review.start_scoring(application, scorers=3)
        review.start_deliberation(application, panel_mean="70.00")
        review.record_decision(
            application,
            outcome="rejected" if place else "waitlisted",
            amount_minor=0,
            conditions=[],
            rank=None if place else 1,
            feedback=factory.feedback_draft(application),
        )
    review.mark_decided(call)


def test_an_empty_fund_says_what_will_appear(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "لا دعوة مفتوحة الآن" in page
    assert home.totals("USD").grants == 0


def test_the_first_page_leads_to_the_open_call_and_the_charter(client: Client) -> None:
    call = factory.open_call()
    page = client.get("/").content.decode()
    assert reverse("grants:call_detail", args=[call.pk]) in page
    assert reverse("charter:in_force") in page


def test_received_money_is_not_added_to_promises() -> None:
    factory.open_call(envelope_minor=20_000_000)
    totals = home.totals("USD")
    assert (totals.received.minor, totals.promised.minor, totals.paid.minor) == (20_000_000, 0, 0)


def test_a_decided_call_is_told_in_numbers(client: Client) -> None:
    decide_all(3)
    (row,) = home.outcomes()
    assert (row.received, row.funded, row.waitlisted, row.rejected) == (3, 0, 1, 2)
    page = client.get(reverse("transparency:decision_register")).content.decode()
    assert str(row.call.title) in page


@pytest.mark.parametrize("number", [1, 3])
def test_the_register_costs_the_same_for_one_call_and_for_three(
    number: int,
    django_assert_num_queries: pytest.fixture,  # type: ignore[valid-type]
) -> None:
    for _ in range(number):
        decide_all(1)
    with django_assert_num_queries(6):
        assert len(home.outcomes()) == number


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_first_page_speaks_three_languages(client: Client, language: str) -> None:
    ratified_charter()
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}"' in page
