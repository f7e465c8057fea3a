"""Long lists: ten thousand applications with four reviews each, as the secretariat reads, searches and downloads them.

The rows are copies of a few that went through the real services, multiplied by PostgreSQL: their number is what is measured.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Figure, spread
from kernel.texts import search_key
from poolfund import embedded
from tests.factories import committees
from tests.factories.accounts import sign_in

FEW, MANY = 100, 10_000
CALLS, REVIEWS = 10, 4
READS = 15
NAMES = ("جمعية الأمل", "مؤسسة الياسمين", "شبكة إزرع", "رابطة أهالي الرقّة", "منظّمة نور الفرات")
LISTS = {"applications": "grants:pipeline", "reviews": "committees:review_list"}


def measure() -> Iterator[Figure]:
    """Pages at a hundred and at ten thousand applications, and the files of all."""
    case = committees.deliberating(number=1)
    client = Client()
    sign_in(client, committees.officer(), second_factor=True)
    with (
        psycopg.connect(
            embedded.LOCAL.conninfo(user=embedded.SUPERUSER, database=embedded.DATABASE), autocommit=True
        ) as owner,
        override_settings(ALLOWED_HOSTS=["testserver"]),
    ):
        Multiplied(owner, case).up_to(FEW)
        few = {name: _page(client, reverse(url)).wall for name, url in LISTS.items()}
        Multiplied(owner, case).up_to(MANY)
        for name, url in LISTS.items():
            yield from _list(client, name, reverse(url), few[name])


def _list(client: Client, name: str, address: str, few: float) -> Iterator[Figure]:
    pages = {
        "first page": {},
        "page 150": {"page": "150"},
        "one call": {"call": "CALL-B-3"},
        "search “الرقه”": {"text": "الرقه"},
    }
    for what, asked in pages.items():
        read = _page(client, address, **asked)
        yield Figure("pipeline", f"{name} of {MANY:,}, {what}: queries", read.queries, "queries", limit=12)
        yield Figure("pipeline", f"{name} of {MANY:,}, {what}: processor", read.cpu * 1000, "ms", limit=40)
        if what == "first page":
            yield Figure("pipeline", f"{name}: first page at {MANY:,} over {FEW}", read.wall / few, "times", limit=1.5)
    for kind in ("csv", "xlsx"):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            size = len(_get(client, address, format=kind).getvalue())
        took = time.perf_counter() - began
        yield Figure("pipeline", f"{name}: all as {kind}", took, "s", limit=10, note=f"{size:,} bytes")
        yield Figure("pipeline", f"{name}: all as {kind}, queries", len(captured), "queries", limit=12)


class Read:
    """What reading a page cost: medians of several times, of the process's own time and of the clock."""

    def __init__(self, read: Callable[[], object]) -> None:
        with CaptureQueriesContext(connection) as captured:
            read()
        self.queries = len(captured)
        walls, cpus = [], []
        for _ in range(READS):
            wall, cpu = time.perf_counter(), time.process_time()
            read()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        self.wall, self.cpu = spread(walls)[0], spread(cpus)[0]


def _page(client: Client, address: str, **asked: str) -> Read:
    return Read(lambda: _get(client, address, **asked))


def _get(client: Client, address: str, **asked: str) -> Any:
    answer = client.get(address, asked, headers={"accept-language": "ar"})
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return answer


