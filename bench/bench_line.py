"""What an editor on a bad line costs: one autosave, counted in seconds of the processor."""

import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Figure
from grants.models import SectionSave
from grants.selectors import parts
from tests.factories import accounts, grants

TIMES = 200
MOST_MS = 12.0
PAGES = ("need", parts.BASICS, parts.BUDGET)


def measure() -> Iterator[Figure]:
    """The same request that the page's script sends, through the whole of Django; PostgreSQL's own time beside it."""
    application = grants.complete_application()
    client = Client()
    accounts.sign_in(client, grants.preparer(application.organisation))
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for key in PAGES:
            spent, answering, queries = _spent(client, str(application.pk), key, parts.last_save(application, key))
            yield Figure(
                "line",
                f"an autosave of “{key}”: processor",
                spent,
                "ms",
                limit=MOST_MS,
                note=f"median of {TIMES}, {queries} queries",
            )
            yield Figure("line", f"an autosave of “{key}”: PostgreSQL", answering, "ms", note=f"mean of {TIMES}")


def _spent(client: Client, pk: str, key: str, save: SectionSave | None) -> tuple[float, float, int]:
    address = reverse("grants:application_autosave", args=[pk, key])
    version, times = (save.version if save else 0), []
    answered = 0.0
    for number in range(TIMES + 20):
        if number == 20:
            answered = _answering()
        body = _body(key, number, version, save.answers if save else {})
        began = time.process_time()
        answer = client.post(address, body, content_type="application/json")
        times.append(time.process_time() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{key} answers {answer.status_code}: {answer.content[:200]!r}")
        version = answer.json()["version"]
    answered = _answering() - answered
    with CaptureQueriesContext(connection) as queries:
        client.post(address, _body(key, -1, version, save.answers if save else {}), content_type="application/json")
    return 1000 * statistics.median(times[20:]), 1000 * answered / TIMES, len(queries)


def _answering() -> float:
    """Seconds of the processor that the process of this connection has had, on PostgreSQL's side."""
    connection.ensure_connection()
    process = connection.connection.info.backend_pid
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def _body(key: str, number: int, version: int, answers: dict[str, object]) -> str:
    text = f"{'نص عربي طويل عن حاجة الحي إلى الماء. ' * 40}{number}"
    fields: dict[str, list[object]] = {"need": [text, version]}
    if key == parts.BASICS:
        fields = {"summary": [text[:1400] + str(number), version]}
    if key == parts.BUDGET:
        lines = answers["lines"]
        assert isinstance(lines, list)
        fields = {f"{at}-{name}": [text, version] for at, line in enumerate(lines) for name, text in line.items()}
        fields["0-remark"] = [f"ملاحظة {number}", version]
    return json.dumps({"tab": "bench", "since": version, "fields": fields})
