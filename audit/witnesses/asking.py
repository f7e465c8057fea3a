"""Asking witnesses for their signature under the newest checkpoint, and taking in what they signed."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import notes
from audit.models import LogCheckpoint, LogCosignature, LogEpoch, LogKey, LogWitness
from audit.proofs import Incomplete, Tree
from audit.states import LogWitnessState
from audit.witnesses import protocol
from kernel.permissions import Refused

log = logging.getLogger(__name__)

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


def newest() -> LogCheckpoint | None:
    """The newest checkpoint of the newest epoch."""
    return LogCheckpoint.objects.select_related("epoch").order_by("-epoch_id", "-size").first()


def to_ask() -> list[LogWitness]:
    """Witnesses with an address that have not signed the newest checkpoint and whose pause is over."""
    checkpoint = newest()
    if checkpoint is None:
        return []
    return list(
        LogWitness.objects.filter(state=LogWitnessState.REGISTERED)
        .exclude(url="")
        .exclude(not_before__gt=timezone.now())
        .exclude(cosignatures__checkpoint=checkpoint)
        .order_by("name", "pk")
    )


def ask(witness: LogWitness) -> bool:
    """Ask ``witness`` about the newest checkpoint; whether it signed. Whoever does not answer gets a growing pause."""
    checkpoint = newest()
    if checkpoint is None:
        return False
    try:
        signed = _ask(witness, checkpoint)
    except (protocol.Away, notes.Malformed, Incomplete) as trouble:
        _pause(witness, str(trouble))
        return False
    LogWitness.objects.filter(pk=witness.pk).update(failures=0, not_before=None, last_error="")
    return signed


def _ask(witness: LogWitness, checkpoint: LogCheckpoint) -> bool:
    old = known_size(witness, checkpoint.epoch)
    answer = protocol.add_checkpoint(witness.url, request(checkpoint, old=old))
    if answer.status == 409:
        # It remembers another size than we do: it signed and the answer was lost, or the database is older than it is.
        if answer.size > checkpoint.size:
            remember(witness, answer.size, None)
            raise protocol.Away(f"it has seen {answer.size} leaves, this log has {checkpoint.size}")
        answer = protocol.add_checkpoint(witness.url, request(checkpoint, old=answer.size))
    if answer.status != 200:
        raise protocol.Away(f"answered {answer.status}: {answer.text[:200].strip()}")
    note = notes.SignedNote.parse(notes.SignedNote.parse(checkpoint.note).text + "\n" + answer.text)
    if not _store(checkpoint, note, [witness]):
        raise protocol.Away("its answer bears no signature of its registered key")
    return True


def request(checkpoint: LogCheckpoint, *, old: int) -> str:
    """The request about ``checkpoint`` to a witness that has seen ``old`` leaves; raises `Incomplete`."""
    old = min(old, checkpoint.size)
    proof = Tree(checkpoint.epoch_id).consistency(old, checkpoint.size)
    return protocol.request_body(old, proof, checkpoint.note)


def known_size(witness: LogWitness, epoch: LogEpoch) -> int:
    """The size of ``epoch`` up to which ``witness`` is known to have signed; 0 for nothing."""
    last = LogCosignature.objects.filter(witness=witness, checkpoint__epoch=epoch).order_by("-checkpoint__size")
    size = last.values_list("checkpoint__size", flat=True).first()
    return int(size or 0)


def accept(text: str) -> list[LogCosignature]:
    """Take in a cosigned checkpoint that came by itself: from cron, by mail or on a stick.

    Anybody may hand it in, because only signatures of registered witnesses under a checkpoint of this log are kept.
    Raises `Refused` with what is wrong.
    """
    try:
        note = notes.SignedNote.parse(text)
        tree = notes.Checkpoint.parse(note.text)
    except notes.Malformed as error:
        raise Refused(_("This is not a signed checkpoint: it was cut off or changed on the way.")) from error
    checkpoint = LogCheckpoint.objects.filter(epoch__origin=tree.origin, size=tree.size).first()
    if checkpoint is None or notes.SignedNote.parse(checkpoint.note).text != note.text:
        raise Refused(_("This log has no such checkpoint. If a witness signed it, keep the file: it may be evidence."))
    witnesses = list(LogWitness.objects.filter(state=LogWitnessState.REGISTERED))
    try:
        kept = _store(checkpoint, note, witnesses)
    except notes.Malformed as error:
        raise Refused(_("A signature of a registered witness in this file is wrong.")) from error
    if not kept:
        raise Refused(_("No registered witness signed this checkpoint."))
    return kept


def _store(checkpoint: LogCheckpoint, note: notes.SignedNote, witnesses: list[LogWitness]) -> list[LogCosignature]:
    by_key = {notes.VerifierKey.parse(witness.verifier_key): witness for witness in witnesses}
    signers = note.opened_by(by_key)
    rows = []
    for key in signers:
        line = next(one for one in note.signatures if (one.name, one.key_id) == (key.name, key.key_id))
        rows.append(
            LogCosignature(
                checkpoint=checkpoint, witness=by_key[key], line=line.line.rstrip("\n"), timestamp=line.timestamp
            )
        )
    with transaction.atomic():
        LogCosignature.objects.bulk_create(rows, ignore_conflicts=True)
        for key in signers:
            remember(by_key[key], checkpoint.size, bytes(checkpoint.root))
    return rows


def remember(witness: LogWitness, size: int, root: bytes | None) -> None:
    """Keep the largest size that the witness is known to have seen; the root is None where it only named the size."""
    LogWitness.objects.filter(pk=witness.pk).exclude(last_size__gt=size).update(last_size=size, last_root=root)
    LogWitness.objects.filter(pk=witness.pk).update(last_seen=timezone.now())


def _pause(witness: LogWitness, why: str) -> None:
    failures = min(witness.failures + 1, 30)
    pause = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    LogWitness.objects.filter(pk=witness.pk).update(
        failures=failures, not_before=timezone.now() + pause, last_error=why[:500]
    )
    log.warning("a witness gave no signature", extra={"witness": str(witness.pk), "failures": failures})


def seen_by(epoch: LogEpoch) -> Iterator[tuple[LogWitness, int, bytes | None]]:
    """What every witness that answers now has seen of ``epoch``: size, and root where it shows a checkpoint of ours.

    A witness remembers what a restored database has forgotten; one that is away or pausing says nothing.
    """
    keys = [notes.VerifierKey.parse(key.verifier_key) for key in LogKey.objects.filter(epoch=epoch)]
    for witness in LogWitness.objects.filter(state=LogWitnessState.REGISTERED).exclude(url="").order_by("pk"):
        if witness.not_before is not None and witness.not_before > timezone.now():
            continue
        try:
            seen = _shown(witness, epoch, keys) or _named(witness, epoch)
        except (protocol.Away, notes.Malformed):
            continue
        if seen is not None:
            yield witness, *seen


def _shown(witness: LogWitness, epoch: LogEpoch, keys: list[notes.VerifierKey]) -> tuple[int, bytes] | None:
    answer = protocol.last_checkpoint(witness.url, epoch.origin)
    if answer.status != 200:
        return None
    note = notes.SignedNote.parse(answer.text)
    tree = notes.Checkpoint.parse(note.text)
    return (tree.size, tree.root) if note.opened_by(keys) and tree.origin == epoch.origin else None


def _named(witness: LogWitness, epoch: LogEpoch) -> tuple[int, None] | None:
    """A witness that shows nothing still names its size when it is asked to begin from nothing."""
    checkpoint = LogCheckpoint.objects.filter(epoch=epoch).order_by("-size").first()
    if checkpoint is None:
        return None
    answer = protocol.add_checkpoint(witness.url, request(checkpoint, old=0))
    return (answer.size, None) if answer.status == 409 else None
