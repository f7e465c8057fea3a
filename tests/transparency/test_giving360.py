"""Grants by 360Giving: valid by the standard's schema, unique, the same as JSON and as CSV, and to the cent."""

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flattentool
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from kernel.csv_files import write_table
from kernel.money import Money
from tests.standards import STANDARDS, needs
from tests.told import HELD, OPEN, TOLD, TOTAL_MINOR
from transparency.dictionary import GIVING, GIVING_HEAD
from transparency.giving360.grants import Package, package_json, records, table
from transparency.release.told import Told
from transparency.services.open_data import giving360, history, iati
from transparency.services.open_data.giving360 import wording

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PACKAGE = Package(
    "XI-EXAMPLE-FUND", "الصندوق / The Fund", "https://fund.example", "منح / Grants", "3 grants are told in sums.",
    "https://fund.example/data/360giving-grants.json", "https://creativecommons.org/licenses/by/4.0/",
)  # fmt: skip
FORMATS = FormatChecker(formats=())
SCHEMA = STANDARDS / "360giving" / "schema"


@FORMATS.checks("date-time", raises=ValueError)
def _is_a_moment(value: object) -> bool:
    return "T" in str(value) and datetime.fromisoformat(str(value)).tzinfo is not None


@pytest.fixture(scope="module")
def made() -> list[dict[str, Any]]:
    return records(TOLD, PACKAGE, wording())


def errors(document: dict[str, Any]) -> list[str]:
    """What the standard's schema finds, and identifiers that stand twice, which it does not."""
    grant, package = (
        json.loads((SCHEMA / f"360-giving-{name}.json").read_text()) for name in ("schema", "package-schema")
    )
    home = "https://raw.githubusercontent.com/ThreeSixtyGiving/standard/{}/schema/360-giving-schema.json"
    known = [(home.format(version), DRAFT202012.create_resource(grant)) for version in ("1.4.2", "1.4.3")]
    registry: Registry[Any] = Registry().with_resources(known)
    validator = Draft202012Validator(package, registry=registry, format_checker=FORMATS)
    counted = Counter(one["id"] for one in document["grants"])
    return [
        *(error.message for error in validator.iter_errors(document)),
        *(f"twice: {code}" for code, times in counted.items() if times > 1),
    ]


@needs("360giving")
def test_the_file_is_valid_and_its_identifiers_are_unique(made: list[dict[str, Any]]) -> None:
    document = json.loads(package_json(made, PACKAGE, made_at=NOW))
    assert errors(document) == []
    document["grants"].append(dict(document["grants"][0]))
    assert any("twice" in one for one in errors(document))
    del document["grants"][1]["currency"]
    assert len(errors(document)) > 1


def test_amounts_add_up_with_what_is_withheld(made: list[dict[str, Any]]) -> None:
    later = dict(TOLD.added_in_sums)["USD"]  # of no record: the description of the file says it
    assert sum(Money.of(str(one["amountAwarded"]), "USD").minor for one in made) == TOTAL_MINOR - later
    assert len(made) == len(TOLD.open) + len(TOLD.sums)


def test_a_sum_names_nobody_and_lists_what_it_holds(made: list[dict[str, Any]]) -> None:
    one = made[-1]
    assert one["relatedActivity"] == [f"XI-EXAMPLE-FUND-{grant.code}" for grant in HELD]
    assert HELD[0].name_ar not in json.dumps(made, ensure_ascii=False)
    assert one["beneficiaryLocation"] == [{"countryCode": "SY"}]


def test_an_organisation_has_one_identifier_in_all_its_grants(made: list[dict[str, Any]]) -> None:
    first, second, third = (one["recipientOrganization"][0]["id"] for one in made)
    assert first == second != third


def test_the_table_says_what_the_records_say(made: list[dict[str, Any]], tmp_path: Path) -> None:
    """Through flatten-tool, which knows nothing of how the table was made: CSV to JSON is the JSON again."""
    header, rows = table(made)
    text = io.StringIO()
    write_table(text, header, rows)
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "grants.csv").write_text(text.getvalue(), encoding="utf-8")
    if not SCHEMA.is_dir():
        pytest.skip("the standard's own files do not lie beside this checkout (../shared/data/standards/360giving)")
    flattentool.unflatten(
        str(folder), input_format="csv", root_list_path="grants", schema=str(SCHEMA / "360-giving-schema.json"),
        output_name=str(tmp_path / "again.json"), encoding="utf-8-sig", convert_titles=False,
    )  # fmt: skip
    again = json.loads((tmp_path / "again.json").read_text())["grants"]
    assert again == made


def test_every_field_stands_in_the_dictionary(made: list[dict[str, Any]]) -> None:
    header, rows = table(made)
    assert {re.sub(r"/\d+", "", name) for name in header} <= set(GIVING)
    head = json.loads(package_json(made, PACKAGE, made_at=NOW))
    publisher = {f"publisher/{name}" for name in head.pop("publisher")}
    assert {*head, *publisher} - {"grants"} == set(GIVING_HEAD)
    assert next(csv.reader(io.StringIO(",".join(header)))) == header
    assert rows[0][header.index("title")] == OPEN.title


def test_before_a_grant_is_told_and_without_an_identifier_there_is_no_such_file(settings: Any) -> None:
    settings.IATI_REFERENCE = ""
    assert [one.name for writer in (giving360, iati, history) for one in writer.files(Told())] == []
