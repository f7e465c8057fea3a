"""The fund's own dashboards: drawn from what is told, redrawn where facts changed, read with few queries, to the cent."""

import csv
import gzip
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accountability.selectors import Clock, Numbers, Step
from audit import outbox
from audit.models import OutboxMessage
from funds.models import Contribution
from funds.states import ContributionState
from grants.models import Grant
from ledger.models import Transfer
from tests.factories import accounts, funds
from tests.factories.transparency import BIRDS, birds, withhold
from tests.transparency.test_telling import mentions
from transparency.figures.catalogue import CHARTS, Topic
from transparency.figures.told import Choice, Within
from transparency.models import FundChart, FundEdition, ReleasedGrant
from transparency.selectors import own, own_dashboard
from transparency.services import drawing_own, releasing
from transparency.services.papers.charted import charted
from transparency.services.pictures.own import funding
from transparency.services.pictures.own.words import OwnFrame

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]

THOUSAND = 100_000
AMOUNTS = BIRDS[:5]
LANGUAGES = 3


def later() -> date:
    return timezone.localdate() + timedelta(days=70)


@pytest.fixture(scope="module", autouse=True)
def furnished(standing: None) -> list[Grant]:
    """Five grants of five organisations, one of them nameless, told and drawn once for all these tests."""
    grants = birds(5)
    withhold(grants[2], "name")
    releasing.release_due(later())
    drawing_own.draw_fund()
    return grants


def rows_of(chart: str, language: str = "en", **scope: Any) -> list[list[Any]]:
    found = FundChart.objects.get(
        chart=chart, language=language, **{"year": 0, "governorate": "", "sector": "", **scope}
    )
    return found.rows


def posted(**where: str) -> int:
    return Transfer.objects.filter(kind__in=["post", "settle"], **where).aggregate(sum=Sum("amount_minor"))["sum"] or 0


def test_every_total_is_the_ledgers_to_the_cent_withheld_included() -> None:
    promised = posted(credit__code__startswith="2010/")
    assert promised == sum(AMOUNTS)
    for chart in CHARTS:
        if chart.source in ("grants", "payments"):
            table = FundChart.objects.get(chart=chart.key, language="en", year=0, governorate="", sector="")
            amount = 2
            assert table.rows[-1][amount] == promised, chart.key
            if chart.key != "leadership":
                assert sum(row[amount] or 0 for row in table.rows[:-1]) == promised, chart.key
            assert any(row[3] for row in table.rows[:-1]), "what is withheld stands in the table"
    received = Contribution.objects.filter(state=ContributionState.CONFIRMED).aggregate(sum=Sum("amount_minor"))["sum"]
    assert (
        rows_of("money_in")[-1][3]
        == received
        == posted(credit__code__startswith="3020/", debit__code__startswith="1010/")
    )
    assert rows_of("donors")[-1][2] == received


def test_people_are_the_sum_of_what_the_list_tells_of_each_grant() -> None:
    rows = rows_of("people")
    told = ReleasedGrant.objects.filter(amount_minor__isnull=False)
    assert rows[-1][2] == sum(told.values_list("people_planned", flat=True)) > 0
    assert rows[-1][1] == len(AMOUNTS)
    assert rows[-2][2:] == [None, None], "of grants told in a sum nothing is said"


def test_of_a_nameless_grant_no_chart_says_type_size_flag_or_call(furnished: list[Grant]) -> None:
    row = ReleasedGrant.objects.get(grant=furnished[2])
    assert (row.call, row.size, row.women_led, row.amount_minor, row.spent_minor) == (None, "", None, None, None)
    pool_size = row.pool.grants
    for chart in ("kinds", "organisation_sizes", "grant_sizes", "leadership", "calls", "localisation", "new_partners"):
        withheld = rows_of(chart)[-2]
        assert withheld[:2] == ["Withheld, told as a sum", pool_size]
        assert withheld[2] == withheld[3] == row.pool.amount_minor
    for address in pages():
        text = Client().get(address).content.decode()
        for secret in (furnished[2].organisation.name_latin, furnished[2].reference, "19,073.31", str(furnished[2].pk)):
            assert not mentions(text, secret)


def pages() -> list[str]:
    return [
        reverse("transparency:dashboard_overview"),
        *(reverse("transparency:dashboard", args=[topic]) for topic in Topic),
    ]


def test_sizes_are_named_in_the_language_of_the_page() -> None:
    assert {row[0] for row in rows_of("organisation_sizes", "ar")} <= {
        "صغيرة جداً", "صغيرة", "متوسطة", "كبيرة", "محجوب، منشور مجموعًا", "المجموع",
    }  # fmt: skip


