"""The rush of a deadline: 600 open pages, readers and submissions, while workers are killed and the database crashes.

``python -m bench rush --minutes 10`` plays the promise; without it a minute of the same. The load comes from a process of
its own, `bench.rush_load`. ``--editors 60`` is a tenth of it, for a machine that does other work.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from audit.models import RecordedEvent
from bench import SIZE, Figure, spread
from bench.served import ROOT, Server, restart_database, served
from grants.models import Answer, Application, SectionSave
from grants.selectors import parts
from grants.states import QuestionKind
from poolfund import embedded
from tests.factories import accounts, grants
from tests.factories.organisations import eligible_organisation

SECONDS, EDITORS = int(SIZE.minutes * 60), SIZE.editors
EVERY, READS, SUBMISSIONS = 10.0, 30 * EDITORS / 600, 2 * EDITORS / 600
"""Seconds between two savings of a page; reads and submissions in a second."""
KILLS_EVERY = 10.0
MOST_MS = 500.0
WORKERS, CALLS = 3, 4
FIELDS = ("need", "work", "care", "after")
"""Pages with a long answer that its people write at once."""


def measure() -> Iterator[Figure]:
    """Prepare a call, let the rush come, then look whether all that was acknowledged is there, once."""
    editors, complete, pages = _prepared()
    superuser = embedded.LOCAL.conninfo(user=embedded.SUPERUSER, database=embedded.DATABASE)
    with psycopg.connect(superuser, autocommit=True) as owner:
        owner.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
    with served(workers=WORKERS) as server, TemporaryDirectory() as folder:
        plan = {
            "port": server.port, "seconds": SECONDS, "every": EVERY, "reads": READS, "submissions": SUBMISSIONS,
            "editors": editors, "complete": complete, "pages": pages,
        }  # fmt: skip
        told, restarts = _played(server, plan, Path(folder))
    yield from _times(told, restarts)
    yield from _kept(told, editors)


# Before ---------------------------------------------------------------------------------------------------------------


def _prepared() -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Open pages, complete applications, and pages that are read; organisations apply to several calls of one deadline."""
    calls, drafts = [grants.open_call() for _ in range(CALLS)], grants.open_call()
    submissions = ceil(SECONDS * SUBMISSIONS)
    organisations = [eligible_organisation() for _ in range(ceil(max(submissions / CALLS, EDITORS / len(FIELDS))))]
    places = islice(product(calls, organisations), submissions)
    complete = [_complete(grants.complete_application(call, one)) for call, one in places]
    writing = (grants.draft_application(drafts, one) for one in organisations)
    editors = list(islice((editor for application in writing for editor in _editors(application)), EDITORS))
    reader = editors[0]["session"]
    paths = ["/", reverse("grants:call_list"), reverse("grants:call_detail", args=[drafts.pk]), "/work/"]
    paths += [editors[0]["page"], reverse("grants:application_list")]
    return editors, complete, [{"path": path, "session": reader} for path in paths]


def _complete(application: Application) -> dict[str, Any]:
    path = reverse("grants:application_submit", args=[application.pk])
    return {"id": str(application.pk), "path": path, "session": _session(grants.signatory(application.organisation))}


def _editors(application: Application) -> Iterator[dict[str, Any]]:
    session = _session(grants.preparer(application.organisation))
    for part in parts.parts_of(application):
        if part.key in FIELDS and part.section is not None:
            field = next(one.key for one in part.section.questions.all() if one.kind == QuestionKind.LONG_TEXT)
            yield {
                "application": str(application.pk), "part": part.key, "field": field, "version": 0, "session": session,
                "path": reverse("grants:application_autosave", args=[application.pk, part.key]),
                "page": reverse("grants:application_part", args=[application.pk, part.key]),
            }  # fmt: skip


def _session(person: Any) -> str:
    client = Client()
    accounts.sign_in(client, person)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


# During ---------------------------------------------------------------------------------------------------------------


