"""What people take home: at once a signed promise, after sealing a C2SP tlog-proof that opens their record.

A receipt carries Ed25519 signatures only, because every line of it must be checkable in a browser; the ML-DSA signatures
stand under the public checkpoint.
"""

import json
from datetime import datetime, timedelta

import segno
from django.conf import settings
from django.urls import reverse

from audit import needs, notes
from audit.models import Leaf, LogCheckpoint, Opening
from audit.proofs import Tree
from audit.witnesses import standing

HEADER = "c2sp.org/tlog-proof@v1"
PROMISE = "log-promise/v1"
_READABLE = {notes.ED25519, notes.COSIGNATURE_ED25519}


def promised_by(leaf: Leaf) -> datetime:
    """Until when the act is promised to be in the log."""
    return leaf.created_at + timedelta(seconds=needs.needs().promised_seconds)


def promises() -> bool:
    """Whether the fund gives signed promises."""
    return bool(settings.LOG_PROMISE_KEYS)


def promise(leaf: Leaf) -> str | None:
    """The signed promise that ``leaf`` will be in the log; None where the fund has no key for promises.

    A promise with no inclusion after its time is evidence against whoever runs the log.
    """
    if not settings.LOG_PROMISE_KEYS:
        return None
    key = notes.SigningKey.parse(settings.LOG_PROMISE_KEYS[0])
    lines = [
        PROMISE,
        key.name.removesuffix("/promise"),
        f"leaf {notes.to_base64(bytes(leaf.leaf_hash))}",
        f"at {int(leaf.created_at.timestamp())}",
        f"by {int(promised_by(leaf).timestamp())}",
    ]
    return notes.signed("\n".join(lines) + "\n", [key], timestamp=0).serialise()


def checkpoint_for(leaf: Leaf) -> LogCheckpoint | None:
    """The checkpoint to prove ``leaf`` by: the newest with a quorum of witnesses, else the newest that covers it."""
    if leaf.seq is None or leaf.epoch_id is None:
        return None
    return standing.witnessed(epoch=leaf.epoch_id, above=leaf.seq) or newest_over(leaf)


def is_witnessed(leaf: Leaf) -> bool:
    """Whether a checkpoint over ``leaf`` has the quorum of witnesses that the charter asks for."""
    return leaf.seq is not None and standing.witnessed(epoch=leaf.epoch_id, above=leaf.seq) is not None


def address(leaf_hash: str) -> str:
    """The page of a leaf, as it is printed on documents."""
    return settings.SITE_URL + reverse("audit:proof", args=[leaf_hash])


def qr(leaf_hash: str) -> str:
    """The address of a leaf's page as a drawing for ``<img src>``."""
    drawn: str = segno.make(address(leaf_hash), error="m", micro=False).svg_data_uri(border=2, scale=4, light="#fff")
    return drawn


def newest_over(leaf: Leaf) -> LogCheckpoint | None:
    """The newest checkpoint of the leaf's tree that covers it, whoever has signed it."""
    if leaf.seq is None:
        return None
    rows = LogCheckpoint.objects.filter(epoch_id=leaf.epoch_id, size__gt=leaf.seq).select_related("epoch")
    return rows.order_by("-size").first()


def receipt(leaf: Leaf) -> str | None:
    """The proof of ``leaf`` with what opens it; None while no signed checkpoint covers it.

    The caller has made sure that the reader may hold the record (`audit.holders`).
    """
    checkpoint = checkpoint_for(leaf)
    if checkpoint is None or leaf.seq is None:
        return None
    path = Tree(checkpoint.epoch_id).inclusion(leaf.seq, checkpoint.size)
    lines = [HEADER, f"extra {notes.to_base64(extra(leaf))}", f"index {leaf.seq}", *map(notes.to_base64, path)]
    return "\n".join([*lines, "", readable_note(checkpoint)])


def extra(leaf: Leaf) -> bytes:
    """Body, nonce and record as canonical JSON; only the body of a leaf whose record was erased."""
    opening = Opening.objects.filter(leaf=leaf).first()
    parts = {"body": bytes(leaf.body).decode()}
    if opening is not None:
        parts |= {"nonce": bytes(opening.nonce).hex(), "record": bytes(opening.record).decode()}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def readable_note(checkpoint: LogCheckpoint) -> str:
    """The checkpoint with those signatures that a browser can check: the log's Ed25519, and its witnesses'."""
    policy = standing.policy()
    witnesses = [member.key for group in policy.groups for member in group.members]
    known = [*policy.logs, *witnesses, *(member.key for member in policy.former)]
    keys = {(key.name, key.key_id) for key in map(notes.VerifierKey.parse, known) if key.kind in _READABLE}
    note = notes.SignedNote.parse(checkpoint.note)
    cosigned = [notes.Signature.parse(one.line) for one in checkpoint.cosignatures.order_by("pk")]
    kept = [one for one in (*note.signatures, *cosigned) if (one.name, one.key_id) in keys]
    return notes.SignedNote(note.text, tuple(kept)).serialise()