def test_a_page_reads_two_queries_in_every_language_however_it_is_narrowed() -> None:
    scopes = FundEdition.objects.get().choices
    for language in ("ar", "en", "ku"):
        client = Client(headers={"accept-language": language})
        for address in pages():
            for query in ({}, {"year": scopes["years"][0], "of": scopes["governorates"][0]}):
                if query and not address.endswith(("where/", "partners/", "sizes/")):
                    continue
                with CaptureQueriesContext(connection) as queries:
                    response = client.get(address, query)
                assert response.status_code == 200, (address, query)
                assert len(queries) <= 5, [one["sql"] for one in queries]
                assert f'<html lang="{language}"' in response.content.decode()


def test_nothing_is_drawn_anew_when_nothing_changed_and_only_what_changed(furnished: list[Grant]) -> None:
    assert drawing_own.draw_fund() == 0
    tag = own_dashboard.tag()
    ReleasedGrant.objects.filter(grant=furnished[4]).update(paid_minor=500)
    ids = dict(FundChart.objects.values_list("pk", "svg"))
    drawn = drawing_own.draw_fund()
    touched = ReleasedGrant.objects.get(grant=furnished[4])
    assert drawn == LANGUAGES * (1 + len(touched.governorates) + 1)
    assert own_dashboard.tag() != tag
    assert {chart.chart for chart in FundChart.objects.all() if ids[chart.pk] != chart.svg} <= {"by_year"}
    assert rows_of("by_year")[-1][4] == 500


def test_a_fact_reaches_the_page_through_the_outbox() -> None:
    before = rows_of("money_in")[-1][3]
    funds.confirmed_contribution(amount_minor=1_234_56)
    assert OutboxMessage.objects.filter(kind=drawing_own.DRAW_FUND, done_at=None).exists()
    while outbox.drain():
        pass
    assert rows_of("money_in")[-1][3] == before + 1_234_56


def test_a_donor_that_is_not_named_is_a_number() -> None:
    for contribution in Contribution.objects.select_related("donor"):
        contribution.donor.withhold_name = True
        contribution.donor.save()
    drawing_own.draw_fund()
    (row,) = rows_of("donors")[:-1]
    assert row[0] in ("A donor that is not named", "Donors that are not named")


def test_tables_are_files_with_the_same_numbers() -> None:
    client = Client(headers={"accept-language": "en"})
    for chart in CHARTS:
        if not FundChart.objects.filter(chart=chart.key).exists():
            continue
        address = [chart.topic, chart.key]
        text = (
            client.get(reverse("transparency:dashboard_table", args=[*address, "csv"])).getvalue().decode("utf-8-sig")
        )
        lines = list(csv.reader(io.StringIO(text)))
        sheet = load_workbook(
            BytesIO(client.get(reverse("transparency:dashboard_table", args=[*address, "xlsx"])).getvalue())
        ).active
        assert [len(lines), len(lines[0])] == [sheet.max_row, sheet.max_column]
    promised = list(csv.reader(io.StringIO(
        client.get(reverse("transparency:dashboard_table", args=["money", "by_year", "csv"])).getvalue().decode("utf-8-sig")
    )))  # fmt: skip
    assert promised[-1][2] == f"{sum(AMOUNTS) / 100:.2f}"


@pytest.mark.parametrize(
    "query", [{"year": "1999"}, {"year": "x"}, {"of": "SY99"}, {"of": "' OR 1=1"}, {"year": "2٠26"}]
)
def test_a_choice_that_is_not_there_is_not_found(query: dict[str, str]) -> None:
    assert Client().get(reverse("transparency:dashboard", args=["where"]), query).status_code == 404


def test_pages_and_files_that_are_not_there_are_not_found() -> None:
    for args in (["nowhere"], ["where", "costs", "csv"], ["where", "governorates", "pdf"]):
        name = "transparency:dashboard" if len(args) == 1 else "transparency:dashboard_table"
        assert Client().get(reverse(name, args=args)).status_code == 404


