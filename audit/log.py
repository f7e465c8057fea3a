"""Leaves: from an event to the bytes that the log keeps."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.db import connection
from django.utils import timezone

from audit import confirmation
from audit.context import correlation_id
from audit.events import Event
from audit.merkle import leaf_hash
from audit.models import Leaf, Opening, RecordedEvent

SYSTEM = "system"
GENESIS = "0" * 64


def commitment(nonce: bytes, record: bytes) -> str:
    """HMAC-SHA256 of a record under its nonce, in hexadecimal."""
    return hmac.new(nonce, record, hashlib.sha256).hexdigest()


def record_bytes(
    event: Event, *, reason: str, from_state: str, to_state: str, texts: Mapping[str, str] | None = None
) -> bytes:
    """RFC 8785 bytes of all that an event says, as they are committed to; ``texts`` are fingerprints (`audit.words`)."""
    said: dict[str, Any] = {"event": event.model_dump(mode="json")}
    said |= {"reason": reason, "from": from_state, "to": to_state}
    if texts:
        said["words"] = dict(texts)
    return rfc8785.dumps(said)


def opened(opening: Opening) -> dict[str, Any]:
    """The record behind an opening as plain data."""
    data: dict[str, Any] = json.loads(bytes(opening.record))
    return data


def place(leaf: Leaf) -> str:
    """Where a leaf stands, for findings: epoch and index, or its row while it has no place yet."""
    return f"epoch {leaf.epoch_id}, index {leaf.seq}" if leaf.seq is not None else f"leaf {leaf.pk} (no place yet)"


def append(
    subject: Any,
    event: Event,
    *,
    actor: Any,
    reason: str = "",
    from_state: str = "",
    to_state: str = "",
    texts: Mapping[str, str] | None = None,
) -> Leaf:
    """Write leaf, event and opening of one act; runs inside the caller's transaction.

    ``subject`` needs a UUID ``pk``; ``actor`` is a user or None for the system; ``texts`` are fingerprints of what is written. The charter's version that bound the act is
    taken from ``subject.rules_version`` where it has one. Raises `Unconfirmed` on a page that lacks its second factor.
    """
    if actor is not None and event.needs_second_factor:
        confirmation.demand(event.type)
    at = timezone.now()
    record = record_bytes(event, reason=reason, from_state=from_state, to_state=to_state, texts=texts)
    nonce = secrets.token_bytes(32)
    body = _body(subject, event, actor=actor, at=at, commit=commitment(nonce, record))
    row = RecordedEvent(
        type=event.type,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        actor=actor,
        at=at,
        from_state=from_state,
        to_state=to_state,
        rules_version=getattr(subject, "rules_version", None),
        correlation=correlation_id(),
    )
    return _write(Leaf(kind=event.type, body=body, leaf_hash=leaf_hash(body), created_at=at), row, record, nonce)


_WRITE = """
WITH leaf AS (
    INSERT INTO audit_leaf (kind, body, leaf_hash, created_at) VALUES (%s, %s, %s, %s) RETURNING id
), event AS (
    INSERT INTO audit_recordedevent (leaf_id, type, subject_type, subject_id, actor_id, at, from_state, to_state,
                                     rules_version, correlation)
    SELECT id, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM leaf
), opening AS (
    INSERT INTO audit_opening (leaf_id, record, nonce) SELECT id, %s, %s FROM leaf
)
SELECT id FROM leaf
"""


def _write(leaf: Leaf, event: RecordedEvent, record: bytes, nonce: bytes) -> Leaf:
    """Insert the three rows of one act in one round trip; returns the leaf as it is stored."""
    values: list[Any] = [leaf.kind, leaf.body, leaf.leaf_hash, leaf.created_at]
    values += [event.type, event.subject_type, event.subject_id, event.actor_id, event.at]
    values += [event.from_state, event.to_state, event.rules_version, event.correlation, record, nonce]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        leaf.pk = cursor.fetchall()[0][0]
    leaf._state.adding, leaf._state.db = False, connection.alias  # noqa: SLF001 -- Django's public name for it
    return leaf


def _body(subject: Any, event: Event, *, actor: Any, at: datetime, commit: str) -> bytes:
    return rfc8785.dumps(
        {
            "v": 1,
            "kind": event.type,
            "fund": settings.FUND_ID,
            "object": f"{subject._meta.label_lower}/{subject.pk}",
            "actor_ref": str(actor.actor_ref) if actor is not None else SYSTEM,
            "at": at.astimezone(UTC).isoformat(),
            "commit": commit,
            "prev": _previous_hash(subject),
        }
    )


_PREVIOUS = """
SELECT leaf.leaf_hash FROM audit_recordedevent event JOIN audit_leaf leaf ON leaf.id = event.leaf_id
WHERE event.subject_id = %s ORDER BY leaf.id DESC LIMIT 1
"""


def _previous_hash(subject: Any) -> str:
    """The hash of the subject's leaf before this one; asked at every act, so without a queryset."""
    with connection.cursor() as cursor:
        cursor.execute(_PREVIOUS, [subject.pk])
        previous = cursor.fetchone()
    return bytes(previous[0]).hex() if previous is not None else GENESIS
