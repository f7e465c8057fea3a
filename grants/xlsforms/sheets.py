"""A workbook's sheets as pyxform reads them, with the row of everything and the language of every text."""

import re
from dataclasses import dataclass
from typing import Any, Final

from pyxform import aliases
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import xlsx_to_dict

from kernel.workbooks import WorkbookError, check_workbook

SURVEY, CHOICES, SETTINGS = "survey", "choices", "settings"
LANGUAGES: Final = {
    "ar": ("ar", "arabic", "العربية", "عربي"),
    "en": ("en", "english", "الإنجليزية", "انكليزي"),
    "ku": ("ku", "kmr", "kurmanji", "kurdish", "kurmancî", "kurmanci", "الكردية"),
}
NAMES: Final = {"ar": "العربية (ar)", "en": "English (en)", "ku": "Kurmancî (ku)"}
"""Languages as the columns of our workbooks name them."""
_TAG: Final = re.compile(r"\(([A-Za-z]{2,3})(?:-[A-Za-z]+)?\)\s*$")
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_TRANSLATED: Final = frozenset({"label", "hint", "constraint_message"})
_COLUMNS: Final = {
    SURVEY: frozenset(
        {
            "type",
            "name",
            "label",
            "hint",
            "required",
            "relevant",
            "constraint",
            "constraint_message",
            "calculation",
            "appearance",
            "stage",
        }
    ),
    CHOICES: frozenset({"list_name", "name", "label"}),
    SETTINGS: frozenset({"form_title", "form_id", "version", "default_language", "style", "instance_name"}),
}
_ALIASES: Final = {
    "relevance": "relevant", "calculate": "calculation", "caption": "label", "constraining_message": "constraint_message",
    "list name": "list_name", "value": "name", "command": "type", "tag": "name", "set_form_title": "form_title",
    "set_form_id": "form_id", "title": "form_title", "id_string": "form_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the workbook that keeps it from becoming a form: where it stands, ``code``, and what it is about.

    Codes are those of `grants.questions.forms.Problem`, `kernel.workbooks.WorkbookError` and this package (``column``,
    ``sheet``, ``language``, ``type``, ``no_list``, ``value``, ``not_closed``, ``too_many``, ``pyxform`` …).
    """

    code: str
    sheet: str = ""
    row: int | None = None
    what: str = ""


class UnusableError(ValueError):
    """A workbook that cannot become a form; ``findings`` says all that is wrong."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Cells:
    """One row of a sheet: plain cells by column, texts by column and language."""

    row: int
    plain: dict[str, str]
    texts: dict[str, dict[str, str]]

    def text(self, column: str) -> dict[str, str]:
        """A text in the languages in which it stands there."""
        return self.texts.get(column, {})


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a workbook, and as pyxform handed them over."""

    survey: list[Cells]
    choices: list[Cells]
    settings: list[Cells]
    raw: dict[str, Any]
    findings: list[Finding]


def opened(data: bytes) -> Book:
    """The sheets of the workbook ``data``. Raises `UnusableError` where it cannot be opened at all."""
    try:
        check_workbook(data)
    except WorkbookError as error:
        raise UnusableError([Finding(error.code, error.sheet, error.row)]) from error
    try:
        raw: dict[str, Any] = xlsx_to_dict(data)
    except PyXFormError as error:
        raise UnusableError([Finding("pyxform", what=str(error))]) from error
    except (ValueError, AttributeError, IndexError) as error:
        raise UnusableError([Finding("not_a_workbook")]) from error
    findings = [
        Finding("sheet", title)
        for title in raw["sheet_names"]
        if title.lower() not in _COLUMNS and (len(raw["sheet_names"]) > 1)
    ]
    if not raw.get(SURVEY):
        raise UnusableError([*findings, Finding("no_survey", SURVEY)])
    language = _language_of_bare(raw)
    sheets = {name: _sheet(raw, name, language, findings) for name in _COLUMNS}
    return Book(sheets[SURVEY], sheets[CHOICES], sheets[SETTINGS], raw, findings)


def _language_of_bare(raw: dict[str, Any]) -> str:
    """The language of texts whose column names none: that of the settings, else that of their letters."""
    settings = raw.get(SETTINGS) or [{}]
    said = language_of(str(settings[0].get("default_language", "")))
    if said:
        return said
    labels = " ".join(str(row.get("label", "")) for row in raw[SURVEY])
    return "ar" if _ARABIC.search(labels) else "en"


def language_of(said: str) -> str:
    """The code of a language as a column names it, ``العربية (ar)`` or ``English``; empty for others."""
    tag = _TAG.search(said)
    words = {tag[1].lower()} if tag else {said.strip().lower()}
    return next((code for code, names in LANGUAGES.items() if words & set(names)), "")


def _sheet(raw: dict[str, Any], name: str, bare: str, findings: list[Finding]) -> list[Cells]:
    headers = list((raw.get(f"{name}_header") or [{}])[0])
    columns = {header: _column(name, str(header), bare, findings) for header in headers}
    found = []
    for row, cells in enumerate(raw.get(name) or [], start=2):
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for header, value in cells.items():
            column = columns.get(header)
            if column is None or not str(value).strip():
                continue
            called, language = column
            if called in _TRANSLATED:
                texts.setdefault(called, {}).setdefault(language, str(value).strip())
            else:
                plain[called] = str(value).strip()
        if plain or texts:
            found.append(Cells(row, plain, texts))
    return found


def _column(sheet: str, header: str, bare: str, findings: list[Finding]) -> tuple[str, str] | None:
    """What a column is called here and its language; None, with a finding, for one that is not understood."""
    called, separator, said = header.partition("::")
    if not separator:
        called, separator, said = header.partition(":") if header.partition(":")[0] in _TRANSLATED else (header, "", "")
    called = called.strip().lower()
    called = _ALIASES.get(called, called)
    if called not in _COLUMNS[sheet]:
        known = called in aliases.survey_header or called in aliases.settings_header
        findings.append(Finding("column_not_here" if known else "column", sheet, 1, header))
        return None
    if not separator:
        return called, bare
    language = language_of(said)
    if not language or called not in _TRANSLATED:
        findings.append(Finding("language", sheet, 1, header))
        return None
    return called, language