class Multiplied:
    """Copies of a scored application in several calls, each of another organisation."""

    def __init__(self, owner: psycopg.Connection[Any], case: committees.Case) -> None:
        self.owner, self.case = owner, case
        self.application = case.applications[0]
        # Only for these copies: neither the guards nor the foreign keys look at them.
        owner.execute("SET session_replication_role = replica")

    def up_to(self, number: int) -> None:
        """Raise the number of copies to ``number``."""
        have = self.owner.execute("SELECT count(*) FROM grants_application WHERE reference LIKE 'APP-B-%'").fetchone()
        first = have[0] + 1 if have else 1
        if first == 1:
            self._calls()
        self._organisations(first, number)
        self._applications(first, number)
        self._reviews(first, number)
        self.owner.execute("ANALYZE")

    def _calls(self) -> None:
        call, panel = self.case.call, self.case.panel
        self.copy("grants_call", call.pk, 1, CALLS, id="md5('call' || n)::uuid", reference="'CALL-B-' || n")
        self.copy(
            "committees_panel", panel.pk, 1, CALLS, id="md5('panel' || n)::uuid", call_id="md5('call' || n)::uuid"
        )
        for key in call.criteria.values_list("pk", flat=True):
            self.copy(
                "grants_criterion", key, 1, CALLS, id=f"md5('{key}' || n)::uuid", call_id="md5('call' || n)::uuid"
            )

    def _organisations(self, first: int, last: int) -> None:
        names = ", ".join(f"'{one}'" for one in NAMES)
        keys = ", ".join(f"'{search_key(one)}'" for one in NAMES)
        self.copy(
            "organisations_organisation", self.application.organisation_id, first, last,
            id="md5('org' || n)::uuid",
            name_ar=f"(ARRAY[{names}])[mod(n, {len(NAMES)}) + 1] || ' ' || n",
            name_key=f"(ARRAY[{keys}])[mod(n, {len(NAMES)}) + 1] || ' ' || n",
            name_latin="'Organisation ' || n",
        )  # fmt: skip

    def _applications(self, first: int, last: int) -> None:
        self.copy(
            "grants_application", self.application.pk, first, last,
            id="md5('app' || n)::uuid", reference="'APP-B-' || n", title="'مشروع ' || n",
            organisation_id="md5('org' || n)::uuid", call_id=f"md5('call' || (mod(n, {CALLS}) + 1))::uuid",
            submitted_at="now() - n * interval '1 minute'", requested_minor="1000000 + n * 100",
        )  # fmt: skip

    def _reviews(self, first: int, last: int) -> None:
        assignment = self.application.assignments.filter(state="completed")[0]
        card = assignment.scorecards.get()
        for scorer, seat in enumerate(self.case.seats[:REVIEWS], start=1):
            own = {"id": f"md5('asg{scorer}-' || n)::uuid", "application_id": "md5('app' || n)::uuid"}
            self.copy(
                "committees_assignment", assignment.pk, first, last, **own,
                seat_id=f"'{seat.pk}'::uuid", pseudonym=f"'{scorer}'",
            )  # fmt: skip
            self.copy(
                "committees_scorecard", card.pk, first, last, id=f"md5('card{scorer}-' || n)::uuid",
                assignment_id=own["id"], leaf_id=f"{10**9 * scorer} + n",
            )  # fmt: skip
            for order, score in enumerate(card.scores.all()):
                criterion = f"md5('{score.criterion_id}' || (mod(n, {CALLS}) + 1))::uuid"
                self.copy(
                    "committees_score", score.pk, first, last,
                    id=f"{10**9 * (scorer * 10 + order)} + n", scorecard_id=f"md5('card{scorer}-' || n)::uuid",
                    criterion_id=criterion, points=f"mod(n * {scorer + 2} + {order}, 6)",
                )  # fmt: skip

    def copy(self, table: str, key: Any, first: int, last: int, **own: str) -> None:
        """Rows ``first`` to ``last`` like the row ``key`` of ``table``; ``own`` says what differs, in SQL, by ``n``."""
        found = self.owner.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = [name for (name,) in found.fetchall()]
        values = ", ".join(f"({own[one]})" if one in own else f'the."{one}"' for one in columns)
        names = ", ".join(f'"{one}"' for one in columns)
        self.owner.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" the, generate_series({first}, {last}) n '
            f"WHERE the.id::text = %s".encode(),
            [str(key)],
        )
