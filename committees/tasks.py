"""What the clock does in committees: silent scorers and members on call are reminded, and replaced after their deadline."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from audit.leases import lease
from committees.services import alerts, appeal_money, silence


@shared_task(name="committees.follow_up_silence", ignore_result=True)
def follow_up_silence() -> None:
    """Remind and replace silent scorers; a second scheduler finds the lease taken."""
    with lease("committees.follow_up_silence", duration=timedelta(minutes=5)) as mine:
        if mine:
            silence.follow_up()


@shared_task(name="committees.free_appeal_money", ignore_result=True)
def free_appeal_money() -> None:
    """Free what waits for appeals where the last one is over; a second scheduler finds the lease taken."""
    with lease("committees.free_appeal_money", duration=timedelta(minutes=5)) as mine:
        if mine:
            appeal_money.follow_up()


@shared_task(name="committees.follow_up_alerts", ignore_result=True)
def follow_up_alerts() -> None:
    """Remind and replace who is silent on call; a second scheduler finds the lease taken."""
    with lease("committees.follow_up_alerts", duration=timedelta(minutes=5)) as mine:
        if mine:
            alerts.follow_up()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {
    "committees.free_appeal_money": (free_appeal_money, timedelta(hours=1)),
    "committees.follow_up_alerts": (follow_up_alerts, timedelta(minutes=5)),
    "committees.follow_up_silence": (follow_up_silence, timedelta(minutes=10)),
}
