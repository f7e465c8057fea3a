"""The public file of the fund's activities keeps every rule of IATI 2.03."""

from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kernel.sectors import Sector
from tests.iati_rules import findings
from tests.standards import STANDARDS, needs
from transparency.dictionary import IATI, ORGANISATION
from transparency.iati import codes, organisations
from transparency.iati.activities import FundActivity, Gift, GrantActivity, Money, Publisher, document, identifier

MADE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
PUBLISHER = Publisher("XI-EXAMPLE-FUND", {"ar": "الصندوق", "en": "The Fund"}, "24")
FUND = FundActivity(
    {"ar": "الصندوق", "en": "The Fund"},
    {"ar": "تمويل مشترك بقيادة محلية.", "en": "A pooled fund, locally led."},
    date(2025, 1, 1),
    (
        Gift({"en": "Example Donor"}, Money(60_000_000, "USD", date(2025, 1, 1)), codes.INCOMING_PLEDGE),
        Gift({"en": "Example Donor"}, Money(50_000_000, "USD", date(2025, 1, 1)), codes.INCOMING_COMMITMENT),
        Gift({"en": "Example Donor"}, Money(50_000_000, "USD", date(2025, 2, 1))),
    ),
    excluded={"en": "4 grants are told in 1 sum."},
    results={"en": "People reached"},
    paid_in_sums=(Money(1_234_500, "USD", date(2025, 10, 1)),),
    added_in_sums=(Money(250_000, "USD", date(2025, 10, 1)),),
    several={"ar": "منظمات متعددة", "en": "Several organisations"},
)
GRANT = GrantActivity(
    code="GR-2025-7K3QF2XM",
    title={"ar": "مدارس آمنة"},
    description={"ar": "منحة لسنتين", "en": "A grant of 24 months"},
    partner={"ar": "مؤسسة تجريبية", "en": "Example Foundation"},
    started=date(2025, 9, 1),
    planned_end=date(2027, 9, 1),
    ended=None,
    sector="education",
    places=({"ar": "حلب", "en": "Aleppo"},),
    committed=Money(11_000_000, "USD", date(2025, 9, 1)),
    added=(Money(500_000, "USD", date(2026, 2, 1)),),
    paid=(Money(3_850_000, "USD", date(2025, 10, 1)),),
    planned=(Money(3_850_000, "USD", date(2025, 9, 1)), Money(7_650_000, "USD", date(2026, 11, 1))),
    people_planned=4500,
    people_reached=640,
)
SUM = replace(
    GRANT, code="SUM-1", title={"en": "Several grants, details withheld"}, partner={"en": "Several organisations"},
    sector="", places=(), planned_end=None, added=(), paid=(), planned=(), people_planned=None, people_reached=None, grants=4,
)  # fmt: skip


def check(made: bytes, kind: str = "activities") -> list[str]:
    schema = etree.XMLSchema(etree.parse(STANDARDS / "iati" / "xsd" / f"iati-{kind}-schema.xsd"))
    tree = etree.fromstring(made)
    errors = [] if schema.validate(tree) else [str(error) for error in schema.error_log]  # type: ignore[attr-defined]
    return errors + findings(made, STANDARDS / "iati" / "rules")


@needs("iati")
def test_the_file_is_valid_and_no_rule_of_the_standard_finds_anything() -> None:
    assert (
        check(document(PUBLISHER, FUND, [GRANT, replace(GRANT, code="X", ended=date(2026, 3, 1)), SUM], made_at=MADE))
        == []
    )


@needs("iati")
@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ({"sector": "education", "started": date(2099, 1, 1)}, "11.1.4"),
        ({"planned_end": None, "committed": Money(1, "XXY", date(2025, 9, 1))}, "9.94.1"),
        ({"ended": date(2020, 1, 1)}, "11.1.3"),
        ({"partner": {}}, "6.10.1"),
        ({"committed": Money(1, "USD", date(2099, 1, 1))}, "11.2.1"),
    ],
)
def test_the_rules_find_what_is_wrong(spoil: dict[str, object], rule: str) -> None:
    bad = document(PUBLISHER, FUND, [replace(GRANT, **spoil)], made_at=MADE)  # type: ignore[arg-type]
    assert [one for one in check(bad) if f" {rule}:" in one]


