"""The rows of a workbook that somebody sent, as text: what people typed into its cells."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zipfile import BadZipFile

from openpyxl import load_workbook

from kernel.workbooks import WorkbookError, check_workbook

_COLUMNS: Final = 40


def text_of(value: Any) -> str:
    """A cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(str(value)), "f").removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def rows_of(data: bytes, *, most: int) -> list[list[str]]:
    """The rows of the first sheet, at most ``most``, empty ones included. Raises `WorkbookError`."""
    return sheets_of(data, most=most, sheets=1)[0]


def sheets_of(data: bytes, *, most: int, sheets: int = 20) -> list[list[list[str]]]:
    """The rows of each of the first ``sheets`` sheets, as `rows_of`. Raises `WorkbookError`."""
    check_workbook(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = [_rows(sheet, most) for sheet in book.worksheets[:sheets]]
        book.close()
    except (BadZipFile, KeyError, ValueError, IndexError, AttributeError, TypeError, OSError) as error:
        raise WorkbookError("not_a_workbook") from error
    if not found:
        raise WorkbookError("not_a_workbook")
    return found


def _rows(sheet: Any, most: int) -> list[list[str]]:
    rows = sheet.iter_rows(max_row=most, max_col=_COLUMNS, values_only=True)
    found = [[text_of(value) for value in row] for row in rows]
    while found and not any(found[-1]):
        found.pop()
    return found
