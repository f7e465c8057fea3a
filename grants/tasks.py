"""What the clock does: calls open and close, returned applications lapse."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from audit.leases import lease
from grants.services import applications, attachments, calls, outages


@shared_task(name="grants.follow_the_clock", ignore_result=True)
def follow_the_clock() -> None:
    """Open and close calls whose hour has come, let overdue steps lapse, end calls in which nothing is left; a second scheduler finds the lease taken."""
    with lease("grants.follow_the_clock", duration=timedelta(minutes=5)) as mine:
        if mine:
            calls.open_due()
            if outages.pulse_is_fresh():
                calls.close_due()
            applications.lapse_due()
            calls.end_empty()


@shared_task(name="grants.keep_the_pulse", ignore_result=True)
def keep_the_pulse() -> None:
    """Note that the fund is there; after an outage before a deadline, put the deadline off."""
    outages.beat()


@shared_task(name="grants.clear_uploads", ignore_result=True)
def clear_uploads() -> None:
    """Forget files that did not arrive in time and that nobody came to name."""
    with lease("grants.clear_uploads", duration=timedelta(minutes=5)) as mine:
        if mine:
            attachments.clear()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {
    "grants.follow_the_clock": (follow_the_clock, timedelta(seconds=30)),
    "grants.keep_the_pulse": (keep_the_pulse, timedelta(seconds=60)),
    "grants.clear_uploads": (clear_uploads, timedelta(minutes=15)),
}
