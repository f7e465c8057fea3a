"""Sub-grants: what goes on to partners is told apart, by kind of receiver, adds up to the books, and goes with the amount."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grants.models import Application, Grant
from organisations.models import Organisation
from tests.factories import grants as make
from tests.factories.organisations import eligible_organisation
from tests.factories.transparency import bird, withhold
from transparency.models import FundChart, ReleasedGrant
from transparency.services import drawing_own, open_data, releasing

pytestmark = [pytest.mark.django_db, pytest.mark.database("opened")]
FROM_SYRIAN, FROM_ABROAD, TO_ABROAD, UNKNOWN, KEPT = (
    "To Syrian, from Syrian ones", "To Syrian, from international ones",
    "To international organisations", "To partners of unknown type", "Kept by the organisation itself",
)  # fmt: skip


@pytest.fixture(scope="module")
def _grants(standing: None) -> list[Grant]:
    helper = eligible_organisation("M", name_ar="جمعية العون", name_latin="Awn Aid")
    foreign = eligible_organisation("M", name_ar="منظمة البعيد", name_latin="Faraway")
    Organisation.objects.filter(pk=foreign.pk).update(type="ingo")
    made = [
        passing_on(0, f"{helper.name_ar} 30%", f"{foreign.name_latin.upper()} 7%"),
        passing_on(1, f"{helper.name_latin} 33%\nلجنة الحي 5%", "مستشارة"),
        passing_on(2, f"{helper.name_ar} 50%"),
        bird(3),
    ]
    Organisation.objects.filter(pk=made[1].organisation_id).update(type="ingo")
    return made


def passing_on(number: int, partners: str, supporters: str = "") -> Grant:
    """A grant whose application names these partners, one a line, with their shares of the money."""
    answers = make.answers

    def typed(application: Application, requested: int = 0) -> dict[str, dict[str, Any]]:
        pages = answers(application, requested)
        return {**pages, "basics": {**pages["basics"], "partners": partners, "supporters": supporters}}

    with mock.patch.object(make, "answers", typed):
        return bird(number)


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    return _grants


def tell() -> None:
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    drawing_own.draw_fund()
    open_data.write_all()


def chart(**scope: Any) -> FundChart:
    asked = {"language": "en", "year": 0, "governorate": "", "sector": "", **scope}
    return FundChart.objects.get(chart="sub_grants", **asked)


def amounts(rows: list[list[Any]]) -> dict[str, int]:
    return {row[0]: row[2] for row in rows}


def test_sub_grants_are_told_apart_from_what_is_direct_and_every_line_adds_up(grants: list[Grant]) -> None:
    tell()
    first, second, third, fourth = (one.amount_minor for one in grants)
    on = [first * 30 // 100, first * 7 // 100, second * 33 // 100, second * 5 // 100, third * 50 // 100]
    drawn = chart()
    assert amounts(drawn.rows) == {
        FROM_ABROAD: on[2], FROM_SYRIAN: on[0] + on[4], TO_ABROAD: on[1], UNKNOWN: on[3],
        KEPT: first + second + third + fourth - sum(on), "All grants": first + second + third + fourth,
    }  # fmt: skip
    assert f"{(on[0] + on[2] + on[4]) / 100:,.0f}" in drawn.sentence
    assert f"{on[2] / 100:,.0f}" in drawn.sentence
    direct = FundChart.objects.get(chart="localisation", language="en", year=0, governorate="", sector="")
    assert amounts(direct.rows)["Syrian organisations, directly"] == first + third + fourth, "and not what is passed on"


def test_the_list_the_api_and_the_table_say_the_same(grants: list[Grant]) -> None:
    tell()
    row = ReleasedGrant.objects.get(grant=grants[0])
    on = {"syrian": grants[0].amount_minor * 30 // 100, "abroad": grants[0].amount_minor * 7 // 100}
    assert row.passed_on == on
    client = Client(headers={"accept-language": "en"})
    said = json.loads(client.get(reverse("transparency:api_grant", args=[row.code])).content)["passed_on"]
    assert {kind: round(float(one["amount"]) * 100) for kind, one in said.items()} == on
    listed = client.get(reverse("transparency:grants_told"), {"format": "csv"}).getvalue().decode("utf-8-sig")
    lines = {line["Code"]: line for line in csv.DictReader(io.StringIO(listed))}
    assert lines[row.code]["Sub-grants"] == f"{sum(on.values()) / 100:.2f}"
    assert lines[row.code]["Of it to Syrian organisations"] == f"{on['syrian'] / 100:.2f}"
    hxl = client.get(reverse("transparency:open_data_file", args=["hxl-grants.csv"])).content.decode("utf-8-sig")
    tagged = {line["code"]: line for line in csv.DictReader(io.StringIO(hxl))}
    assert tagged[row.code]["passed_on"] == f"{sum(on.values()) / 100:.2f}"
    for kind in ("csv", "xlsx"):
        address = reverse("transparency:dashboard_table", args=["partners", "sub_grants", kind])
        assert client.get(address).getvalue()
    page = client.get(reverse("transparency:dashboard", args=["partners"])).content.decode()
    assert "By sub-grants to partners" in page


def test_no_partner_is_named_and_what_is_withheld_takes_its_sub_grants_along(grants: list[Grant]) -> None:
    for number in (0, 1, 2):
        withhold(grants[number], "name")
    tell()
    assert not ReleasedGrant.objects.filter(amount_minor__isnull=True).exclude(passed_on={}).exists()
    drawn = chart()
    assert drawn.rows[-1][2] == sum(one.amount_minor for one in grants)
    assert amounts(drawn.rows)["Withheld, told as a sum"] == sum(one.amount_minor for one in grants[:3])
    assert "nothing goes on" in drawn.sentence
    texts = [Client().get(f"/api/v1/grants?per_page={n}").content.decode() for n in (50, 60)]
    texts.append(str(list(FundChart.objects.values_list("rows", "sentence", "svg"))))
    assert not [word for word in ("Awn Aid", "جمعية العون", "Faraway", "لجنة الحي") for text in texts if word in text]


def test_what_is_told_first_and_withheld_later_leaves_with_the_amount(grants: list[Grant]) -> None:
    tell()
    assert ReleasedGrant.objects.get(grant=grants[2]).passed_on
    withhold(grants[2], "amount")
    row = ReleasedGrant.objects.get(grant=grants[2])
    assert (row.amount_minor, row.passed_on) == (None, {})
    with pytest.raises(IntegrityError, match="of_a_sum_are_not_told"), transaction.atomic():
        ReleasedGrant.objects.filter(pk=row.pk).update(passed_on={"syrian": 1})


def test_a_grant_for_several_places_shares_its_sub_grants_as_it_shares_its_amount(grants: list[Grant]) -> None:
    tell()
    places = grants[0].application.governorates
    parts = [chart(governorate=place).rows for place in places]
    assert sum(rows[-1][2] for rows in parts) == sum(
        one.amount_minor for one in grants if set(places) & set(one.application.governorates)
    )
    for rows in parts:
        assert sum(row[2] for row in rows[:-1]) == rows[-1][2]
