"""How many queries something costs: lists cost the same at any length."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(act: Callable[[], Any]) -> int:
    """The number of queries that ``act`` makes, caches warm."""
    act()
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)
