"""From bytes to rows: what a file holds, line by line, and what in it cannot be read.

Nothing is repaired: a wrong byte, a torn quote, a row of another width are each named with their line. A file is
decoded by its byte-order mark, else as UTF-8.
"""

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from transparency.ocha.layouts import Layout, Row

MAX_FIELD = 1_000_000
MAX_SHOWN = 120
MAX_COLUMNS = 200
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about a file, a row or a value.

    ``grave`` problems keep the row out; the others are doubts about rows that were taken as they stand. ``line`` is the
    line in the file where the row begins (0: the whole file), ``column`` the name in the file.
    """

    file: str
    line: int
    column: str
    code: str
    params: dict[str, str | int] = field(default_factory=dict)
    grave: bool = True


@dataclass(slots=True)
class SourceFile:
    """A file of one kind, read: rows with their line numbers, and the problems met."""

    layout: Layout
    sha256: str
    size: int
    encoding: str = ""
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, Row]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's name in reports."""
        return self.layout.filename

    def complain(self, line: int, column: str, code: str, *, grave: bool = True, **params: str | int) -> None:
        """Record a problem."""
        self.problems.append(Problem(self.name, line, column, code, params, grave))


def shown(text: str) -> str:
    """``text`` fit to stand in a report: short, and without characters that PostgreSQL cannot keep."""
    text = text.replace("\x00", "\u2400")
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def read(data: bytes, layout: Layout) -> SourceFile:
    """Read the bytes of one file of the kind ``layout``."""
    source = SourceFile(layout, hashlib.sha256(data).hexdigest(), len(data))
    text = _decode(data, source)
    if text is None:
        return source
    records = _records(text, source)
    first = next(records, None)
    if first is None or not any(first[1]):
        source.complain(0, "", "empty_file")
        return source
    source.header = [name.strip() for name in first[1]]
    if _header_fits(source):
        _take_rows(records, source)
    return source


def _decode(data: bytes, source: SourceFile) -> str | None:
    source.encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(source.encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        source.complain(line, "", "wrong_byte", byte=f"0x{data[error.start]:02X}", encoding=source.encoding.upper())
        return None


def _records(text: str, source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins; a torn row is a problem and the next one is tried."""
    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            source.complain(line, "", "torn_row", detail=str(error))


def _header_fits(source: SourceFile) -> bool:
    header = source.header
    if len(header) > MAX_COLUMNS:
        source.complain(1, "", "too_many_columns", found=len(header), most=MAX_COLUMNS)
        return False
    missing = [name for name in source.layout.header if name not in header]
    twice = sorted({name for name in header if header.count(name) > 1})
    nul = [name for name in header if "\x00" in name]
    for name in nul:
        source.complain(1, shown(name), "nul_character")
    for name in missing:
        source.complain(1, name, "missing_column")
    for name in twice:
        source.complain(1, name, "column_twice")
    if missing or twice or nul:
        return False
    for name in sorted(set(header) - set(source.layout.header)):
        source.complain(1, shown(name), "unknown_column", grave=False)
    return True


def _take_rows(records: Iterator[tuple[int, list[str]]], source: SourceFile) -> None:
    width = len(source.header)
    for line, values in records:
        if not values:
            continue
        if len(values) != width:
            source.complain(line, "", "row_width", found=len(values), expected=width)
            continue
        row = dict(zip(source.header, values, strict=True))
        bad = [name for name, value in row.items() if "\x00" in value]
        for name in bad:
            source.complain(line, name, "nul_character")
        if not bad:
            source.rows.append((line, row))
