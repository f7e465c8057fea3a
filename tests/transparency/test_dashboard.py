"""The public dashboard: drawn once, read with few queries, the same numbers in sentence, table and file."""

import csv
import gzip
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from audit import outbox
from audit.models import OutboxMessage
from tests.factories import transparency as make
from transparency.models import DashboardChart, DashboardEdition
from transparency.ocha.bundle import Bundle
from transparency.services import drawing, importing, runs

pytestmark = pytest.mark.django_db
PAGE = reverse("transparency:history_dashboard")


def take(bundle: Bundle) -> None:
    importing.import_bundle(runs.start_from_folder(skip_bad_rows=False), bundle, actor=None, progress=make.silent)


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


@pytest.fixture
def drawn(settings: Any) -> DashboardEdition:
    take(two_funds())
    assert drawing.draw_dashboard() == DashboardChart.objects.count() > 0
    return DashboardEdition.objects.get()


def read(client: Client, chart: str, **query: str) -> list[list[str]]:
    response = client.get(
        reverse("transparency:history_chart_csv", args=[chart]), query, headers={"Accept-Language": "en"}
    )
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_before_anything_is_imported_the_page_says_what_will_stand_there(client: Client) -> None:
    response = client.get(PAGE, headers={"Accept-Language": "en"})

    assert response.status_code == 200
    assert "No figures yet" in response.content.decode()
    assert client.get(reverse("transparency:history_chart_csv", args=["sectors"])).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_page_reads_the_same_number_of_rows_whatever_is_chosen(
    client: Client, drawn: DashboardEdition, language: str, django_assert_num_queries: Any
) -> None:
    for query in ({}, {"fund": "99"}, {"fund": "99", "year": "2020"}):
        with django_assert_num_queries(2):
            response = client.get(PAGE, query, headers={"Accept-Language": language})
        assert response.status_code == 200
        text = response.content.decode()
        assert f'<html lang="{language}"' in text
        assert text.count("<svg") > 5


@pytest.mark.parametrize("query", [{"fund": "1"}, {"year": "1999"}, {"year": "x"}, {"fund": "99' OR 1=1"}])
def test_a_choice_that_is_not_there_is_not_found(
    client: Client, drawn: DashboardEdition, query: dict[str, str]
) -> None:
    assert client.get(PAGE, query).status_code == 404


def test_years_add_up_in_sentence_table_and_file(client: Client, drawn: DashboardEdition) -> None:
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


def test_what_has_no_place_is_said(client: Client, drawn: DashboardEdition) -> None:
    rows = read(client, "governorates", fund="99")

    assert rows[1:] == [
        ["Tartous", "1", "1500000", "94.3"],
        ["Elsewhere", "1", "80000", "5.0"],
        ["Difference between places and budgets", "", "10000", "0.6"],
        ["Sum", "", "1590000", ""],
    ]
    assert sum(int(row[2]) for row in rows[1:-1]) == int(rows[-1][2])


def test_few_partners_of_a_fund_that_hides_them_are_withheld(client: Client, drawn: DashboardEdition) -> None:
    for query in ({"fund": "70"}, {"fund": "70", "year": "2020"}, {}):
        rows = read(client, "governorates", **query)
        assert not [row for row in rows if row[0] == "Quneitra"]
    names = {row[0]: row for row in read(client, "governorates", fund="70")}
    assert "Idleb" not in names, "with so few places even the larger one would give the smaller one away"
    assert names["Withheld (fewer than three partners)"][1:3] == ["4", "377002"]


def test_no_partner_community_coordinate_or_pseudonym_is_published(client: Client, drawn: DashboardEdition) -> None:
    stored = " ".join(
        f"{c.title} {c.sentence} {c.note} {c.svg} {c.rows}" for c in DashboardChart.objects.filter(language="en")
    )
    page = client.get(PAGE).content.decode() + stored

    for secret in ("Lantern Society", "Hidden Valley", "35.111", "Water & light", "PXXX", "National NGO'", "XXX-20"):
        assert secret not in page


def test_a_file_never_begins_a_cell_like_a_formula(client: Client, drawn: DashboardEdition) -> None:
    rows = read(client, "contributions_by_donor", fund="99")

    assert ["Denmark", "2000000", "100.0"] in rows
    assert ["'=HYPERLINK(1)", "3", "0.0"] in rows


def test_pictures_are_small_and_carry_no_script_style_or_font(drawn: DashboardEdition) -> None:
    for chart in DashboardChart.objects.all():
        assert len(gzip.compress(chart.svg.encode())) < 8 * 1024, chart
        root = ET.fromstring(chart.svg)
        for element in root.iter():
            assert element.tag.split("}")[1] in {"svg", "g", "path", "line", "rect", "text"}
            assert not {"style", "class", "onload", "href", "font-family"} & set(element.attrib)


def test_arabic_pictures_are_mirrored(drawn: DashboardEdition) -> None:
    def first_bar(language: str) -> float:
        chart = DashboardChart.objects.get(chart="grants_by_year", language=language, fund="99", year=0)
        years = {t.text: t for t in ET.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}text") if t.text}
        return float(re.findall(r"translate\(([\d.]+),", years["2020"].get("transform", ""))[0])

    assert first_bar("ar") > first_bar("en")


def test_decisions_and_durations(client: Client, drawn: DashboardEdition) -> None:
    assert read(client, "decision_days", fund="99")[1:] == [["2020", "30", "1", "", "0"], ["2021", "", "0", "30", "1"]]
    assert read(client, "durations", fund="99", year="2020")[4] == ["10 to 12 months", "1", "100.0"]
    assert read(client, "partner_kinds", fund="99")[1:3] == [
        ["National NGOs", "1", "1500000", "94.3"],
        ["UN agencies", "1", "90000", "5.7"],
    ]


def test_charts_are_drawn_by_the_worker_and_only_when_facts_change() -> None:
    take(make.whole_fund())
    assert OutboxMessage.objects.get().kind == importing.DRAW
    outbox.drain()
    edition = DashboardEdition.objects.get()
    assert edition.headlines["99"] == {
        "granted": "107000.500000000000000",
        "projects": "1",
        "contributed": "250000.250000000000000",
        "donors": "1",
    }

    take(make.whole_fund())
    assert OutboxMessage.objects.count() == 1, "an import that changes nothing asks for no drawing"
    assert drawing.draw_dashboard() == 0

    take(make.bundle(contributions=[make.contribution(ContributionAmt="9")]))
    outbox.drain()
    newest = DashboardEdition.objects.get()
    assert newest.pk != edition.pk
    assert newest.drawn_at - edition.drawn_at < timedelta(minutes=5)
    assert Decimal(newest.headlines["99"]["contributed"]) == 9
