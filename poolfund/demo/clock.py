"""The clock of the demonstration: two years are played in a minute, each act on its own day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import time_machine
from django.utils import timezone

from kernel.database import played_time

HOUR = 10
"""Acts happen in the morning, Damascus time, and a little later one after the other."""


def days_ago(days: int, *, hour: int = HOUR) -> datetime:
    """The moment ``days`` before today (negative: after today), on the fund's clock."""
    today = timezone.localtime(_real_now())
    return today.replace(hour=hour, minute=0, second=0, microsecond=0) - timedelta(days=days)


@contextmanager
def on(days: int, *, hour: int = HOUR) -> Iterator[None]:
    """Everything inside happens ``days`` ago, in order and never after the present."""
    moment = min(days_ago(days, hour=hour), _real_now())
    with time_machine.travel(moment, tick=True), played_time():
        yield


def _real_now() -> datetime:
    real = getattr(time_machine, "escape_hatch", None)
    if real is not None and real.is_travelling():
        return datetime.fromtimestamp(real.time.time(), tz=timezone.get_default_timezone())
    return timezone.now()
