"""What the clock does: people are reminded of items of their passport before they end."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from audit.leases import lease
from organisations.services import passport


@shared_task(name="organisations.remind_of_ends", ignore_result=True)
def remind_of_ends() -> None:
    """Send the reminders that are due; a second scheduler finds the lease taken."""
    with lease("organisations.remind_of_ends", duration=timedelta(minutes=30)) as mine:
        if mine:
            passport.remind_of_ends()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {"organisations.remind_of_ends": (remind_of_ends, timedelta(hours=6))}
