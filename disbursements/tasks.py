"""What the scheduler calls."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from audit.leases import lease
from disbursements import clock


@shared_task(name="disbursements.follow_the_clock", ignore_result=True)
def follow_the_clock() -> None:
    """Lapse offers, open reports, say what is late; a second scheduler finds the lease taken."""
    with lease("disbursements.follow_the_clock", duration=timedelta(minutes=10)) as mine:
        if mine:
            clock.follow()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {
    "disbursements.follow_the_clock": (follow_the_clock, timedelta(minutes=10))
}
