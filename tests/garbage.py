"""What is wrong with a form's answer to garbage: it must refuse beside the field, keep what was typed, and write nothing."""

import html
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.test import Client

from tests.forms_of_pages import Form, errors_of, summary_of
from tests.written import written

REDIRECTED, BROKEN = 302, 500
ARABIC = re.compile("[\u0621-\u064a]")
KEPT = {
    "grants:application_part": "what cannot be read yet is kept in the draft as it was typed: nothing is lost in a power cut",
    "disbursements:report_edit": "the same",
    "notices:number_prove": "a wrong code is counted, so that nobody tries them all",
    "disbursements:voucher_redeem": "the same",
}
"""What is written of garbage, on purpose."""
WORKBOOKS = {"grants:call_form_upload", "grants:application_budget_upload"}
"""What is wrong in them is named in a table by sheet and row: `tests.grants.test_xlsforms`, `tests.grants.test_budget_files`."""


def _sent(client: Client, address: str, garbage: dict[str, Any]) -> tuple[Any, str, set[str]]:
    """The answer to garbage, its text, and the tables that were written; all of it is taken back."""
    before = written()
    with transaction.atomic():
        answer: Any = client.post(address, {"csrfmiddlewaretoken": "-", **garbage})
        page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
        text = answer.content.decode() if page else ""
        transaction.set_rollback(True)
    after = written()
    return answer, text, {table for table, count in after.items() if count != before.get(table, 0)}


def wrong(name: str, form: Form, client: Client, address: str) -> Iterator[str]:
    """What is not as it should be, whatever is sent instead of an answer."""
    if form.asks:
        sent = form.garbage()
        yield from _refused(name, form, *_sent(client, address, sent), kept=form.kept(sent), long=True)
        sent = form.slips(uuid4())
        answer, text, tables = _sent(client, address, sent)
        # Longer texts are cleaned of what turns them round, and taken.
        if form.strict or answer.status_code != REDIRECTED:
            yield from _refused(name, form, answer, text, tables, kept=form.kept(sent))
    answer, text, tables = _sent(client, address, form.forged())
    if answer.status_code >= BROKEN:
        yield f"{name}: breaks where nothing, or something else, is sent"
    if text and form.asks and not form.hidden:
        yield from _refused(name, form, answer, text, tables, kept=[])


def _refused(
    name: str, form: Form, answer: Any, text: str, tables: set[str], *, kept: list[str], long: bool = False
) -> Iterator[str]:
    """The page comes again, or says that there is no such choice; beside its fields stands in Arabic what is wrong."""
    if answer.status_code not in {200, 422} and not (answer.status_code in {400, 404} and not form.typed):
        yield f"{name}: answers {answer.status_code} {answer.headers.get('Location', '')}"
        return
    if tables and name not in KEPT:
        yield f"{name}: writes {', '.join(sorted(tables))}"
    if answer.status_code in {400, 404}:
        return
    said, loose = errors_of(text)
    # Of a form whose fields can all be read it may be the act that is refused: that is said above.
    if not said and name not in WORKBOOKS and (form.strict or long or not summary_of(text)):
        yield f"{name}: says of no field what is wrong"
    if loose:
        yield f"{name}: no control points to {loose}"
    yield from (f"{name}: says in no Arabic: {one}" for one in said if not ARABIC.search(one))
    shown = html.unescape(text)
    lost = [one for one in kept if one not in shown]
    if lost:
        yield f"{name}: loses {', '.join(lost)}"
