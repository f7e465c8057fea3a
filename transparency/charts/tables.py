"""The table under a chart, written as shapes are: cells and tags, no template for each cell. Every text is escaped."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, and whether it holds figures."""

    label: str
    number: bool

    @property
    def mark(self) -> str:
        """The attribute that sets figures under each other."""
        return ' class="num"' if self.number else ""


def inside(columns: Sequence[Column], rows: Iterable[Sequence[str]], total: Sequence[str] | None) -> str:
    """Head, body and sum, to stand in a ``<table>`` with its caption."""
    head = "".join(f'<th scope="col"{column.mark}>{escape(column.label)}</th>' for column in columns)
    lines = [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    before = [f'<td{column.mark} data-label="{escape(column.label)}"><bdi>' for column in columns]
    lines += [f'<tr><th scope="row"><bdi>{escape(row[0])}</bdi></th>{_cells(before, row)}</tr>' for row in rows]
    lines.append("</tbody>")
    if total is not None:
        lines.append(f'<tfoot><tr><th scope="row">{escape(total[0])}</th>{_cells(before, total)}</tr></tfoot>')
    return "\n".join(lines)


def _cells(before: Sequence[str], row: Sequence[str]) -> str:
    return "".join(f"{start}{escape(text)}</bdi></td>" for start, text in zip(before[1:], row[1:], strict=True))
