"""What the signer has from the witnesses: they are asked when it signed, and it asks what they saw before it signs."""

from collections.abc import Iterator

from django.conf import settings
from django.db import transaction

from audit import tasks
from audit.checkpoints import on_signed
from audit.models import LogCheckpoint, LogEpoch
from audit.rollback import Seen, outside_view
from audit.witnesses.asking import seen_by


@on_signed
def ask_at_once(_checkpoint: LogCheckpoint) -> None:
    """A new checkpoint goes to the witnesses after the commit; the schedule repeats it for those that were away."""
    if settings.OUTBOX_WAKES_WORKERS:
        transaction.on_commit(tasks.wake_for_witnesses, robust=True)


@outside_view
def witnesses(epoch: LogEpoch) -> Iterator[Seen]:
    """What witnesses outside remember of ``epoch``, also of what a restored database forgot."""
    for witness, size, root in seen_by(epoch):
        yield Seen(source=f"witness {witness.name}", size=size, root=root, origin=epoch.origin)
