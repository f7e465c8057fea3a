"""The public dashboard: drawn once, read with few queries, the same numbers in sentence, table and file."""

import csv
import gzip
import io
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import transparency as make
from transparency.models import DashboardChart
from transparency.ocha.bundle import Bundle
from transparency.services import drawing

pytestmark = pytest.mark.django_db
PAGE = reverse("transparency:history_dashboard")


def two_funds() -> Bundle:
    """An open fund of two years and one that hides its four partners in four governorates."""
    hidden = {"PFId": "70", "OrgNm": "National NGO"}
    projects = [
        make.project("A", PrgBdg="1500000.5"),
        make.project("B", AllYr="2021", OrgTypeId="3", OrgNm="Agency", AllSrc="1", PrgBdg="90000"),
        *(make.project(f"H{n}", PartCode=f"{n}", **hidden) for n in range(4)),
    ]
    places = [
        make.location("A", AdmLoc1="Tartous", AdmLocClustBdg2="900000|||600000.5"),
        make.location("B", AdmLoc1="Elsewhere", AYr="2021", AdmLocClustBdg2="50000|||30000"),
        *(make.location(f"H{n}", PFId="70", AdmLocClustBdg2="50000|||40000.5") for n in range(3)),
        make.location("H3", PFId="70", AdmLoc1="Quneitra", ClstAgg="9|||3"),
    ]
    gifts = [
        make.contribution(ContributionAmt="2000000.25"),
        make.contribution(FiscalYear="2021", GMSDonorName="=HYPERLINK(1)", DonorCode="6", ContributionAmt="3"),
    ]
    return make.bundle(projects=projects, locations=places, contributions=gifts)


@pytest.fixture(scope="module", autouse=True)
def drawn(standing: None) -> None:
    """Both funds, imported and drawn once for all these tests."""
    make.take(two_funds())
    assert drawing.draw_dashboard() == DashboardChart.objects.count() > 0


def read(client: Client, chart: str, **query: str) -> list[list[str]]:
    response = client.get(
        reverse("transparency:history_chart_csv", args=[chart]), query, headers={"Accept-Language": "en"}
    )
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_page_reads_the_same_number_of_rows_whatever_is_chosen(
    client: Client, language: str, django_assert_num_queries: Any
) -> None:
    for query in ({}, {"fund": "99"}, {"fund": "99", "year": "2020"}):
        with django_assert_num_queries(2):
            response = client.get(PAGE, query, headers={"Accept-Language": language})
        assert response.status_code == 200
        text = response.content.decode()
        assert f'<html lang="{language}"' in text
        assert text.count("<svg") > 5


@pytest.mark.parametrize("query", [{"fund": "1"}, {"year": "1999"}, {"year": "x"}, {"fund": "99' OR 1=1"}])
def test_a_choice_that_is_not_there_is_not_found(client: Client, query: dict[str, str]) -> None:
    assert client.get(PAGE, query).status_code == 404


def test_years_add_up_in_sentence_table_and_file(client: Client) -> None:
    rows = read(client, "grants_by_year", fund="99")

    assert rows == [
        ["Year", "Projects", "Budget (US$)"],
        ["2020", "1", "1500000"],
        ["2021", "1", "90000"],
        ["Sum", "2", "1590000"],
    ]
    chart = DashboardChart.objects.get(chart="grants_by_year", language="en", fund="99", year=0)
    plain = re.sub("[\u2066-\u2069]", "", chart.sentence)
    assert (
        plain == "In 2020–2021 projects were granted USD 1.6 million (projects: 2), the most in 2020: USD 1.5 million."
    )


def test_what_has_no_place_is_said(client: Client) -> None:
    rows = read(client, "governorates", fund="99")

    assert rows[1:] == [
        ["Tartous", "1", "1500000", "94.3"],
        ["Elsewhere", "1", "80000", "5.0"],
        ["Difference between places and budgets", "", "10000", "0.6"],
        ["Sum", "", "1590000", ""],
    ]
    assert sum(int(row[2]) for row in rows[1:-1]) == int(rows[-1][2])


def test_few_partners_of_a_fund_that_hides_them_are_withheld(client: Client) -> None:
    for query in ({"fund": "70"}, {"fund": "70", "year": "2020"}, {}):
        rows = read(client, "governorates", **query)
        assert not [row for row in rows if row[0] == "Quneitra"]
    names = {row[0]: row for row in read(client, "governorates", fund="70")}
    assert "Idleb" not in names, "with so few places even the larger one would give the smaller one away"
    assert names["Withheld (fewer than 3 partners)"][1:3] == ["4", "377002"]


def test_no_partner_community_coordinate_or_pseudonym_is_published(client: Client) -> None:
    stored = " ".join(
        f"{c.title} {c.sentence} {c.note} {c.svg} {c.rows}" for c in DashboardChart.objects.filter(language="en")
    )
    page = client.get(PAGE).content.decode() + stored

    for secret in ("Lantern Society", "Hidden Valley", "35.111", "Water & light", "PXXX", "National NGO'", "XXX-20"):
        assert secret not in page


def test_a_file_never_begins_a_cell_like_a_formula(client: Client) -> None:
    rows = read(client, "contributions_by_donor", fund="99")

    assert ["Denmark", "2000000", "100.0"] in rows
    assert ["'=HYPERLINK(1)", "3", "0.0"] in rows


def test_pictures_are_small_and_carry_no_script_style_or_font() -> None:
    for chart in DashboardChart.objects.all():
        assert len(gzip.compress(chart.svg.encode())) < 8 * 1024, chart
        root = ET.fromstring(chart.svg)
        for element in root.iter():
            assert element.tag.split("}")[1] in {"svg", "g", "path", "line", "rect", "text"}
            assert not {"style", "class", "onload", "href", "font-family"} & set(element.attrib)


def test_arabic_pictures_are_mirrored() -> None:
    def first_bar(language: str) -> float:
        chart = DashboardChart.objects.get(chart="grants_by_year", language=language, fund="99", year=0)
        years = {t.text: t for t in ET.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}text") if t.text}
        return float(re.findall(r"translate\(([\d.]+),", years["2020"].get("transform", ""))[0])

    assert first_bar("ar") > first_bar("en")


def test_decisions_and_durations(client: Client) -> None:
    assert read(client, "decision_days", fund="99")[1:] == [["2020", "30", "1", "", "0"], ["2021", "", "0", "30", "1"]]
    assert read(client, "durations", fund="99", year="2020")[4] == ["10 to 12 months", "1", "100.0"]
    assert read(client, "partner_kinds", fund="99")[1:3] == [
        ["National NGOs", "1", "1500000", "94.3"],
        ["UN agencies", "1", "90000", "5.7"],
    ]
