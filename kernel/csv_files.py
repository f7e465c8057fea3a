"""Tables as CSV files that a spreadsheet opens as they are meant.

A text that a spreadsheet would run as a formula gets an apostrophe before it (CSV injection); numbers stay numbers. The
file begins with a byte-order mark, without which Excel shows Arabic as noise.
"""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """``value`` with an apostrophe before it when it is a text that begins like a formula."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.lstrip(" \u200b\u2066\u2067\u2068\u202a\u202b\ufeff").startswith(_DANGEROUS) else value


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]], *, public: bool = False) -> HttpResponse:
    """The rows as a download called ``name``; unless ``public``, nobody between us and the reader keeps a copy."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if not public:
        response["Cache-Control"] = "private, no-store"
    writer = csv.writer(response)
    writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return response
