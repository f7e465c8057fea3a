"""What other funds published, told again: valid, complete, and without the mosaic that names a withheld partner."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.standards import needs
from tests.transparency.test_iati import PUBLISHER, check, paths
from transparency.dictionary import HISTORY
from transparency.iati import codes
from transparency.iati.elements import hundred
from transparency.iati.history import PastGift, Source, document
from transparency.release.history import PastProject, PastTold, tell_again
from transparency.services.open_data.history import wording

MADE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OPEN = PastProject(
    fund="99", code="XXX-20/1 A|B", year=2020, title="Water &amp; light\u200b", partner="P1", partner_name="Lantern Society",
    partner_kind=2, withheld=False, budget=Decimal("107000.5000000000"), starts=date(2020, 3, 1), ends=date(2021, 2, 28),
    approved=date(2020, 2, 1), governorates=("SY07", "SY02"),
    clusters=(("7", Decimal("33.333")), ("11", Decimal("33.333")), ("10", Decimal("33.334"))),
)  # fmt: skip
HIDDEN = [
    replace(
        OPEN, code=f"SECRET-{n}", title=f"Canary {n}", partner=f"H{n}", partner_name="National NGO", partner_kind=1,
        withheld=True, budget=Decimal(1000 + n), year=2020 + n // 3,
    )
    for n in range(5)
]  # fmt: skip
PROJECTS = [OPEN, replace(OPEN, code="XXX-20-1 A/B", ends=date(2030, 1, 1), partner_kind=3, clusters=()), *HIDDEN]
SOURCES = {"99": Source("Testland", (PastGift("99", 2020, "Denmark", Decimal("250000.25")),))}


def told() -> list[PastTold]:
    return list(tell_again(PROJECTS, least_partners=3))


def made() -> bytes:
    return document(PUBLISHER, told(), SOURCES, wording(), made_at=MADE)


@needs("iati")
def test_it_is_valid_and_no_rule_of_the_standard_finds_anything() -> None:
    assert check(made()) == []


def test_every_project_is_told_once_and_the_money_is_all_there() -> None:
    (one,) = told()
    assert (len(one.open), [(s.first, s.last, s.projects, s.partners) for s in one.sums]) == (2, [(2020, 2021, 5, 5)])
    tree = ET.fromstring(made())
    values = [
        Decimal(moved.findtext("value") or "")
        for moved in tree.iterfind("iati-activity/transaction")
        if moved.find("transaction-type").get("code") == codes.OUTGOING_COMMITMENT
    ]
    assert sum(values) == sum(one.budget for one in PROJECTS)
    identifiers = [one.text for one in tree.iterfind("iati-activity/iati-identifier")]
    assert len(identifiers) == len(set(identifiers)) == 4


def test_nothing_of_a_withheld_project_is_said() -> None:
    text = made().decode()
    for canary in ("SECRET", "Canary", "National NGO", ">1000<", "1001"):
        assert canary not in text
    for activity in ET.fromstring(text).iterfind("iati-activity"):
        assert activity.find("reporting-org").get("secondary-reporter") == "1"
        assert activity.find("location/point") is None
        if "-SUM-" in (activity.findtext("iati-identifier") or ""):
            assert activity.find("location") is None
            assert [one.get("code") for one in activity.iterfind("sector")] == [codes.SEVERAL_SECTORS]


def test_every_element_stands_in_the_dictionary() -> None:
    assert paths(made(), "iati-activity") == set(HISTORY)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            lambda n, partner, year, hidden, cents: replace(
                OPEN, code=str(n), partner=f"P{partner}", year=year, withheld=hidden, budget=Decimal(cents).scaleb(-2)
            ),
            st.integers(0, 10**6), st.integers(0, 6), st.integers(2015, 2019), st.booleans(), st.integers(1, 10**9),
        ),
        max_size=25, unique_by=lambda one: one.code,
    )
)  # fmt: skip
def test_no_sum_is_of_fewer_than_three_partners_and_none_is_lost(projects: list[PastProject]) -> None:
    for one in tell_again(projects, least_partners=3):
        assert all(each.partners >= 3 for each in one.sums)
        assert not any(each.withheld for each in one.open)
        assert len(one.open) + sum(each.projects for each in one.sums) + one.untold == len(projects)
        if not one.untold:
            assert one.budget == sum(each.budget for each in projects)


@given(st.dictionaries(st.sampled_from("abcdef"), st.decimals("0.001", 100, places=3), min_size=1))
def test_percentages_come_to_a_hundred(shares: dict[str, Decimal]) -> None:
    assert sum(hundred(shares).values()) == 100
