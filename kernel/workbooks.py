"""Workbooks (XLSX) of strangers, looked through before any library opens them.

A workbook is an archive of XML. It is read once, in pieces and under a budget: an archive that swells, a document type or
an entity, a program, a link to elsewhere, a formula or far too many cells is refused, with the sheet and the row where
there is one. What passes holds nothing but written values.
"""

import io
import re
import zipfile
from typing import Any, Final, NoReturn
from xml.parsers import expat

LARGEST: Final = 3_000_000
"""Bytes of a file."""
_INFLATED: Final = 40_000_000
_MEMBERS: Final = 200
_CELLS: Final = 250_000
_LAST_ROW: Final = 20_000
_PIECE: Final = 64 * 1024
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORBIDDEN: Final = re.compile(
    r"vbaproject|externallink|embeddings/|activex|connections\.xml|macrosheet|ctrlprops", re.IGNORECASE
)


class WorkbookError(ValueError):
    """A workbook that is not taken: ``code`` says why, ``sheet`` and ``row`` where.

    Codes: ``size``, ``not_a_workbook``, ``bomb``, ``declares``, ``program``, ``link``, ``formula``, ``cells``.
    """

    def __init__(self, code: str, sheet: str = "", row: int | None = None) -> None:
        super().__init__(f"{code} {sheet} {row or ''}".strip())
        self.code = code
        self.sheet = sheet
        self.row = row


def check_workbook(data: bytes) -> None:
    """Raise `WorkbookError` unless ``data`` is a workbook of written values alone."""
    if len(data) > LARGEST:
        raise WorkbookError("size")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_members(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, expat.ExpatError) as error:
        raise WorkbookError("not_a_workbook") from error


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if len(members) > _MEMBERS or len(names) != len(members):
        raise WorkbookError("bomb")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise WorkbookError("not_a_workbook")
    budget = _Budget()
    titles = _titles(archive, budget)
    for member in members:
        name = member.filename
        if ".." in name or name.startswith("/") or "\\" in name:
            raise WorkbookError("not_a_workbook")
        if _FORBIDDEN.search(name):
            raise WorkbookError("link" if "link" in name.lower() or "connections" in name else "program")
        if name.endswith((".xml", ".rels", ".vml")):
            _Look(budget, titles.get(name, ""), sheet=bool(_SHEET.fullmatch(name))).through(archive, member)
        elif not name.endswith("/") and not name.startswith(
            ("xl/media/", "xl/printerSettings/", "docProps/", "customXml/")
        ):
            raise WorkbookError("program")


class _Budget:
    """What all parts of a workbook may come to together."""

    def __init__(self) -> None:
        self.bytes = _INFLATED
        self.cells = _CELLS


class _Look:
    """One look through a part of the workbook."""

    def __init__(self, budget: _Budget, title: str, *, sheet: bool) -> None:
        self.budget = budget
        self.title = title
        self.row = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartElementHandler = self._in_sheet if sheet else self._elsewhere
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, str] = {}

    def through(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> "_Look":
        with archive.open(member) as file:
            while piece := file.read(_PIECE):
                self.budget.bytes -= len(piece)
                if self.budget.bytes < 0:
                    raise WorkbookError("bomb", self.title)
                self.parser.Parse(piece, False)
            self.parser.Parse(b"", True)
        return self

    def _declared(self, *_args: Any) -> NoReturn:
        raise WorkbookError("declares", self.title)

    def _elsewhere(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "Relationship":
            if attributes.get("TargetMode") == "External" and not attributes.get("Type", "").endswith("/hyperlink"):
                raise WorkbookError("link", self.title)
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif local == "sheet":
            key = next((said for key, said in attributes.items() if key.rpartition(" ")[2] == "id"), "")
            self.sheets.append((key, attributes.get("name", "")))

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "row":
            said = attributes.get("r", "")
            self.row = int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else self.row + 1
            if self.row > _LAST_ROW:
                raise WorkbookError("cells", self.title, self.row)
        elif local == "c":
            self.budget.cells -= 1
            if self.budget.cells < 0:
                raise WorkbookError("cells", self.title, self.row)
        elif local == "f":
            raise WorkbookError("formula", self.title, self.row)


def _titles(archive: zipfile.ZipFile, budget: _Budget) -> dict[str, str]:
    """What the sheets are called, by their part of the archive."""
    try:
        book = _Look(budget, "", sheet=False).through(archive, archive.getinfo("xl/workbook.xml"))
        links = _Look(budget, "", sheet=False).through(archive, archive.getinfo("xl/_rels/workbook.xml.rels"))
    except KeyError as error:
        raise WorkbookError("not_a_workbook") from error
    found = {}
    for key, title in book.sheets:
        target = links.targets.get(key, "")
        found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = title
    return found
