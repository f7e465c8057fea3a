"""Forms as XLSForm workbooks: read, judged, written; hostile files are named and not opened."""

import copy
import io
import time
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.form_words import in_words
from grants.models import Call
from grants.selectors.xlsforms import workbook_of
from grants.services import call_forms
from grants.xlsforms import limits
from grants.xlsforms.limits import Limits
from grants.xlsforms.plan import FormPlan, PagePlan, QuestionPlan
from grants.xlsforms.reading import MOST_CHOICES, MOST_QUESTIONS, read_form
from grants.xlsforms.sheets import UnusableError
from grants.xlsforms.writing import write_form
from kernel.spreadsheets import workbook_bytes
from tests.committees.test_concepts import two_stage_terms
from tests.factories import grants as make

Rows = Sequence[Sequence[Any]]
HEADER = ["type", "name", "label::English (en)", "relevant", "constraint", "calculation", "required", "appearance"]


def workbook(
    survey: Rows, choices: Rows = (), header: Sequence[str] = HEADER, **extra: tuple[list[str], Rows]
) -> bytes:
    sheets = [
        ("survey", header, survey),
        ("choices", ["list_name", "name", "label::English (en)"], choices),
        *((title, head, rows) for title, (head, rows) in extra.items()),
    ]
    return workbook_bytes(sheets)


def findings(data: bytes) -> list[tuple[str, str, int | None]]:
    with pytest.raises(UnusableError) as refused:
        read_form(data)
    for finding in refused.value.findings:
        assert str(in_words(finding.code, finding.what))
    return [(one.code, one.sheet, one.row) for one in refused.value.findings]


def text(said: str) -> dict[str, str]:
    return {"ar": f"{said} بالعربية", "en": said, "ku": f"{said} ku"}


def question(key: str, kind: str = "short_text", **said: Any) -> QuestionPlan:
    return QuestionPlan(key, kind, text(key), **said)


CHOICES = [{"key": "water", "label": text("Water")}, {"key": "food", "label": text("=Food")}]
WHOLE = FormPlan(
    [
        PagePlan(
            "need", text("Need"), text("Write as to a neighbour.\nTwo lines."), "",
            [
                question("need", "long_text", required=True, max_length=500, hint=text("Hint")),
                question("people", "whole_number", minimum=1, maximum=900, constraint=". != 13 or . = 14", constraint_message=text("Not 13")),
                question("cost", "amount", minimum=100_00, required=True),
                question("share", "decimal", maximum=100),
                question("local", "yes_no", required=True),
                question("start", "day", required=True, relevant="${local} = 'yes'"),
                question("first", "one_of", choices=CHOICES),
                question("needs", "many_of", choices=CHOICES, constraint="count-selected(.) <= 2"),
            ],
        ),
        PagePlan(
            "more", text("More"), {}, "${local} = 'yes'",
            [
                question("say", "note"),
                question("wet", "group", relevant="selected(${needs}, 'water')", below=[
                    question("inner", "group", below=[question("well", constraint="regex(., '^[a-z]+$')")]),
                ]),
                question("home", "repeat", below=[
                    question("adults", "whole_number", required=True),
                    question("double", "calculated", calculation="${adults} * 2"),
                ]),
                QuestionPlan("all", "calculated", calculation="sum(${double})"),
            ],
        ),
    ]
)  # fmt: skip


def without_rows(plan: FormPlan) -> dict[str, Any]:
    for question_plan in plan.walk():
        question_plan.row = None
    for page in plan.pages:
        page.row = None
    return plan.as_data()


def test_a_form_comes_back_from_its_workbook_as_it_was() -> None:
    read = read_form(write_form(WHOLE, title="نموذج", reference="CFP-2026-000000"))
    assert without_rows(read) == WHOLE.as_data()
    assert FormPlan.of_data(WHOLE.as_data()) == WHOLE


