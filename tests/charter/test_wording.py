"""The charter in words, and a draft as fields."""

import copy
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from charter import editing, wording
from charter.defaults import default_rules
from charter.labels import LABELS, SECTIONS, label_of
from charter.problems import explained
from charter.schema import CharterRules

RULES = default_rules()
DATA: dict[str, Any] = RULES.model_dump(mode="json")


def test_every_chapter_of_the_charter_is_told() -> None:
    assert set(SECTIONS) == set(DATA) - {"format", "currency"}


def test_every_value_has_a_name() -> None:
    paths = [path for key in SECTIONS for path, _value in wording.leaves(DATA[key], key)]
    paths += [one.name for key in SECTIONS for one in editing.editable(DATA, key)]
    nameless = {path for path in paths if label_of(path) == path.rsplit(".", 1)[-1]}
    # Two lists are tables of their own; their items' values have names.
    assert nameless == {"scoring.criteria", "organisations.size_bands"}


# Arabic says one and two of a thing without a figure.
@pytest.mark.parametrize("language", ["en", "ku"])
def test_every_number_stands_in_the_words(language: str) -> None:
    with translation.override(language):
        sections = wording.describe(RULES)
        said = [str(value) for section in sections for _label, value in section.facts]
        said += [str(cell) for section in sections for table in section.tables for row in table.rows for cell in row]
    asked = next(
        one for section in sections for one in section.tables if len(one.rows) == len(DATA["capacity"]["questions"])
    )
    places = sorted((one["place"], str(one["name"][language])) for one in DATA["capacity"]["questions"].values())
    assert [str(row[0]) for row in asked.rows] == [name for _place, name in places], (
        "a place is told by the order of rows"
    )
    for path, value in wording.leaves(DATA, ""):
        if path.endswith(".place"):
            continue
        if type(value) is int and not path.endswith(("_minor", "_tenths")) and path != "format":
            assert any(str(value) in text for text in said), path


def test_units_are_said() -> None:
    with translation.override("en"):
        say = wording.in_words
        assert say("deadlines.screening_days", 3, "USD") == "3 working days"
        assert say("deadlines.screening_days", 1, "USD") == "1 working day"
        assert say("refunds.due_calendar_days", 30, "USD") == "30 calendar days"
        assert say("reports.overdue_calendar_days.notice", 1, "USD") == "1 calendar day"
        assert say("payments.screening_oldest_hours", 24, "USD") == "24 hours"
        assert say("budget.staff_most_percent", 60, "USD") == "60%"
        assert say("ratification.share", {"numerator": 2, "denominator": 3}, "USD") == "2/3"
        assert say("scoring.criterion_floor_tenths", 25, "USD") == "2.5"
        assert say("committee.inclusion.north_east_governorates", ["SY08"], "USD") == "Al-Hasakeh"
        assert say("tiers.E.score_from", None, "USD") == "—"


def test_nothing_differs_from_itself() -> None:
    assert wording.compare(RULES, RULES) == []


def test_a_difference_names_what_it_belongs_to() -> None:
    data = copy.deepcopy(DATA)
    data["tiers"]["M"]["yearly_ceiling_minor"] = 100_000_00
    data["scoring"]["criteria"][0]["weight"] = 25
    data["scoring"]["criteria"][1]["weight"] = 15
    with translation.override("en"):
        found = {
            one.label: (one.before, one.after) for one in wording.compare(RULES, CharterRules.model_validate(data))
        }
    assert found["Medium risk: Ceiling for a year"] == ("USD\xa0150,000.00", "USD\xa0100,000.00")
    assert ("20%", "25%") in found.values()
    assert ("20%", "15%") in found.values()
    assert len(found) >= 2


def test_fields_written_back_unchanged_change_nothing() -> None:
    for key in SECTIONS:
        values = {}
        for one in editing.editable(DATA, key):
            shown = editing.write(one.value, one.kind)
            read = {editing.Kind.SHARE: editing.read_share, editing.Kind.LIST: editing.read_list}.get(one.kind)
            values[one.path] = read(shown) if read else shown
        assert editing.changed(DATA, values) == DATA


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6))
def test_lists_are_read_as_they_are_written(numbers: list[int]) -> None:
    assert editing.read_list(editing.write(numbers, editing.Kind.LIST)) == numbers


@pytest.mark.parametrize(
    ("text", "read"),
    [("٤٠، ٣٠، ٢٠، ١٠", [40, 30, 20, 10]), ("40% · 60%", [40, 60]), ("40 and 60", None), ("", None), ("-1", None)],
)
def test_lists_are_read_as_people_type_them(text: str, read: list[int] | None) -> None:
    assert editing.read_list(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("2/3", (2, 3)), ("٢/٣", (2, 3)), (" 2 / 3 ", (2, 3)), ("2/0", None), ("0.66", None), ("2/3/4", None)],
)
def test_shares_are_read_as_people_type_them(text: str, read: tuple[int, int] | None) -> None:
    share = editing.read_share(text)
    assert (share and (share["numerator"], share["denominator"])) == read


def broken(path: str, value: Any) -> dict[str, Any]:
    return editing.changed(DATA, {tuple(path.split(".")): value})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scoring.criteria.0.weight", 21),
        ("tiers.M.splits.24", [90, 10]),
        ("tiers.M.splits.24", [30, 30]),
        ("tiers.H.splits.12", [50, 45, 5]),
        ("tiers.M.score_from", 61),
        ("tiers.L.yearly_ceiling_minor", 10**12),
        ("committee.seats_allowed", [8]),
        ("committee.quorum.share", {"numerator": 1, "denominator": 2}),
        ("ratification.share", {"numerator": 1, "denominator": 3}),
        ("scoring.waitlist_from", 70),
        ("scoring.scorers_for_large", 2),
        ("reports.overdue_calendar_days.signatory", 90),
        ("reserves.reserve_from_percent", 50),
        ("budget.staff_most_percent", 90),
        ("changes.notify_up_to_percent", 90),
        ("deadlines.screening_days", -1),
        ("deadlines.screening_days", "three"),
        ("grant_types.project.months_from", 30),
    ],
)
def test_what_is_wrong_is_said_in_arabic(path: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught, translation.override("ar"):
        CharterRules.model_validate(broken(path, value))
    with translation.override("ar"):
        reasons = [reason for _path, reason in explained(caught.value)]
    assert reasons
    assert all(any("\u0600" <= char <= "\u06ff" for char in reason) for reason in reasons), reasons


def test_labels_are_used() -> None:
    assert len(LABELS) > 150
