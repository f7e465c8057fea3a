"""Search, API, lists and feeds of a fund of 15,000 grants: filling the index, and reading each kind of answer."""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import Figure, scale, seconds
from transparency.models import ReleasedGrant, SearchRow
from transparency.services import indexing

TURNS = 7
MOST_QUERIES = 10
"""However many grants there are; pages of the dashboards, which are drawn beforehand, promise five (`bench_dashboard`)."""


def measure() -> Iterator[Figure]:
    """Tell the grants, index them, read."""
    scale.fund()
    yield Figure("search", "filling the index", seconds(indexing.index_all), "s")
    yield Figure("search", "rows that can be found", SearchRow.objects.count(), "rows")
    with override_settings(ALLOWED_HOSTS=["testserver"], API_REQUESTS_PER_MINUTE=1_000_000):
        for name, address in _addresses().items():
            yield from _read(name, address)


def _addresses() -> dict[str, str]:
    search, told = reverse("transparency:search"), reverse("transparency:grants_told")
    code = ReleasedGrant.objects.filter(amount_minor__isnull=False).values_list("code", flat=True)[0]
    return {
        "search for a word of every grant": f"{search}?q=جمعية",
        "search for a slip of the pen": f"{search}?q=جمعيه المثل",
        "search for one code": f"{search}?q={code}",
        "search for nothing that is there": f"{search}?q=zzyzx",
        "list of grants": told,
        "list of grants, two filters": f"{told}?year=2020&governorate=SY07",
        "API, grants": "/api/v1/grants",
        "API, grants, last pages": "/api/v1/grants?per_page=100&page=100",
        "API, grants, two filters": "/api/v1/grants?year=2020&sector=wash",
        "API, sums": reverse("transparency:api_pools"),
        "API, organisations": reverse("transparency:api_organisations"),
        "feed of news": reverse("transparency:feed_news", args=["ar"]),
    }


def _read(name: str, address: str) -> Iterator[Figure]:
    """The middle of several readings by somebody who has no copy, and the most queries of one."""
    reader, times, queries = Client(headers={"accept-language": "ar"}), [], 0
    for turn in range(TURNS):
        unread = f"{address}{'&' if '?' in address else '?'}x={turn}"
        with CaptureQueriesContext(connection) as captured:
            began = time.perf_counter()
            answer = reader.get(unread)
            times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{unread} answers {answer.status_code}")
        queries = max(queries, len(captured))
    yield Figure("search", name, statistics.median(times) * 1000, "ms")
    yield Figure("search", f"{name}: queries", queries, "queries", limit=MOST_QUERIES)
