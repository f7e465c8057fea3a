"""Acts that are sealed: checkpoints by the real signer, witnesses that sign in the same process, receipts of both."""

from pathlib import Path

from audit import checkpoints, notes
from audit.keys import KINDS
from audit.memory import Memory
from audit.models import LogCheckpoint, LogCosignature, LogWitness
from audit.witnesses import asking, registry
from tests.factories import accounts as people
from tests.factories.tlog import key

WITNESSES = (("donors", "donor.example"), ("networks", "network1.example"), ("networks", "network2.example"))


def seal(folder: Path) -> LogCheckpoint:
    """Sign whatever waits; the signer's memory is in ``folder``."""
    keys = [key("poolfund.example", kind) for kind in KINDS]
    signed = checkpoints.sign(keys, Memory(folder / "memory"))
    return signed or LogCheckpoint.objects.order_by("-epoch_id", "-size")[0]


def witness_key(name: str) -> notes.SigningKey:
    """The cosigner's key of an invented witness."""
    return key(name, notes.COSIGNATURE_ED25519)


def witnesses(*, url: str = "") -> list[LogWitness]:
    """A donor's witness and two networks', registered."""
    actor = people.officer("administrator")
    return [
        registry.register(
            name=f"Witness of {name}", group=group, verifier_key=str(witness_key(name).verifier), url=url, actor=actor
        )
        for group, name in WITNESSES
    ]


def cosign(checkpoint: LogCheckpoint, *names: str, at: int = 1_800_000_000) -> list[LogCosignature]:
    """Let the named witnesses (all by default) sign ``checkpoint``, as cron or a stick brings it."""
    text = notes.SignedNote.parse(checkpoint.note).text
    lines = [witness_key(name).sign(text, timestamp=at) for name in names or [name for _group, name in WITNESSES]]
    return asking.accept(notes.SignedNote(text, tuple(lines)).serialise())
