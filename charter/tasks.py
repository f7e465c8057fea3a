"""What time does to the charter: networks come and go by their dates."""

from datetime import timedelta
from typing import Any

from celery import shared_task

from charter import services


@shared_task(name="charter.conclude_the_votes", ignore_result=True)
def conclude_the_votes() -> None:
    """A version before the networks comes into force, or ends, when those with a vote today have decided already."""
    services.conclude()


SCHEDULE: dict[str, tuple[Any, timedelta]] = {"charter.conclude_the_votes": (conclude_the_votes, timedelta(hours=1))}