def _played(server: Server, plan: dict[str, Any], folder: Path) -> tuple[dict[str, Any], list[float]]:
    """What the load was told, and how long the database was away each time."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    command = [sys.executable, "-m", "bench.rush_load", str(folder / "plan.json"), str(folder / "answers.json")]
    connection.close()
    load = subprocess.Popen(command, cwd=ROOT)
    try:
        restarts = _troubled(server, load)
        load.wait(SECONDS + 180)
    finally:
        load.kill()
    return json.loads((folder / "answers.json").read_text(encoding="utf-8")), restarts


def _troubled(server: Server, load: "subprocess.Popen[bytes]") -> list[float]:
    """A worker dies every ten seconds; after each third of the time the database crashes, then is restarted in order."""
    began = time.monotonic()
    restarts: list[float] = []
    moments = [began + SECONDS / 3, began + 2 * SECONDS / 3]
    kill = began + KILLS_EVERY
    while load.poll() is None and time.monotonic() < began + SECONDS:
        time.sleep(0.1)
        if time.monotonic() >= kill:
            server.kill_a_worker()
            kill += KILLS_EVERY
        if moments and time.monotonic() >= moments[0]:
            restarts.append(restart_database(crash=len(restarts) == 0))
            moments.pop(0)
    return restarts


# After ----------------------------------------------------------------------------------------------------------------


def _times(told: dict[str, Any], restarts: list[float]) -> Iterator[Figure]:
    every = [one for times in told["times"].values() for one in times]
    rate = f"{len(every) / SECONDS:.0f} a second, sent again: {told['again']}; database away {', '.join(f'{one:.1f} s' for one in restarts)}"
    yield Figure(
        "rush",
        f"{len(every):,} answers in {SECONDS} s: 95th percentile",
        1000 * spread(every)[1],
        "ms",
        MOST_MS,
        note=rate,
    )
    for kind, times in told["times"].items():
        median, high = spread(times)
        note = f"{len(times):,}; median {1000 * median:.0f} ms, longest {max(times):.1f} s"
        yield Figure("rush", f"{kind}: 95th percentile", 1000 * high, "ms", MOST_MS, note=note)
    note = "; ".join(told["wrong"][:3])
    yield Figure(
        "rush", "acts that were never answered as they should be", len(told["wrong"]), "acts", expected=0, note=note
    )


def _kept(told: dict[str, Any], editors: list[dict[str, Any]]) -> Iterator[Figure]:
    """Every acknowledged saving is one version, and the last stands; every acknowledged submission is recorded once."""
    places = {(one["application"], one["part"]): number for number, one in enumerate(editors)}
    stored: Counter[tuple[int, int]] = Counter()
    rows = SectionSave.objects.filter(tab__startswith="rush-").order_by("version")
    last: dict[int, int] = {}
    for application, key, answers in rows.values_list("application_id", "section_key", "answers").iterator(2000):
        number = places[str(application), key]
        turn = int(str(answers[editors[number]["field"]]).rpartition("-")[2].rstrip("#"))
        stored[number, turn] += 1
        last[number] = turn
    saved = [(int(number), int(turn)) for number, turn in told["saved"]]
    lost = [one for one in saved if stored[one] == 0]
    yield Figure("rush", f"acknowledged savings that are missing, of {len(saved):,}", len(lost), "savings", expected=0)
    twice = [one for one, times in stored.items() if times > 1]
    yield Figure("rush", "savings that are there twice", len(twice), "savings", expected=0)
    wrong = [number for number, turn in last.items() if not _stands(editors[number], number, turn)]
    yield Figure("rush", "pages that do not hold their last saving", len(wrong), "pages", expected=0)
    yield from _submitted(told["submitted"])


def _stands(editor: dict[str, Any], number: int, turn: int) -> bool:
    answer = Answer.objects.get(application=editor["application"], question__key=editor["field"])
    return str(answer.value).rstrip().endswith(f"#{number}-{turn}#")


def _submitted(acknowledged: list[str]) -> Iterator[Figure]:
    events = RecordedEvent.objects.filter(type="grants.application.submitted")
    recorded = Counter(str(pk) for pk in events.values_list("subject_id", flat=True))
    there = {str(pk) for pk in Application.objects.filter(submitted_at__isnull=False).values_list("pk", flat=True)}
    missing = [pk for pk in acknowledged if recorded[pk] == 0 or pk not in there]
    name = f"acknowledged submissions that are missing, of {len(acknowledged):,}"
    yield Figure("rush", name, len(missing), "submissions", expected=0)
    twice = sum(times > 1 for times in recorded.values())
    yield Figure("rush", "submissions that are there twice", twice, "submissions", expected=0)