def test_a_form_as_people_write_it_for_kobo_is_understood() -> None:
    read = read_form(
        workbook(
            [
                ["text", "who", "Who are you?", "", "string-length(.) <= 80", "", "TRUE", ""],
                ["begin group", "people", "People", "", "", "", "", ""],
                ["select one needs", "most", "What first?", "", "", "", "yes", ""],
                ["int", "count", "How many?", "", ". >= 5 and . <= 9 and . != 7", "", "", ""],
                ["end group", "", "", "", "", "", "", ""],
                ["decimal", "after", "How much?", "", "", "", "", ""],
            ],
            [["needs", "a", "A"], ["needs", "b", "B"]],
            settings=(["form_title"], [["My form"]]),
        )
    )
    assert [page.key for page in read.pages] == ["page_1", "people", "page_3"]
    assert read.pages[0].title["en"] == "My form"
    who, most, count, after = (page.questions[number] for page, number in zip([read.pages[0], read.pages[1], read.pages[1], read.pages[2]], [0, 0, 1, 0], strict=True))  # fmt: skip
    assert (who.max_length, who.required, who.constraint) == (80, True, "")
    assert [one["key"] for one in most.choices] == ["a", "b"]
    assert (count.minimum, count.maximum, count.constraint) == (5, 9, ". != 7")
    assert after.kind == "decimal"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (["geopoint", "x", "Where?"], "type"),
        (["start", "start"], "type"),
        (["begin loop", "x", "X"], "type"),
        (["select_one_from_file a.csv", "x", "X"], "type"),
        (["select_one needs or_other", "x", "X"], "type"),
        (["rank needs", "x", "X"], "type"),
        (["select_one nothing", "x", "X"], "no_list"),
        (["text", "x", "X", "", "", "", "", "numbers"], "appearance"),
        (["text", "ين", "X"], "name"),
        (["text", "", "X"], "no_name"),
        (["text", "x", ""], "no_label"),
        (["", "x", "X"], "no_type"),
        (["text", "first", "X"], "twice"),
        (["text", "x", "X", "${nobody} = 1"], "unknown"),
        (["text", "x", "X", "pulldata('a')"], "function"),
        (["text", "x", "X", "${x} = 1"], "circle"),
        (["integer", "x", "X", "", ". >= -5"], "below_zero"),
        (["text", "x", "X", "", "", "1 + 1"], "not_for_this"),
        (["note", "x", "X", "", "", "", "yes"], "not_for_this"),
        (["text", "x", "X", "", "", "", "${first} = 1"], "required"),
        (["text", "x", "X" * 301], "too_long"),
        (["end group", "", ""], "not_opened"),
        (["begin repeat", "x", "X"], "not_closed"),
        (["calculate", "x"], "no_calculation"),
    ],
)
def test_what_is_not_asked_here_is_named_by_its_row(row: list[str], code: str) -> None:
    data = workbook([["text", "first", "First?"], row], [["needs", "a", "A"], ["needs", "b", "B"]])
    assert (code, "survey", 3) in findings(data)


def test_sheets_columns_and_languages_that_are_not_known_are_named() -> None:
    header = ["type", "name", "label::English (en)", "label::French (fr)", "media::image", "colour"]
    rows = [["text", "a", "A", "B", "x.png", "red"]]
    found = findings(workbook(rows, header=header, entities=(["dataset"], [["x"]]), notes=(["a"], [["b"]])))
    assert {
        ("language", "survey", 1),
        ("column", "survey", 1),
        ("sheet", "entities", None),
        ("sheet", "notes", None),
    } <= {*found}
    assert ("few_choices", "survey", 2) in findings(workbook([["select_one x", "a", "A"]], [["x", "1", "1"]]))
    assert findings(workbook([]))[0][0] == "no_survey"


def test_choices_are_judged_row_by_row() -> None:
    """Each slip in a list of choices is named by the row that it stands in."""
    choices = [
        ["needs", "a", "A"], ["", "b", "B"], ["needs", "two words", "C"], ["needs", "a", "D"], ["needs", "e", ""],
        ["needs", "f", "F" * 2000], *(["many", f"k{number}", "K"] for number in range(MOST_CHOICES + 1)),
    ]  # fmt: skip
    found = findings(workbook([["select_one needs", "first", "First?"]], choices))
    assert [(code, row) for code, sheet, row in found if sheet == "choices"] == [
        ("no_name", 3), ("name", 4), ("twice", 5), ("no_label", 6), ("too_long", 7), ("too_many", MOST_CHOICES + 8)
    ]  # fmt: skip


def test_pages_and_settings_are_judged_too() -> None:
    header = [*HEADER, "constraint_message::English (en)"]
    rows = [
        ["begin group", "basics", ""],
        ["text", "a", "A", "", "", "", "", "", "Too long"],
        ["end group"],
        ["begin group", "empty", "Empty"],
        ["end group"],
        *(["text", f"q{number}", "Q"] for number in range(MOST_QUESTIONS)),
    ]
    settings_sheet = (["form_title", "style"], [["My form", "pages"]])
    found = findings(workbook(rows, header=header, settings=settings_sheet))
    assert {
        ("no_label", "survey", 2), ("twice", "survey", 2), ("not_for_this", "survey", 3), ("empty_group", "survey", 5),
        ("too_many", "survey", None), ("column_not_here", "settings", 2),
    } <= {*found}  # fmt: skip


def test_what_pyxform_refuses_is_said_in_its_words() -> None:
    assert findings(workbook([["text", "meta", "M"]])) == [("pyxform", "survey", 2)]


# Hostile files ----------------------------------------------------------------------------------------------------


