"""Leaves: from an event to the bytes that the log keeps."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.conf import settings
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


def record_bytes(event: Event, *, reason: str, from_state: str, to_state: str) -> bytes:
    """RFC 8785 bytes of all that an event says, as they are committed to."""
    return rfc8785.dumps({"event": event.model_dump(mode="json"), "reason": reason, "from": from_state, "to": to_state})


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
) -> Leaf:
    """Write leaf, event and opening of one act; runs inside the caller's transaction.

    ``subject`` needs a UUID ``pk``; ``actor`` is a user or None for the system. The charter's version that bound the act is
    taken from ``subject.rules_version`` where it has one. Raises `Unconfirmed` on a page that lacks its second factor.
    """
    if actor is not None and event.needs_second_factor:
        confirmation.demand(event.type)
    at = timezone.now()
    record = record_bytes(event, reason=reason, from_state=from_state, to_state=to_state)
    nonce = secrets.token_bytes(32)
    body = _body(subject, event, actor=actor, at=at, commit=commitment(nonce, record))
    leaf = Leaf.objects.create(kind=event.type, body=body, leaf_hash=leaf_hash(body))
    RecordedEvent.objects.create(
        leaf=leaf,
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
    Opening.objects.create(leaf=leaf, record=record, nonce=nonce)
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


def _previous_hash(subject: Any) -> str:
    previous = (
        Leaf.objects.filter(event__subject_id=subject.pk).order_by("-id").values_list("leaf_hash", flat=True).first()
    )
    return bytes(previous).hex() if previous is not None else GENESIS
