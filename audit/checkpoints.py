"""Signing the tree: the only code that handles private keys, run by the signer's own process."""

import logging
from collections.abc import Callable, Sequence

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit import lifecycle, log_events, notes, sequencer
from audit.memory import Memory
from audit.models import LogCheckpoint, LogEpoch, LogKey
from audit.notes import Checkpoint, SigningKey
from audit.proofs import Tree
from audit.rollback import examine
from audit.states import LogKeyState
from audit.tiles import WIDTH

log = logging.getLogger(__name__)
LOCK = 6_962_002
"""Advisory lock: one signer at a time."""

Hook = Callable[[LogCheckpoint], None]
_hooks: list[Hook] = []


class KeyRetired(Exception):
    """The key file holds a key that was retired before."""


def on_signed(fn: Hook) -> Hook:
    """Register what happens, in the same transaction, when a checkpoint was signed."""
    if fn not in _hooks:
        _hooks.append(fn)
    return fn


def sign(keys: Sequence[SigningKey], memory: Memory) -> LogCheckpoint | None:
    """Place what waits, compare with what was published, and sign; None when nothing is new.

    The memory outside has the checkpoint before the database does. Raises `audit.rollback.NotSigned` and `MemoryLost`,
    `audit.memory.MemoryBroken`, `KeyRetired`.
    """
    sequencer.integrate()
    epoch = sequencer.current_epoch()
    examine(epoch, memory)
    own = [key.named(epoch.origin) for key in keys]
    if announce(epoch, own):
        sequencer.integrate()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        return _sign_what_is_new(epoch, own, memory)


def _sign_what_is_new(epoch: LogEpoch, keys: Sequence[SigningKey], memory: Memory) -> LogCheckpoint | None:
    tree = Tree(epoch.number)
    size = tree.size()
    if size == 0 or epoch.checkpoints.filter(size__gte=size).exists():
        return None
    root = tree.root(size)
    now = timezone.now()
    note = notes.signed(Checkpoint(epoch.origin, size, root).text, keys, timestamp=int(now.timestamp()))
    memory.remember(note, at=int(now.timestamp()))
    checkpoint = LogCheckpoint.objects.create(
        epoch=epoch, size=size, root=root, note=note.serialise(), edge=_edge(epoch, tree, size), signed_at=now
    )
    for hook in _hooks:
        hook(checkpoint)
    log.info("checkpoint signed", extra={"log_size": size})
    return checkpoint


def _edge(epoch: LogEpoch, tree: Tree, size: int) -> bytes:
    """Hashes of the leaves since the last checkpoint that are in no full tile."""
    before = epoch.checkpoints.aggregate(size=Max("size"))["size"] or 0
    number, width = divmod(size, WIDTH)
    new = tree.partial(0, number, width) if width else []
    return b"".join(new[max(0, before - number * WIDTH) :])


@transaction.atomic
def announce(epoch: LogEpoch, keys: Sequence[SigningKey]) -> bool:
    """Record keys that sign from now on and keys that no longer do; whether anything was recorded."""
    held = {str(key.verifier) for key in keys}
    known = {key.verifier_key: key for key in LogKey.objects.filter(verifier_key__in=held)}
    for key in known.values():
        if key.state == LogKeyState.RETIRED:
            raise KeyRetired(f"a key of the file was retired before: {key.verifier_key[:60]}…")
    new = [text for text in (str(key.verifier) for key in keys) if text not in known]
    gone = list(LogKey.objects.filter(state=LogKeyState.ACTIVE).exclude(verifier_key__in=held))
    for text in new:
        lifecycle.create(
            LogKey(epoch=epoch, verifier_key=text), log_events.LogKeyIntroduced(verifier_key=text), actor=None
        )
    for key in gone:
        lifecycle.move(key, log_events.LogKeyRetired(verifier_key=key.verifier_key), actor=None)
    return bool(new or gone)
