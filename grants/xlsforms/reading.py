"""From a workbook to a form: every row is understood, or named with its sheet and row."""

import copy
import re
from dataclasses import dataclass, field
from typing import Any, Final

from pyxform import aliases
from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData

from grants.questions.expressions import NAME
from grants.questions.forms import CALCULATED, GROUP, NOTE, REPEAT
from grants.questions.proportion import AMOUNT
from grants.xlsforms import limits
from grants.xlsforms.plan import FormPlan, PagePlan, QuestionPlan
from grants.xlsforms.sheets import CHOICES, SETTINGS, SURVEY, Book, Cells, Finding, UnusableError, opened

MOST_QUESTIONS: Final = 1_000
MOST_CHOICES: Final = 300
MOST_FINDINGS: Final = 200
_LENGTHS: Final = {"label": 300, "hint": 500, "constraint_message": 500}
_TITLE, _CHOICE, _KEY = 120, 200, 40
_RESERVED: Final = frozenset({"eligibility", "basics", "logframe", "budget"})
_SIMPLE: Final = {
    "text": "short_text", "integer": "whole_number", "int": "whole_number", "decimal": "decimal", "date": "day",
    "note": NOTE, "calculate": CALCULATED, "file": "file", "image": "image", "photo": "image",
}  # fmt: skip
_SELECTS: Final = {"select one": "one_of", "select all that apply": "many_of"}
_APPEARANCES: Final = {("short_text", "multiline"): "long_text", ("decimal", "amount"): "amount"}
PAGE_SUFFIX: Final = ".page"
"""Behind the name of a page that is called like a question: in XLSForm a name stands once."""
STAGES: Final = frozenset({"concept", "full"})
"""What the column “stage” says of a page; XLSForm knows no such column and other readers pass over it."""
YES_NO: Final = "yes_no"
"""The list of choices that stands for a plain yes or no."""
LOOSE: Final = {"ar": "الأسئلة", "en": "Questions", "ku": "Pirs"}
"""The title of a page made of questions that stand in no group."""


def read_form(data: bytes) -> FormPlan:
    """The form that the workbook ``data`` writes. Raises `UnusableError` with everything that is wrong in it."""
    book = opened(data)
    reader = _Reader(book)
    plan = reader.read()
    findings = [*book.findings, *reader.findings]
    if not findings:
        findings = _meaning(plan)
    if not findings:
        findings = _as_pyxform_sees_it(book)
    if findings:
        raise UnusableError(findings[:MOST_FINDINGS])
    return plan


def _meaning(plan: FormPlan) -> list[Finding]:
    rows = {one.key: one.row for one in plan.walk()} | {page.key: page.row for page in plan.pages if page.relevant}
    return [Finding(one.code, SURVEY, rows.get(one.key), one.what) for one in plan.form().problems()]


_ROW: Final = re.compile(r"\[row : (\d+)\]\s*")


def _as_pyxform_sees_it(book: Book) -> list[Finding]:
    """Pyxform builds the form too: what it refuses, in its own words, Kobo would refuse as well."""
    known = DefinitionData.__dataclass_fields__
    raw = {name: copy.deepcopy(value) for name, value in book.raw.items() if name in known}
    try:
        said: dict[str, Any] = workbook_to_json(DefinitionData(**raw), form_name="form", fallback_form_name="form")
        create_survey_element_from_dict(said).to_xml(validate=False)
    except PyXFormError as error:
        text = str(error)
        row = _ROW.search(text)
        return [Finding("pyxform", SURVEY, int(row[1]) if row else None, _ROW.sub("", text)[:300])]
    return []


@dataclass(slots=True)
class _Open:
    """A group that was begun: where, what it holds, and its name."""

    kind: str
    row: int
    holds: list[QuestionPlan] = field(default_factory=list)