def test_whoever_has_the_page_gets_no_second_copy() -> None:
    client = Client(headers={"accept-language": "en"})
    address = reverse("transparency:dashboard", args=["where"])
    client.get(address)
    first = client.get(address)
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(address, {"of": "wash"}).get("ETag") != first["ETag"]
    FundEdition.objects.update(tag="another")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_kept_page_holds_the_token_of_its_reader_and_nobody_elses() -> None:
    address = reverse("transparency:dashboard", args=["partners"])
    readers = [Client(headers={"accept-language": "en"}, enforce_csrf_checks=True) for _ in range(2)]
    tokens = []
    for reader in readers:
        for _again in range(2):
            with CaptureQueriesContext(connection) as queries:
                page = reader.get(address).content.decode()
            (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert len(queries) == 1, "a page that was read before costs the question whether it is still the newest"
        tokens.append(token)
        asked = {"language": "ku", "next": address, "csrfmiddlewaretoken": token}
        assert reader.post(reverse("set_language"), asked).status_code == 302
        assert '<html lang="ku"' in reader.get(address).content.decode()
    asked["csrfmiddlewaretoken"] = tokens[0]
    assert readers[1].post(reverse("set_language"), asked).status_code == 403
    signed_in = Client(headers={"accept-language": "en"})
    accounts.sign_in(signed_in, accounts.user(full_name="Only For Herself"))
    assert "Only For Herself" in signed_in.get(address).content.decode()
    assert "Only For Herself" not in readers[0].get(address).content.decode()


def test_pictures_are_small_shapes_and_escaped_text() -> None:
    assert set(FundChart.objects.filter(svg="").values_list("chart", flat=True)) <= {"overhead"}  # too few to say
    for chart in FundChart.objects.exclude(svg=""):
        assert len(gzip.compress(chart.svg.encode())) < 8 * 1024
        for element in ET.fromstring(chart.svg).iter():
            assert element.tag.split("}")[1] in {"svg", "path", "rect", "text"}
            assert not {"style", "class", "onload", "href"} & set(element.attrib)
        assert chart.sentence
        assert not re.search(r"%\(|None", chart.sentence + chart.note + chart.unit)


def test_scopes_without_grants_lose_their_charts() -> None:
    places = FundEdition.objects.get().choices["governorates"]
    ReleasedGrant.objects.update(governorates=[], call=None)
    drawing_own.draw_fund()
    assert not FundChart.objects.filter(governorate__in=places).exists()
    assert FundChart.objects.filter(**{"chart": "by_year", **vars_of(Choice())}).count() == LANGUAGES


def vars_of(choice: Choice) -> dict[str, Any]:
    return {"year": choice.year, "governorate": choice.governorate, "sector": choice.sector}


def test_overhead_is_told_for_enough_organisations_alone_and_adds_up(furnished: list[Grant]) -> None:
    rows = rows_of("overhead")
    whole = sum(grant.amount_minor for grant in furnished)
    assert sum(row[2] or 0 for row in rows[:-1]) == rows[-1][2] == whole
    told_openly = ReleasedGrant.objects.filter(amount_minor__isnull=False)
    for row in told_openly:  # ten percent of the direct costs, to the cent that the budget's categories leave
        assert abs(11 * (row.indirect_minor or 0) - (row.amount_minor or 0)) <= 11
    assert not ReleasedGrant.objects.filter(amount_minor__isnull=True, indirect_minor__isnull=False).exists()
    assert rows[-1][1] in {None, sum(row.indirect_minor or 0 for row in told_openly)}
    with translation.override("en"):
        (section,) = charted(("overhead",), until=later().year)
    chart = FundChart.objects.get(chart="overhead", language="en", year=0, governorate="", sector="")
    assert len(section.rows) == len(rows if chart.svg else [])


def test_small_numbers_of_complaints_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = (Clock(Step.ASSIGNED, 3, due=9, in_time=8), Clock(Step.ANSWERED, 15, due=20, in_time=18))
    told = Numbers(date(2026, 7, 1), {"fraud": 2, "process": 14, "programme": 11}, clocks)
    monkeypatch.setattr("transparency.selectors.own.numbers", lambda: told)
    drawing_own.draw_fund()
    rows = dict(rows_of("complaints"))
    # Two of fraud would be found from the sum: the smallest of the others goes with them.
    assert list(rows.values()) == [None, 10, None, 30]
    assert rows["Fraud, corruption, misuse of money"] is None
    said = FundChart.objects.get(chart="complaints", language="en").sentence
    assert "90.0" in said
    assert "15" in said
    assert "88.9" not in said, "nine are too few"


def test_costs_are_drawn_of_years_that_had_money_or_costs() -> None:
    """A pledge for a year to come brings no column of nothing."""
    facts = replace(own.load_facts(), money_in={2024: own.YearIn(0, 0, 500), 2031: own.YearIn(0, 700, 0)}, costs=[])
    picture = funding.costs(OwnFrame(Within(facts.released, Choice()), facts, "en", rtl=False))
    assert picture is not None
    assert "2024" in picture.svg
    assert "2031" not in picture.svg


def test_a_year_to_come_has_no_column_of_money_in() -> None:
    """Its promises stand in the table, beside a dash: nothing can have arrived, which is not a year without money."""
    this = timezone.localdate().year
    money = {this - 2: own.YearIn(0, 0, 500), this - 1: own.YearIn(0, 0, 0), this + 1: own.YearIn(0, 700, 0)}
    facts = replace(own.load_facts(), money_in=money)
    picture = funding.money_in(OwnFrame(Within(facts.released, Choice()), facts, "en", rtl=False))
    assert picture is not None
    assert [str(year) in picture.svg for year in money] == [True, True, False]
    assert [row[1:] for row in picture.rows] == [[0, 0, 500], [0, 0, 0], [0, 700, None], [0, 700, 500]]
