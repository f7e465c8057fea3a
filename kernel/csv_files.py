"""Tables as CSV files that a spreadsheet opens as they are meant.

A text that a spreadsheet would run as a formula gets an apostrophe before it (CSV injection); numbers stay numbers. The
file begins with a byte-order mark, without which Excel shows Arabic as noise.
"""

import csv
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Protocol

from django.http import HttpResponse

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


_MARK = "\ufeff"


class Writable(Protocol):
    """What text can be written to."""

    def write(self, text: str, /) -> Any:
        """Take some of the text."""


def harmless(value: Any) -> Any:
    """``value`` with an apostrophe before it when it is a text that begins like a formula."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u200b\u2066\u2067\u2068\u202a\u202b\ufeff").startswith(_DANGEROUS) else value


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, public: bool = False) -> HttpResponse:
    """The rows as a download called ``name``; unless ``public``, nobody between us and the reader keeps a copy."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if not public:
        response["Cache-Control"] = "private, no-store"
    write_table(response, header, rows)
    return response


def write_table(target: Writable, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the mark and the rows, each as it is read."""
    target.write(_MARK)
    writer = csv.writer(target)
    for row in chain([header], rows):
        writer.writerow([harmless(cell) for cell in row])
