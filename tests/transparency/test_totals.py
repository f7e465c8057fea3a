"""Whatever of a fund is paid, spent and withheld, every public output comes to the ledger's sums, to the cent."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from committees.models import Committee
from disbursements.books import SPENDING_ACCEPTED
from disbursements.models import Payment
from disbursements.states import PaymentState
from grants.models import Grant, ReportLine
from grants.selectors.revisions import budget_in_force
from grants.selectors.signed import signed_minor
from kernel.money import Money
from tests.factories import committees, disbursements
from tests.factories.extensions import more_money
from tests.factories.transparency import birds, withhold
from tests.transparency.test_own_dashboard import posted
from transparency.figures.catalogue import CHARTS, Source
from transparency.models import FundChart, FundEdition, ReleasedGrant
from transparency.selectors import home, published
from transparency.services import drawing_own, open_data, refreshing, releasing
from transparency.services.papers.yearly import year_sections

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]
PARTS = [("name",), ("name", "place"), ("amount",), ("place",)]
AMOUNT = 2
"""The column of a table of the dashboards that holds what was promised."""
PAID, SPENT = 4, 5
"""Those of the table by years that hold what was paid and spent."""
LEAST_PARTNERS = 3
PAID_SAID, ADDED_SAID = "Payments to grants that are told in sums", "Added later to grants that are told in sums"
"""How the sentences begin that say what stands in no single row."""


@pytest.fixture(scope="module")
def _committee(standing: None) -> Committee:
    return committees.constituted_committee()


@pytest.fixture
def committee(_committee: Committee, db: None) -> Committee:
    return _committee


@pytest.fixture(scope="module")
def _grants(_committee: Committee) -> list[Grant]:
    return birds(4)


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    return _grants


def minor(amounts: Iterable[str]) -> int:
    return sum(Money.of(one, "USD").minor for one in amounts if one)


def said_of(beginning: str, text: str) -> int:
    """The amount that the sentence with this beginning says; none where it is not said."""
    found = re.search(rf"{beginning}[^:]*: [^\d]*([\d,]+\.\d\d)", text)
    return minor([found[1].replace(",", "")]) if found else 0


def content(name: str) -> str:
    return Client().get(reverse("transparency:open_data_file", args=[name])).content.decode("utf-8-sig")


def column(text: str, name: str, *, heads: int = 1) -> list[str]:
    """The cells of one column of a CSV with ``heads`` lines before its rows."""
    rows = list(csv.reader(io.StringIO(text)))
    place = rows[0].index(name)
    return [row[place].replace(",", "") for row in rows[heads:]]


def totals() -> dict[str, int]:
    """What each output says was promised, openly and in sums; each is read anew, and once for `paid` and `spent` after it."""
    for output in (items, giving, file_of, report):
        output.cache_clear()
    found = {
        "first page": home.totals("USD").promised.minor,
        "list": minor(column(listed(), "Amount")),
        "API": minor(one["amount"]["amount"] for name in ("grants", "pools") for one in items(name) if one["amount"])
        + minor([Client().get("/api/v1/additions").json()["in_sums"]["amount"]]),
        "IATI": minor(transactions("2")),
        "360Giving": sum(round(one["amountAwarded"] * 100) for one in giving()["grants"])
        + said_of(ADDED_SAID, giving()["description"]),
        "HXL": minor(column(content("hxl-grants.csv"), "amount", heads=2)),
        "reports of the years": said_in_reports(1, 1) + said_of(ADDED_SAID, report(reported_years()[0])[1]["note"]),
    }  # fmt: skip
    charts = [one.key for one in CHARTS if one.source in (Source.GRANTS, Source.PAYMENTS)]
    for key in charts:
        found[f"table of {key}"] = drawn(key)[-1][AMOUNT]
        for kind in ("csv", "xlsx"):
            found[f"{kind} of {key}"] = minor([file_of(key, kind)[-1][AMOUNT]])
    return found


def paid() -> dict[str, int]:
    """What each output says was paid, to grants told openly and to those told in sums."""
    api = json.loads(Client().get("/api/v1/payments").content)
    in_sums = sum(one.minor for one in [published.paid_in_sums("USD")])
    return {
        "first page": home.totals("USD").paid.minor,
        "list": minor(column(listed(), "Paid so far")),
        "API": minor([api["total"]["amount"]]),
        "API, by month": minor([*(one["amount"]["amount"] for one in api["months"]), api["in_sums"]["amount"]]),
        "API, by grant": minor(one["paid"]["amount"] for one in items("grants") if one["paid"]) + in_sums,
        "IATI": minor(transactions("3")),
        "360Giving": sum(round(one.get("amountDisbursed", 0) * 100) for one in giving()["grants"])
        + said_of(PAID_SAID, giving()["description"]),
        "HXL": minor(column(content("hxl-payments.csv"), "paid", heads=2)),
        "reports of the years": said_in_reports(1, 2)
        + said_of(PAID_SAID, report(reported_years()[0])[1]["note"]),
        "table": drawn("by_year")[-1][PAID],
        **{kind: minor([file_of("by_year", kind)[-1][PAID]]) for kind in ("csv", "xlsx")},
        "headline": FundEdition.objects.get().headlines["paid"],
    }  # fmt: skip


def spent() -> dict[str, int]:
    """What each output that speaks of it says was spent by accepted reports."""
    return {
        "table": drawn("by_year")[-1][SPENT],
        **{kind: minor([file_of("by_year", kind)[-1][SPENT]]) for kind in ("csv", "xlsx")},
        "headline": FundEdition.objects.get().headlines["spent"],
    }


@cache
def items(name: str) -> list[dict[str, Any]]:
    return list(json.loads(Client().get(f"/api/v1/{name}", {"per_page": 200}).content)["items"])


def transactions(kind: str) -> Iterator[str]:
    for one in ET.fromstring(content(open_data.IATI)).iterfind("iati-activity/transaction"):
        if one.find("transaction-type").get("code") == kind:  # type: ignore[union-attr]
            yield one.findtext("value", "")


@cache
def giving() -> dict[str, Any]:
    return dict(json.loads(content("360giving-grants.json")))


def listed() -> str:
    answer = Client(headers={"accept-language": "en"}).get(reverse("transparency:grants_told"), {"format": "csv"})
    return answer.getvalue().decode("utf-8-sig")


def drawn(key: str) -> list[list[Any]]:
    return list(FundChart.objects.get(chart=key, language="en", year=0, governorate="", sector="").rows)


@cache
def file_of(key: str, kind: str) -> list[list[str]]:
    """The rows of a chart's file as a reader of it has them, amounts as text."""
    topic = next(one.topic for one in CHARTS if one.key == key)
    address = reverse("transparency:dashboard_table", args=[topic, key, kind])
    body = Client(headers={"accept-language": "en"}).get(address).getvalue()
    if kind == "csv":
        return [[cell.replace(",", "") for cell in row] for row in csv.reader(io.StringIO(body.decode("utf-8-sig")))]
    sheet = load_workbook(io.BytesIO(body)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def reported_years() -> list[int]:
    """Years of which a report can say something: a grant was told, or it is this one."""
    return sorted({timezone.localdate().year, *published.years()})


@cache
def report(year: int) -> list[dict[str, Any]]:
    """The sections of the yearly report, numbered from 1 as a reader counts them."""
    with translation.override("en"):
        paper = year_sections(year).drawn("en", reference="R", learned="")
    return [{}, *paper["sections"]]


def said_in_reports(section: int, row: int) -> int:
    return minor(re.sub(r"[^\d.]", "", report(year)[section]["rows"][row][1]) for year in reported_years())


@dataclass(frozen=True, slots=True)
class Truth:
    """The ledger's sum, and what of it belongs to grants told in sums of which too few moved: it waits to be told."""

    books: int
    waits: int


def truth(books: int, of_each: Callable[[Grant], int]) -> Truth:
    pooled = [row.grant for row in ReleasedGrant.objects.filter(amount_minor__isnull=True).select_related("grant")]
    moved = [one for one in pooled if of_each(one)]
    few = len({one.organisation_id for one in moved}) < LEAST_PARTNERS
    return Truth(books, sum(map(of_each, moved)) if few else 0)


def paid_to(grant: Grant) -> int:
    rows = Payment.objects.filter(tranche__grant=grant, state=PaymentState.CONFIRMED)
    return rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def added_to(grant: Grant) -> int:
    fresh = Grant.objects.get(pk=grant.pk)
    return fresh.amount_minor - signed_minor(fresh)


def spent_by(grant: Grant) -> int:
    return posted(credit__code=f"{refreshing.ADVANCES}{grant.reference}", reason=SPENDING_ACCEPTED().key)


@settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
)
@given(
    moved=st.dictionaries(st.integers(0, 3), st.integers(0, 90), max_size=4),
    withheld=st.dictionaries(st.integers(0, 3), st.sampled_from(PARTS), min_size=1),
    extended=st.dictionaries(st.integers(0, 3), st.integers(1, 15), max_size=4),
)
@example(moved={0: 31, 1: 0, 2: 17, 3: 90}, withheld={0: ("name",), 1: ("amount",), 2: ("name", "place")}, extended={})
@example(
    moved={0: 31}, withheld={0: ("name",), 1: ("amount",), 2: ("name", "place")}, extended={0: 9, 1: 3, 2: 15, 3: 4}
)
@example(moved={0: 31}, withheld={0: ("name",), 1: ("amount",), 2: ("name", "place")}, extended={2: 15, 3: 4})
def test_every_output_comes_to_the_ledgers_sums(
    grants: list[Grant],
    committee: Committee,
    moved: dict[int, int],
    withheld: dict[int, tuple[str, ...]],
    extended: dict[int, int],
) -> None:
    """``moved``: which grants are paid their first tranche, and how many percent of it they report as spent.

    ``extended``: which get more money, and how many percent of what was signed.
    """
    with transaction.atomic():
        for number, percent in extended.items():
            one = Grant.objects.get(pk=grants[number].pk)
            category = next(one for one in budget_in_force(one) if one != ReportLine.INDIRECT)
            more_money(one, {category: one.amount_minor * percent // 100}, committee=committee)
        for number, percent in moved.items():
            tranche = grants[number].tranches.get(number=1)
            disbursements.pay(tranche)
            if percent:
                one = Grant.objects.get(pk=grants[number].pk)
                disbursements.accepted_report(one, spent_minor=tranche.amount_minor * percent // 100, number=1)
        for number, parts in withheld.items():
            withhold(Grant.objects.get(pk=grants[number].pk), *parts)
        releasing.release_due(timezone.localdate() + timedelta(days=70))
        drawing_own.draw_fund()
        open_data.write_all()
        books = posted(credit__code__startswith="2010/")
        assert books == sum(Grant.objects.values_list("amount_minor", flat=True))
        true, promised = truth(books, added_to), totals()
        assert {name: total for name, total in promised.items() if total + true.waits != books} == {}
        assert len(promised) > 30, "the dashboards have their tables and files"
        for said, true in (
            (paid(), truth(posted(debit__code__startswith=refreshing.ADVANCES), paid_to)),
            (spent(), truth(posted(credit__code__startswith=refreshing.ADVANCES, reason=SPENDING_ACCEPTED().key), spent_by)),
        ):  # fmt: skip
            assert {name: total for name, total in said.items() if total + true.waits != true.books} == {}
        transaction.set_rollback(True)
