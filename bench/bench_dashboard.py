"""The fund's own dashboards at scale: drawing everything, drawing after one payment, reading pages, many readers at once."""

import os
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import date
from functools import partial
from random import Random

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Figure, seconds
from bench.bench_pages import opened, weight
from charter.calendar import add_months
from grants.models import Grant
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.states import OrganisationType
from poolfund.database.roles import as_owner
from tests.factories.awards import active_grant
from transparency.figures.catalogue import Topic
from transparency.models import FundChart, FundEdition, ReleaseBatch, ReleasedGrant, ReleasedPool
from transparency.services import drawing_own

PROJECTS, PLACES_EACH, ORGANISATIONS, MONTHS, POOL = 15_000, 12, 900, 120, 5
LOAD_SECONDS = 10
FIRST_ROUND_TRIP = 14_600


def measure() -> Iterator[Figure]:
    """Fill the released table, draw, pay, read."""
    fill(PROJECTS)
    parts = sum(len(row) for row in ReleasedGrant.objects.values_list("governorates", flat=True).iterator())
    yield Figure("dashboard", "projects told", ReleasedGrant.objects.count(), "projects", expected=PROJECTS)
    yield Figure("dashboard", "their locations", parts, "locations")
    yield Figure("dashboard", "drawing everything, three languages", seconds(drawing_own.draw_fund), "s", limit=60)
    yield Figure("dashboard", "charts drawn", FundChart.objects.count(), "charts")
    ReleasedGrant.objects.filter(pk=ReleasedGrant.objects.filter(amount_minor__isnull=False)[0].pk).update(
        paid_minor=77
    )
    yield Figure("dashboard", "drawing after one payment", seconds(drawing_own.draw_fund), "s", limit=1)
    yield Figure("dashboard", "asking whether anything changed", seconds(drawing_own.draw_fund), "s", limit=1)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield from _pages()
    yield from _readers()


def _addresses() -> list[str]:
    choices = FundEdition.objects.get().choices
    pages = [reverse("transparency:dashboard", args=[topic]) for topic in Topic]
    narrowed = [f"{page}?year={choices['years'][1]}&of=SY07" for page in pages if "where" in page or "partners" in page]
    return [reverse("transparency:dashboard_overview"), *pages, *narrowed]


def _pages() -> Iterator[Figure]:
    """Server time of a page that nobody has read yet, its queries, and its weight on the line."""
    slowest, queries, heaviest = 0.0, 0, 0
    for address in _addresses():
        times = []
        for turn in range(5):
            unread = f"{address}{'&' if '?' in address else '?'}x={turn}"
            with CaptureQueriesContext(connection) as captured:
                times.append(seconds(partial(opened, Client(), unread)))
            queries = max(queries, len(captured))
        slowest = max(slowest, statistics.median(times))
        heaviest = max(heaviest, weight(opened(Client(), address)))
    yield Figure("dashboard", "slowest page, not read before", slowest * 1000, "ms", limit=20)
    yield Figure("dashboard", "most queries of a page", queries, "queries", limit=5)
    yield Figure("dashboard", "first load of the heaviest page", heaviest, "bytes", limit=FIRST_ROUND_TRIP)


# Many readers -----------------------------------------------------------------------------------------------------


def _readers() -> Iterator[Figure]:
    """Pages a second from two web processes on this machine, whose readers share its cores."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "poolfund.wsgi", "--workers=2", f"--bind=127.0.0.1:{port}", "--log-level=error"],
        env=dict(os.environ),
    )  # fmt: skip
    try:
        _wait_for(port)
        loader = [sys.executable, "-m", "bench.readers", str(port), *_addresses()]
        _load(loader, 2)
        done = _load(loader, LOAD_SECONDS)
    finally:
        server.terminate()
        server.wait()
    rate = done / LOAD_SECONDS
    yield Figure("dashboard", "pages read from two web processes", rate, "a second", note="promised: at least 300")
    yield Figure("dashboard", "that is too few", max(0.0, 300 - rate), "a second", limit=0)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    for _turn in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the web processes did not start")


def _load(command: list[str], duration: int) -> int:
    out = subprocess.run([*command, f"--{duration}"], capture_output=True, text=True, check=True)
    return int(out.stdout.split()[-1])


# A large fund -----------------------------------------------------------------------------------------------------


def fill(projects: int) -> None:
    """So many released grants over ten years, one in eight of them told in a sum; all names are invented."""
    like = active_grant(tier="L")
    ids = [uuid.uuid4() for _ in range(projects)]
    _grants(like, ids)
    chance, places, sectors = Random(7), Governorate.values, Sector.values
    months = [add_months(date(2016, 1, 1), n) for n in range(MONTHS)]
    batches = ReleaseBatch.objects.bulk_create([ReleaseBatch(month=month) for month in months])
    rows: list[ReleasedGrant] = []
    for begin in range(0, projects, POOL * 8):
        group = ids[begin : begin + POOL * 8]
        batch = chance.choice(batches)
        pool = ReleasedPool.objects.create(
            batch=batch, grants=POOL, partners=POOL, amount_minor=0, currency="USD", banded=False
        )
        for number, grant in enumerate(group):
            amount = chance.randint(500_000, 40_000_000)
            row = ReleasedGrant(batch=batch, grant_id=grant, code=f"GR-{grant.hex[:16]}", currency="USD")
            if number < POOL:
                row.pool = pool
                pool.amount_minor += amount
            else:
                _tell(row, like, amount, chance.sample(places, PLACES_EACH), chance.choice(sectors), chance)
            rows.append(row)
        pool.save()
    ReleasedGrant.objects.bulk_create(rows, batch_size=1000)


def _tell(row: ReleasedGrant, like: Grant, amount: int, places: list[str], sector: str, chance: Random) -> None:
    row.name_ar, row.name_latin, row.title = "جمعية المثال", "Example Association", "عمل"
    row.kind, row.size = chance.choice(OrganisationType.values), chance.choice(["micro", "small", "medium", "large"])
    row.women_led, row.youth_led, row.displaced_led = (chance.random() < share for share in (0.3, 0.2, 0.1))
    row.governorates, row.sector, row.call = places, sector, like.call
    row.month, row.months, row.state = row.batch.month, 12, "active"
    row.amount_minor, row.paid_minor, row.spent_minor = amount, amount // 2, amount // 4


def _grants(like: Grant, ids: list[uuid.UUID]) -> None:
    """Copies of a grant for the released rows to stand on; this database is thrown away, so its guards may sleep."""
    new = {"id": "new.id", "reference": "left(new.id::text, 20)", "application_id": "gen_random_uuid()"}
    new["frozen_rules"] = "'{}'::jsonb"
    new["organisation_id"] = f"md5((new.place %% {ORGANISATIONS})::text)::uuid"
    columns = [field.column for field in Grant._meta.concrete_fields if field.column]
    chosen = ", ".join(new.get(column, f'g."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grants_grant DISABLE TRIGGER USER")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'grants_grant'::regclass AND contype = 'f' "
            "AND confrelid = ANY(ARRAY['grants_application', 'organisations_organisation']::regclass[])"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE grants_grant DROP CONSTRAINT "{name}"')
        cursor.execute(
            f"INSERT INTO grants_grant ({names}) SELECT {chosen} FROM grants_grant g, "
            "unnest(%s::uuid[]) WITH ORDINALITY AS new(id, place) WHERE g.id = %s",
            [ids, like.pk],
        )
        cursor.execute("ALTER TABLE grants_grant ENABLE TRIGGER USER")
