"""Workers' side of the outbox."""

import logging
from datetime import timedelta

from celery import shared_task
from kombu.exceptions import OperationalError

from audit import outbox, sequencer

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


@shared_task(name="audit.integrate_leaves", ignore_result=True)
def integrate_leaves() -> int:
    """Give committed leaves their place; the signer does so every second, this is for when it is away."""
    return sequencer.integrate()


SCHEDULE = {
    "sweep the outbox": (drain_outbox, timedelta(seconds=30)),
    "place leaves in the log": (integrate_leaves, timedelta(seconds=10)),
}
