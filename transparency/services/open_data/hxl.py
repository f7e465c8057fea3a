"""Tables with HXL tags, and their schemas."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kernel.csv_files import write_table
from transparency.hxl.tables import TABLES, Table, schema
from transparency.release.told import Told
from transparency.services.open_data.store import Made

CSV = "text/csv; charset=utf-8"


def files(told: Told) -> Iterable[Made]:
    """A table and its schema of each kind."""
    for table in TABLES:
        yield Made(f"hxl-{table.name}.csv", CSV, lambda now, table=table: _table(table, told, now))  # type: ignore[misc]
        yield Made(f"hxl-{table.name}-schema.csv", CSV, lambda now, table=table: _schema(table, now))  # type: ignore[misc]


def _table(table: Table, told: Told, _now: datetime) -> bytes:
    return _csv([one.name for one in table.columns], [[one.tag for one in table.columns], *table.rows(told)])


def _schema(table: Table, _now: datetime) -> bytes:
    head, *rows = schema(table.columns)
    return _csv(head, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    write_table(text, header, rows)
    return text.getvalue().encode()
