"""Workers' side of the outbox."""

import logging
from datetime import timedelta

from celery import shared_task
from kombu.exceptions import OperationalError

from audit import outbox, sequencer
from audit.leases import lease
from audit.models import LogWitness
from audit.witnesses import asking

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


@shared_task(name="audit.ask_witnesses", ignore_result=True)
def ask_witnesses() -> None:
    """Have every witness asked that owes its signature, each in a task of its own: one that is away delays no other."""
    for witness in asking.to_ask():
        ask_witness.apply_async(args=[str(witness.pk)], retry=False, expires=60)


def wake_for_witnesses() -> None:
    """Have the witnesses asked now; without a broker the schedule does it later."""
    try:
        ask_witnesses.apply_async(retry=False)
    except (OperationalError, OSError):
        log.warning("broker is away; the scheduler will have the witnesses asked")


@shared_task(name="audit.ask_witness", ignore_result=True, soft_time_limit=30)
def ask_witness(witness_id: str) -> None:
    """Ask one witness about the newest checkpoint, unless another worker is at it."""
    with lease(f"witness {witness_id}", duration=timedelta(seconds=45)) as held:
        if held:
            asking.ask(LogWitness.objects.get(pk=witness_id))


SCHEDULE = {
    "sweep the outbox": (drain_outbox, timedelta(seconds=30)),
    "place leaves in the log": (integrate_leaves, timedelta(seconds=10)),
    "ask the log's witnesses": (ask_witnesses, timedelta(seconds=30)),
}
