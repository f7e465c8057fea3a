"""Long tables as files, CSV or XLSX, written row by row: ten thousand rows cost no more memory than ten.

The rows go to a temporary file first and are sent from there, so that an error while they are read is an error page and
never half a file. What a spreadsheet would run as a formula stays text (see `kernel.csv_files`).
"""

import io
from collections.abc import Iterable, Sequence
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import FileResponse, HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from kernel.csv_files import write_table
from kernel.downloads import private_file

IN_MEMORY = 1_000_000
"""Bytes of a file that stay in memory; what is longer goes to disk."""

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)

_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(
    kind: str,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right_to_left: bool = False,
    public: bool = False,
) -> FileResponse:
    """The rows as a download ``name``.``kind`` (one of `FORMATS`).

    Unless ``public``, nobody between us and the reader keeps a copy.
    """
    # The response closes the file after it was sent.
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    try:
        if kind == XLSX:
            _write_xlsx(file, header, rows, right_to_left=right_to_left)
        else:
            _write_csv(file, header, rows)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=f"{name}.{kind}", content_type=_TYPES[kind])
    response["Content-Length"] = str(size)
    response["X-Content-Type-Options"] = "nosniff"
    if not public:
        response["Cache-Control"] = "private, no-store"
    return response


def _write_csv(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    write_table(text, header, rows)
    text.flush()
    text.detach()


def _write_xlsx(file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]], *, right_to_left: bool) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.sheet_view.rightToLeft = right_to_left
    sheet.freeze_panes = "A2"
    try:
        for row in chain([header], rows):
            sheet.append([_cell(sheet, cell) for cell in row])
    finally:
        sheet.close()
    book.save(file)
    file.seek(0, io.SEEK_END)


def _cell(sheet: Any, value: Any) -> Any:
    """A value as it stands in the sheet: text that begins with = is text, not a formula."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def workbook_bytes(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], *, right_to_left: bool = False
) -> bytes:
    """A workbook of several sheets, each with its title, header and rows; for files of a bounded size."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.sheet_view.rightToLeft = right_to_left
        sheet.freeze_panes = "A2"
        for row in chain([header], rows):
            sheet.append([_cell(sheet, cell) for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook_file(data: bytes, name: str) -> HttpResponse:
    """A finished workbook as a download; nobody between us and the reader keeps a copy."""
    return private_file(data, name, _TYPES[XLSX])