def changed(data: bytes, **members: bytes) -> bytes:
    """The workbook with other members: ``__`` in a name is a slash, ``DOT`` a point."""
    out = io.BytesIO()
    new = {name.replace("__", "/").replace("DOT", "."): said for name, said in members.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in old.infolist():
            if member.filename not in new:
                archive.writestr(member.filename, old.read(member))
        for name, said in new.items():
            archive.writestr(name, said)
    return out.getvalue()


GOOD = workbook([["text", "a", "A?"]])
SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "not_a_workbook"),
        (b"PK\x03\x04 broken", "not_a_workbook"),
        (b"x" * 3_000_001, "size"),
        (changed(GOOD, xl__worksheets__sheet1DOTxml=SHEET % (b" " * 60_000_000)), "bomb"),
        (
            changed(
                GOOD,
                xl__worksheets__sheet1DOTxml=b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SHEET % b"",
            ),
            "declares",
        ),
        (changed(GOOD, xl__sharedStringsDOTxml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'), "declares"),
        (
            changed(
                GOOD,
                xl__worksheets__sheet1DOTxml=SHEET % b'<row r="7"><c r="A7"><f>HYPERLINK("http://x")</f></c></row>',
            ),
            "formula",
        ),
        (changed(GOOD, xl__worksheets__sheet1DOTxml=SHEET % b'<row r="1048576"><c r="A1048576"/></row>'), "cells"),
        (changed(GOOD, xl__worksheets__sheet1DOTxml=SHEET % (b"<row>" + b"<c/>" * 250_001 + b"</row>")), "cells"),
        (changed(GOOD, xl__vbaProjectDOTbin=b"macro"), "program"),
        (changed(GOOD, xl__externalLinks__externalLink1DOTxml=b"<x/>"), "link"),
        (changed(GOOD, **{f"xl__m{n}DOTxml": b"<x/>" for n in range(250)}), "bomb"),
    ],
    ids=["pdf", "broken", "size", "bomb", "xxe", "entity", "formula", "last row", "cells", "macro", "link", "members"],
)
def test_a_hostile_file_is_refused_within_two_seconds(data: bytes, code: str) -> None:
    begun = time.perf_counter()
    assert findings(data)[0][0] == code
    assert time.perf_counter() - begun < 2


def test_a_formula_is_named_by_its_sheet_and_row() -> None:
    data = changed(GOOD, xl__worksheets__sheet1DOTxml=SHEET % b'<row r="7"><c r="A7"><f>1+1</f></c></row>')
    assert findings(data) == [("formula", "survey", 7)]


# Limits -----------------------------------------------------------------------------------------------------------

_bounds = st.none() | st.integers(0, 10**6)


@settings(max_examples=100)
@given(
    _bounds,
    _bounds,
    _bounds,
    st.sampled_from(["", ". != 3", ". = 1 or . = 2", "(. = 1) or (. = 2)", "regex(., '\\)or(')"]),
)
def test_limits_come_back_out_of_the_constraint(
    least: int | None, most: int | None, length: int | None, rest: str
) -> None:
    written = Limits(least, most, length)
    assert limits.read(limits.written(written, rest), frozenset({"minimum", "maximum", "max_length"})) == (
        written,
        rest,
    )


def test_an_or_is_not_taken_apart() -> None:
    said = ". >= 5 and . <= 9 or . = 100"
    assert limits.read(said, frozenset({"minimum", "maximum"})) == (Limits(), said)


STAGED_HEADER = ["type", "name", "label", "stage"]


@pytest.mark.django_db
def test_the_stage_of_each_page_goes_out_and_comes_in() -> None:
    staged = copy.deepcopy(WHOLE)
    staged.pages[0].stage, staged.pages[1].stage = "concept", "full"
    assert without_rows(read_form(write_form(staged, title="نموذج", reference="CFP-2026-000000"))) == staged.as_data()
    call = make.draft_call(**two_stage_terms())
    call_forms.replace_form(call, staged, actor=make.programme_officer())
    assert dict(call.sections.values_list("key", "stage")) == {"need": "concept", "more": "full"}
    read = read_form(workbook_of(Call.objects.get(pk=call.pk)))
    assert [page.stage for page in read.pages] == ["concept", "full"]
    for page in read.pages:
        page.stage = ""
    call_forms.replace_form(call, read, actor=make.programme_officer())
    assert dict(call.sections.values_list("key", "stage")) == {"need": "concept", "more": "full"}, "as it was"
    one = make.draft_call()
    assert {page.stage for page in read_form(workbook_of(one)).pages} == {""}


def test_questions_outside_of_groups_say_their_stage_and_wrong_ones_are_named_by_row() -> None:
    loose = [
        ["text", "a", "A", "concept"],
        ["text", "b", "B", "Concept"],
        ["text", "c", "C", ""],
        ["text", "d", "D", "full"],
    ]
    read = read_form(workbook(loose, header=STAGED_HEADER))
    assert [(page.stage, [one.key for one in page.questions]) for page in read.pages] == [
        ("concept", ["a", "b"]), ("", ["c"]), ("full", ["d"]),
    ]  # fmt: skip
    wrong = [
        ["begin group", "g", "G", "second"],
        ["text", "a", "A", "full"],
        ["end group", "", "", ""],
        ["text", "b", "B", "later"],
    ]
    assert findings(workbook(wrong, header=STAGED_HEADER)) == [
        ("stage", "survey", 2), ("stage_of_page", "survey", 3), ("stage", "survey", 5),
    ]  # fmt: skip
