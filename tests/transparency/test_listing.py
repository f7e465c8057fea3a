"""The list of grants in pages: its rows and its sums turn apart, and each is counted with the totals that it comes to."""

import re
from datetime import date
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from transparency.models import ReleaseBatch, ReleasedPool
from transparency.selectors import published
from transparency.views import told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pools() -> None:
    for number in range(5):
        batch = ReleaseBatch.objects.create(month=date(2025, number + 1, 1))
        ReleasedPool.objects.create(
            batch=batch, grants=3, partners=3, amount_minor=1_000_01 + number, currency="USD" if number else "EUR",
            banded=False, sector="wash" if number % 2 else "",
        )  # fmt: skip


def read(**asked: str) -> str:
    with mock.patch.object(told, "SUMS_PER_PAGE", 2):
        client = Client(headers={"accept-language": "en"})
        return client.get(reverse("transparency:grants_told"), asked).content.decode()


def amounts(page: str) -> list[str]:
    return re.findall(r"1,000\.0\d", page)


def test_sums_stand_on_pages_of_their_own_and_the_total_is_that_of_all() -> None:
    first, last = read(), read(sums="3")
    assert len(amounts(first.partition("<table")[2])) == 2
    assert len(amounts(last.partition("<table")[2])) == 1
    assert "4,000.14" in first, "the fund's currency alone is added up"
    assert "4,000.14" in last
    assert "Page 1 of 3" in first
    assert 'href="?sums=2"' in first
    narrowed = read(sector="wash", sums="9")
    assert len(amounts(narrowed.partition("<table")[2])) == 2
    assert "Page 1 of" not in narrowed


def test_what_is_counted_is_what_the_list_shows_and_costs_no_query_of_its_own() -> None:
    sums = published.sums("USD")
    assert (sums.pools, sums.listed, sums.withheld_grants) == (5, published.told().count(), 12)
    asked = []
    for page in ("1", "2"):
        with CaptureQueriesContext(connection) as queries:
            read(sums=page)
        asked.append(len(queries))
        assert not [one for one in queries if 'COUNT(*) AS "__count" FROM "transparency_releasedpool"' in one["sql"]]
    assert asked[0] == asked[1]
