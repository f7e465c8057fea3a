"""Tables with HXL tags: valid by the standard's own program and by our schemas, and to the cent."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import hxl
import pytest

from kernel.money import Money
from tests.told import OPEN, TOLD, TOTAL_MINOR
from transparency.dictionary import HXL_CALLS, HXL_GRANTS, HXL_PAYMENTS
from transparency.hxl.tables import GRANTS, TABLES
from transparency.services.open_data.hxl import files
from transparency.services.open_data.store import NO_TIME

MADE = {one.name: one.make(NO_TIME).decode("utf-8-sig") for one in files(TOLD)}
NAMES = [table.name for table in TABLES]


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def complaints(table: str, schema: str | None) -> list[str]:
    """What HXL's validation says, by our schema or by the standard's."""
    found: list[str] = []

    def tell(error: hxl.validation.HXLValidationException) -> None:
        found.append(f"{error.rule.tag_pattern}: {error.message}")

    rules = hxl.schema(hxl.data(cells(schema)) if schema else None, callback=tell)
    rules.validate(hxl.data(cells(table)))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_are_valid_by_the_standard_and_by_our_rules(name: str) -> None:
    table, schema = MADE[f"hxl-{name}.csv"], MADE[f"hxl-{name}-schema.csv"]
    assert len(table.splitlines()) > 2
    assert complaints(table, None) == []
    assert complaints(table, schema) == []


def test_the_program_of_the_standard_takes_both_files_as_they_are_served(tmp_path: Path) -> None:
    table, schema = tmp_path / "table.csv", tmp_path / "schema.csv"
    schema.write_text(MADE["hxl-grants-schema.csv"], encoding="utf-8-sig")
    command = [Path(sys.executable).with_name("hxlvalidate"), "-s", schema, table]
    for text, answer in ((MADE["hxl-grants.csv"], 0), (MADE["hxl-grants.csv"].replace(",USD,", ",dollars,", 1), 1)):
        table.write_text(text, encoding="utf-8-sig")
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert ran.returncode == answer, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("SY02;SY07", "SY02;Idleb"), ("2025-09", "2025"), ("110000.50", "much"), (OPEN.code, ""), ("USD", "dollars")],
)
def test_our_rules_find_what_is_wrong(right: str, wrong: str) -> None:
    spoiled = MADE["hxl-grants.csv"].replace(right, wrong, 1)
    assert complaints(spoiled, MADE["hxl-grants-schema.csv"])


def rows(name: str) -> list[dict[str, str]]:
    header, _tags, *lines = csv.reader(io.StringIO(MADE[f"hxl-{name}.csv"]))
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_amounts_add_up_with_what_is_withheld() -> None:
    amounts = [row["amount"] for row in rows("grants") if row["amount"]]
    assert sum(Money.of(one, "USD").minor for one in amounts) == TOTAL_MINOR
    paid = sum(Money.of(row["paid"], "USD").minor for row in rows("payments"))
    assert paid == sum(one.paid_minor or 0 for one in TOLD.open) + 123_456


def test_every_column_stands_in_the_dictionary() -> None:
    for name, known in (("grants", HXL_GRANTS), ("payments", HXL_PAYMENTS), ("calls", HXL_CALLS)):
        assert list(rows(name)[0]) == list(known)
    assert len({column.tag for column in GRANTS}) == len(GRANTS)
