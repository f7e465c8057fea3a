"""Three invented witnesses, so that the demonstration shows a log that people outside have seen. Their keys are no secret."""

import hashlib
import time

from audit import notes
from audit.models import LogCosignature
from audit.states import WitnessGroup
from audit.witnesses import asking, registry
from poolfund.demo.foundations import who

WITNESSES = (
    ("مؤسسة الزيتون الخيرية (تجريبية)", WitnessGroup.DONORS, "donor.demo.example"),
    ("شبكة الشمال (تجريبية)", WitnessGroup.NETWORKS, "north.demo.example"),
    ("ملتقى الساحل (تجريبي)", WitnessGroup.NETWORKS, "coast.demo.example"),
)


def _key(name: str) -> notes.SigningKey:
    return notes.SigningKey(name, notes.COSIGNATURE_ED25519, hashlib.sha256(f"demo {name}".encode()).digest())


def register() -> None:
    """Register them; they work offline, as with a memory stick."""
    for title, group, name in WITNESSES:
        key = str(_key(name).verifier)
        registry.register(name=title, group=group, verifier_key=key, url="", actor=who("administrator"))


def cosign() -> list[LogCosignature]:
    """Let them sign the newest checkpoint; nothing where none was signed."""
    checkpoint = asking.newest()
    if checkpoint is None:
        return []
    text = notes.SignedNote.parse(checkpoint.note).text
    lines = [_key(name).sign(text, timestamp=int(time.time())) for _title, _group, name in WITNESSES]
    return asking.accept(notes.SignedNote(text, tuple(lines)).serialise())
