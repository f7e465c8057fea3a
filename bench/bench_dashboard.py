"""The fund's own dashboards at scale: drawing everything, drawing after one payment, reading pages, many readers at once."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Figure, scale, seconds
from bench.bench_pages import opened
from tests.page_weights import FIRST_ROUND_TRIP, weight
from transparency.figures.catalogue import Topic
from transparency.models import FundChart, FundEdition, ReleasedGrant
from transparency.services import drawing_own

LOAD_SECONDS = 10


def measure() -> Iterator[Figure]:
    """Fill the released table, draw, pay, read."""
    scale.fund()
    parts = sum(len(row) for row in ReleasedGrant.objects.values_list("governorates", flat=True).iterator())
    yield Figure("dashboard", "projects told", ReleasedGrant.objects.count(), "projects", expected=scale.PROJECTS)
    yield Figure("dashboard", "their locations", parts, "locations")
    yield Figure("dashboard", "drawing everything, three languages", seconds(drawing_own.draw_fund), "s", limit=60)
    yield Figure("dashboard", "charts drawn", FundChart.objects.count(), "charts")
    ReleasedGrant.objects.filter(pk=ReleasedGrant.objects.filter(amount_minor__isnull=False)[0].pk).update(
        paid_minor=77
    )
    began = time.process_time()
    yield Figure("dashboard", "drawing after one payment", seconds(drawing_own.draw_fund), "s", limit=1)
    yield Figure("dashboard", "its processor time", time.process_time() - began, "s")
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
    slowest, worked, queries, heaviest = 0.0, 0.0, 0, 0
    reader = Client()
    for address in _addresses():
        times, worth = [], []
        for turn in range(7):
            unread = f"{address}{'&' if '?' in address else '?'}x={turn}"
            reader.cookies.clear()
            with CaptureQueriesContext(connection) as captured:
                began = time.process_time()
                times.append(seconds(partial(opened, reader, unread)))
                worth.append(time.process_time() - began)
            queries = max(queries, len(captured))
        slowest, worked = max(slowest, statistics.median(times)), max(worked, statistics.median(worth))
        heaviest = max(heaviest, weight(opened(reader, address))[0])
    yield Figure("dashboard", "slowest page, not read before", slowest * 1000, "ms", limit=20)
    yield Figure("dashboard", "its processor time in the web process", worked * 1000, "ms")
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
