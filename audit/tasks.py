"""Workers' side of the outbox."""

import logging
from datetime import timedelta

from celery import shared_task
from kombu.exceptions import OperationalError

from audit import outbox

log = logging.getLogger(__name__)


@shared_task(name="audit.drain_outbox", ignore_result=True)
def drain_outbox() -> int:
    """Do what waits in the outbox; woken by acts, and by the scheduler for whatever a lost message left."""
    return outbox.drain()


def wake_workers() -> None:
    """Tell a worker to look at the outbox; a broker that is away only delays the effect."""
    try:
        drain_outbox.apply_async(retry=False)
    except (OperationalError, OSError):
        log.warning("broker is away; the scheduler will pick the outbox up")


SCHEDULE = {"sweep the outbox": (drain_outbox, timedelta(seconds=30))}