class _Reader:
    """Walks the sheet ``survey`` from top to bottom."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.findings: list[Finding] = []
        self.lists = self._choice_lists()
        self.pages: list[PagePlan] = []
        self.open: list[_Open] = []
        self.loose: PagePlan | None = None
        self.count = 0
        self.title = next((row.plain["form_title"] for row in book.settings if "form_title" in row.plain), "")

    def _find(self, code: str, row: int | None, what: str = "", *, sheet: str = SURVEY) -> None:
        self.findings.append(Finding(code, sheet, row, what))

    def read(self) -> FormPlan:
        for row in self.book.survey:
            self._row(row)
        for one in self.open:
            self._find("not_closed", one.row)
        if self.count > MOST_QUESTIONS:
            self._find("too_many", None, str(MOST_QUESTIONS))
        for number, page in enumerate(self.pages, start=1):
            page.key = page.key or self._page_key(number)
        for page in self.pages:
            if page.key in _RESERVED or [one.key for one in self.pages].count(page.key) > 1:
                self._find("twice", page.row, page.key)
            _take_intro(page)
        self._settings()
        return FormPlan(self.pages)

    def _settings(self) -> None:
        for row in self.book.settings:
            for column in ("style", "instance_name"):
                if column in row.plain:
                    self._find("column_not_here", row.row, column, sheet=SETTINGS)

    def _page_key(self, number: int) -> str:
        taken = {page.key for page in self.pages}
        return next(key for n in range(number, number + 1000) if (key := f"page_{n}") not in taken)

    # Choices ------------------------------------------------------------------------------------------------------

    def _choice_lists(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.book.choices:
            list_name, key = row.plain.get("list_name", ""), row.plain.get("name", "")
            if not list_name or not key:
                self._find("no_name", row.row, sheet=CHOICES)
                continue
            rows = found.setdefault(list_name, [])
            if re.search(r"\s", key) or len(key) > _KEY:
                self._find("name", row.row, key, sheet=CHOICES)
            if key in [one["key"] for one in rows]:
                self._find("twice", row.row, key, sheet=CHOICES)
            label = row.text("label")
            if not label:
                self._find("no_label", row.row, key, sheet=CHOICES)
            if any(len(text) > _CHOICE for text in label.values()):
                self._find("too_long", row.row, str(_CHOICE), sheet=CHOICES)
            rows.append({"key": key, "label": label})
            if len(rows) == MOST_CHOICES + 1:
                self._find("too_many", row.row, str(MOST_CHOICES), sheet=CHOICES)
        return found

    # Rows ---------------------------------------------------------------------------------------------------------

    def _row(self, row: Cells) -> None:
        said = re.sub(r"\s+", " ", row.plain.get("type", "")).strip()
        if self.open and "stage" in row.plain:
            self._find("stage_of_page", row.row)
        if row.plain.get("name") == AMOUNT and said.lower() == "decimal" and not self.open:
            return  # the fund asks it itself
        if not said:
            self._find("no_type", row.row)
            return
        begins = re.fullmatch(r"(begin|end)[ _](\w+(?: group)?)", said.lower())
        if begins:
            kind = aliases.control.get(begins[2])
            if kind not in {GROUP, REPEAT}:
                self._find("type", row.row, said)
            elif begins[1] == "begin":
                self._begin(row, kind)
            else:
                self._end(row, kind)
            return
        self.count += 1
        plan = self._question(row, said)
        if plan is not None:
            self._put(plan, self._stage(row) if not self.open else "")

    def _begin(self, row: Cells, kind: str) -> None:
        self._allow(row, "relevant")
        if kind == GROUP and not self.open:
            key = row.plain.get("name", "").removesuffix(PAGE_SUFFIX)
            self._check_name(row, key)
            page = PagePlan(key, row.text("label"), {}, row.plain.get("relevant", ""), [], row.row, self._stage(row))
            self._check_length(row, "label", _TITLE)
            if not page.title:
                self._find("no_label", row.row, key)
            self.pages.append(page)
            self.loose = None
            self.open.append(_Open(kind, row.row, page.questions))
            return
        plan = self._named(row, kind)
        self.count += 1
        self._put(plan)
        self.open.append(_Open(kind, row.row, plan.below))

    def _stage(self, row: Cells) -> str:
        """The stage that a page, or a question outside of any group, says it is asked in; empty where it says none."""
        said = row.plain.get("stage", "").lower()
        if said and said not in STAGES:
            self._find("stage", row.row, row.plain["stage"])
        return said

    def _end(self, row: Cells, kind: str) -> None:
        if not self.open or self.open[-1].kind != kind:
            self._find("not_opened", row.row)
            return
        if not self.open[-1].holds:
            self._find("empty_group", self.open[-1].row)
        self.open.pop()

    def _put(self, plan: QuestionPlan, stage: str = "") -> None:
        if self.open:
            self.open[-1].holds.append(plan)
            return
        if self.loose is None or self.loose.stage != stage:
            title = {language: self.title or text for language, text in LOOSE.items()}
            self.loose = PagePlan("", {language: text[:_TITLE] for language, text in title.items()}, stage=stage)
            self.pages.append(self.loose)
        self.loose.questions.append(plan)

    def _allow(self, row: Cells, *columns: str) -> None:
        """Name the cells of a row that its type cannot have."""
        for column in ("required", "relevant", "constraint", "calculation", "appearance"):
            if column in row.plain and column not in columns:
                self._find("not_for_this", row.row, column)
        if row.text("constraint_message") and not row.plain.get("constraint"):
            self._find("not_for_this", row.row, "constraint_message")

    def _check_name(self, row: Cells, key: str) -> None:
        if not key:
            self._find("no_name", row.row)
        elif not NAME.fullmatch(key) or len(key) > _KEY:
            self._find("name", row.row, key)

    def _check_length(self, row: Cells, column: str, most: int) -> None:
        if any(len(text) > most for text in row.text(column).values()):
            self._find("too_long", row.row, f"{column}: {most}")

    def _named(self, row: Cells, kind: str) -> QuestionPlan:
        key = row.plain.get("name", "")
        self._check_name(row, key)
        for column, most in _LENGTHS.items():
            self._check_length(row, column, most)
        label = row.text("label")
        if not label and kind != CALCULATED:
            self._find("no_label", row.row, key)
        return QuestionPlan(key, kind, label, row.text("hint"), relevant=row.plain.get("relevant", ""), row=row.row)

    def _question(self, row: Cells, said: str) -> QuestionPlan | None:
        kind, choices = self._kind(row, said)
        if not kind:
            return None
        plan = self._named(row, kind)
        plan.choices = choices
        if kind == NOTE:
            self._allow(row, "relevant")
        elif kind == CALCULATED:
            self._allow(row, "relevant", "calculation")
            plan.calculation = row.plain.get("calculation", "")
        else:
            self._allow(row, "relevant", "required", "constraint", "appearance")
            plan.required = self._required(row)
            self._constrain(row, plan)
        return plan

    def _kind(self, row: Cells, said: str) -> tuple[str, list[dict[str, Any]]]:
        kind = _SIMPLE.get(said.lower(), "")
        appearance = row.plain.get("appearance", "")
        if kind:
            if appearance and not (kind := _APPEARANCES.get((kind, appearance), "")):
                self._find("appearance", row.row, appearance)
            return kind, []
        # The longest name first: "select one from" begins like "select one".
        for name in sorted(aliases.select, key=len, reverse=True):
            if said.lower().startswith(f"{name} "):
                break
        else:
            self._find("type", row.row, said)
            return "", []
        chosen = _SELECTS.get(str(aliases.select[name]), "")
        list_name = said[len(name) :].strip()
        if not chosen or name in aliases.select_from_file or " or_other" in f" {list_name}" or appearance:
            self._find("appearance" if chosen and appearance else "type", row.row, appearance or said)
            return "", []
        return self._listed(row, chosen, list_name)

    def _listed(self, row: Cells, kind: str, list_name: str) -> tuple[str, list[dict[str, Any]]]:
        choices = self.lists.get(list_name)
        if choices is None:
            self._find("no_list", row.row, list_name)
            return "", []
        if len(choices) < 2:
            self._find("few_choices", row.row, list_name)
        if kind == "one_of" and list_name == YES_NO and {one["key"] for one in choices} == {"yes", "no"}:
            return YES_NO, []
        return kind, copy.deepcopy(choices)

    def _required(self, row: Cells) -> bool:
        said = row.plain.get("required", "no")
        if said not in aliases.yes_no:
            self._find("required", row.row, said)
        return bool(aliases.yes_no.get(said))

    def _constrain(self, row: Cells, plan: QuestionPlan) -> None:
        constraint = row.plain.get("constraint", "")
        if limits.goes_below_zero(constraint):
            self._find("below_zero", row.row)
        found, plan.constraint = limits.read(constraint, _LIMITS.get(plan.kind, frozenset()))
        factor = 100 if plan.kind == "amount" else 1
        plan.minimum = None if found.minimum is None else found.minimum * factor
        plan.maximum = None if found.maximum is None else found.maximum * factor
        plan.max_length = found.max_length
        plan.constraint_message = row.text("constraint_message")


_BOUNDS: Final = frozenset({"minimum", "maximum"})
_LIMITS: Final[dict[str, frozenset[str]]] = {
    "short_text": frozenset({"max_length"}), "long_text": frozenset({"max_length"}), "whole_number": _BOUNDS,
    "decimal": _BOUNDS, "amount": _BOUNDS,
}  # fmt: skip


def intro_key(page: str) -> str:
    """How the note is called that introduces a page."""
    return f"{page}_intro"


def _take_intro(page: PagePlan) -> None:
    first = page.questions[0] if page.questions else None
    if (
        first is not None
        and first.kind == NOTE
        and first.key == intro_key(page.key)
        and not first.relevant
        and not first.hint
    ):
        page.intro = first.label
        page.questions.pop(0)
