"""How long a worker takes to read a statement of 10,000 lines, matched against what the fund ordered."""

from collections.abc import Iterator
from time import perf_counter

from django.core.files.uploadedfile import SimpleUploadedFile

from audit import outbox
from bench import Figure
from disbursements.services import statements
from tests.disbursements.test_statement_files import camt, entry
from tests.factories.awards import finance_officers

LINES = 10_000


def measure() -> Iterator[Figure]:
    """Take the file, then let the worker read all of it in its parts."""
    content = camt(*(entry(f"{n}.01", f"PAY-2026-{n:08}", reference=f"B{n}") for n in range(LINES)))
    start = perf_counter()
    statements.take_statement(SimpleUploadedFile("bench.xml", content), actor=finance_officers()[0])
    while outbox.drain():
        pass
    yield Figure("statements", f"a statement of {LINES:,} lines read and kept", perf_counter() - start, "s", limit=60)
