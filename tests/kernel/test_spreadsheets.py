"""Files for spreadsheets: the same cells in both formats, formulas stay text, length costs no memory."""

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.http import FileResponse
from openpyxl import load_workbook

from kernel.spreadsheets import CSV, XLSX, table_file

pytestmark = pytest.mark.django_db
"""An answer that was sent tells Django so, which looks after its connections."""

HEADER = ["المنظّمة", "Amount", "Day"]
ROWS = [["جمعية الأمل", Decimal("12.50"), date(2026, 1, 2)], ['=HYPERLINK("http://evil.example")', -3, None]]


def content(response: FileResponse) -> bytes:
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    body: bytes = response.getvalue()
    response.close()
    assert int(response["Content-Length"]) == len(body)
    return body


def test_csv_opens_in_arabic_and_runs_nothing() -> None:
    body = content(table_file(CSV, "list", HEADER, ROWS))
    assert body.startswith(b"\xef\xbb\xbf")
    lines = body.decode("utf-8-sig").splitlines()
    assert lines[:2] == ["المنظّمة,Amount,Day", "جمعية الأمل,12.50,2026-01-02"]
    assert lines[2].startswith("\"'=HYPERLINK")


def test_xlsx_keeps_types_and_runs_nothing() -> None:
    body = content(table_file(XLSX, "list", HEADER, ROWS, right_to_left=True))
    sheet = load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft is True
    assert [cell.value for cell in sheet[1]] == HEADER
    assert sheet["B2"].value == 12.5
    assert sheet["A3"].data_type == "s"
    assert sheet["A3"].value == ROWS[1][0]
    assert sheet["B3"].value == -3


@pytest.mark.parametrize("kind", [CSV, XLSX])
def test_an_error_among_the_rows_is_an_error_and_no_half_file(kind: str) -> None:
    def broken() -> Iterator[list[str]]:
        yield ["whole"]
        raise RuntimeError("the line broke")

    with pytest.raises(RuntimeError, match="the line broke"):
        table_file(kind, "list", HEADER, broken())


def test_a_long_list_costs_no_memory() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        table_file(CSV, "list", HEADER, (["x" * 100, number, None] for number in range(rows))).close()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(60_000) < 2 * peak(12_000)
