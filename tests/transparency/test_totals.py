"""Whatever of a fund is paid and withheld, every public output comes to the ledger's sum, to the cent."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from grants.models import Grant
from kernel.money import Money
from tests.factories import disbursements
from tests.factories.transparency import birds, withhold
from tests.transparency.test_own_dashboard import posted
from transparency.figures.catalogue import CHARTS, Source
from transparency.models import FundChart
from transparency.selectors import home
from transparency.services import drawing_own, open_data, releasing

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]
PARTS = [("name",), ("name", "place"), ("amount",), ("place",)]
AMOUNT = 2
"""The column of a table of the dashboards that holds what was promised."""


@pytest.fixture(scope="module")
def _grants(standing: None) -> list[Grant]:
    return birds(4)


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    return _grants


def minor(amounts: Iterable[str]) -> int:
    return sum(Money.of(one, "USD").minor for one in amounts if one)


def content(name: str) -> str:
    return Client().get(reverse("transparency:open_data_file", args=[name])).content.decode("utf-8-sig")


def column(text: str, name: str, *, heads: int = 1) -> list[str]:
    """The cells of one column of a CSV with ``heads`` lines before its rows."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index(name)
    return [row[place].replace(",", "") for row in rows[heads:]]


def totals() -> dict[str, int]:
    """What each output says was promised, openly and in sums."""
    api = {
        name: json.loads(Client().get(f"/api/v1/{name}", {"per_page": 200}).content)["items"]
        for name in ("grants", "pools")
    }
    activities = ET.fromstring(content(open_data.IATI)).iterfind("iati-activity/transaction")
    listed = Client(headers={"accept-language": "en"}).get(reverse("transparency:grants_told"), {"format": "csv"})
    found = {
        "first page": home.totals("USD").promised.minor,
        "list": minor(column(listed.getvalue().decode("utf-8-sig"), "Amount")),
        "API": minor(one["amount"]["amount"] for items in api.values() for one in items if one["amount"]),
        "IATI": minor(
            one.findtext("value", "") for one in activities if one.find("transaction-type").get("code") == "2"  # type: ignore[union-attr]
        ),
        "360Giving": sum(round(one["amountAwarded"] * 100) for one in json.loads(content("360giving-grants.json"))["grants"]),
        "HXL": minor(column(content("hxl-grants.csv"), "amount", heads=2)),
    }  # fmt: skip
    charts = [one.key for one in CHARTS if one.source == Source.GRANTS]
    for drawn in FundChart.objects.filter(chart__in=charts, language="en", year=0, governorate="", sector=""):
        found[f"table of {drawn.chart}"] = drawn.rows[-1][AMOUNT]
    return found


@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    paid=st.sets(st.integers(0, 3), max_size=2),
    withheld=st.dictionaries(st.integers(0, 3), st.sampled_from(PARTS), min_size=1),
)
def test_every_output_comes_to_the_ledgers_sum(
    grants: list[Grant], paid: set[int], withheld: dict[int, tuple[str, ...]]
) -> None:
    with transaction.atomic():
        for number in paid:
            disbursements.pay(grants[number].tranches.get(number=1))
        for number, parts in withheld.items():
            withhold(Grant.objects.get(pk=grants[number].pk), *parts)
        releasing.release_due(timezone.localdate() + timedelta(days=70))
        drawing_own.draw_fund()
        open_data.write_all()
        said, books = totals(), posted(credit__code__startswith="2010/")
        assert books == sum(one.amount_minor for one in grants)
        assert {name: total for name, total in said.items() if total != books} == {}
        assert len(said) > 10, "the dashboards have their tables"
        transaction.set_rollback(True)