@needs("iati")
def test_the_rules_find_a_wrong_sector_and_a_wrong_publisher() -> None:
    made = document(PUBLISHER, FUND, [GRANT], made_at=MADE)
    assert [one for one in check(made.replace(b'code="11110"', b'code="99999"')) if " 9.76.1:" in one]
    assert [one for one in check(made.replace(b"XI-EXAMPLE-FUND-GR", b"OTHER-GR")) if " 1.1.21:" in one]


@needs("iati")
def test_the_file_of_the_organisation_is_valid_and_adds_up() -> None:
    made = organisations.document(
        PUBLISHER, FUND, [GRANT, SUM], ("https://fund.example/x", {"en": "Rules"}), made_at=MADE
    )
    assert check(made, "organisations") == []
    assert paths(made, "iati-organisation") == set(ORGANISATION)
    values = [one.text for one in ET.fromstring(made).iterfind("iati-organisation/total-budget/value")]
    assert values == ["222500.00", "5000.00"]


def test_budgets_follow_the_schedule_and_come_to_what_was_committed() -> None:
    tree = ET.fromstring(document(PUBLISHER, FUND, [GRANT], made_at=MADE))
    budgets = [one.findtext("value") for one in tree.iterfind("iati-activity/budget")]
    assert budgets == ["38500.00", "76500.00"]
    assert tree.find("iati-activity[2]/result/indicator/period/target").get("value") == "4500"


def test_what_grants_in_sums_were_paid_is_a_disbursement_of_the_fund_and_of_no_sum() -> None:
    tree = ET.fromstring(document(PUBLISHER, FUND, [GRANT, SUM], made_at=MADE))
    paid = [
        [one.findtext("value") for one in activity.iterfind("transaction") if one.find("transaction-type[@code='3']") is not None]
        for activity in tree.iterfind("iati-activity")
    ]  # fmt: skip
    assert paid == [["12345.00"], ["38500.00"], []]


def test_what_was_added_is_a_commitment_of_its_month_and_of_the_fund_where_it_is_of_grants_in_sums() -> None:
    tree = ET.fromstring(document(PUBLISHER, FUND, [GRANT, SUM], made_at=MADE))
    promised = [
        [(one.find("transaction-date").get("iso-date"), one.findtext("value")) for one in activity.iterfind("transaction")
         if one.find("transaction-type[@code='2']") is not None]
        for activity in tree.iterfind("iati-activity")
    ]  # fmt: skip
    assert promised == [
        [("2025-10-01", "2500.00")],
        [("2025-09-01", "110000.00"), ("2026-02-01", "5000.00")],
        [("2025-09-01", "110000.00")],
    ]


def paths(made: bytes, activity: str) -> set[str]:
    """Every element of an activity by its path, texts by language left out."""
    found: set[str] = set()

    def walk(element: ET.Element, path: str) -> None:
        for child in element:
            if child.tag != "narrative":
                found.add(f"{path}{child.tag}")
                walk(child, f"{path}{child.tag}/")

    for one in ET.fromstring(made).iterfind(activity):
        walk(one, "")
    return found


def test_every_element_stands_in_the_dictionary() -> None:
    made = document(PUBLISHER, FUND, [GRANT, replace(GRANT, code="X", ended=date(2026, 3, 1)), SUM], made_at=MADE)
    assert paths(made, "iati-activity") == set(IATI)


def test_every_sector_has_its_code() -> None:
    assert set(codes.SECTORS) == set(Sector.values)


def test_an_identifier_holds_nothing_that_identifiers_may_not() -> None:
    assert identifier(PUBLISHER, "TUR 22/DDA 3558|x?") == "XI-EXAMPLE-FUND-TUR-22-DDA-3558-x"


@settings(max_examples=40)
@given(st.text(max_size=60), st.integers(1, 10**13), st.dates(date(2020, 1, 1), date(2026, 10, 1)))
def test_whatever_people_write_the_file_can_be_read_again(title: str, minor: int, day: date) -> None:
    money = Money(minor, "USD", day)
    made = document(PUBLISHER, FUND, [replace(GRANT, title={"en": title}, committed=money)], made_at=MADE)
    tree = ET.fromstring(made)
    value = tree.find("iati-activity[2]/transaction/value")
    assert value is not None
    assert value.text == f"{minor // 100}.{minor % 100:02}"
