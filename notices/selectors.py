"""Reading messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from notices import registry
from notices.models import Notice


@dataclass(frozen=True, slots=True)
class Message:
    """A notice in the reader's language."""

    id: UUID
    subject: str
    body: str
    at: datetime
    read: bool
    leads_somewhere: bool


def visible_to(user: Any) -> QuerySet[Notice]:
    """A person's own messages, the newest first."""
    if not user.is_authenticated:
        return Notice.objects.none()
    return Notice.objects.filter(user=user).order_by("-created_at", "pk")


def unread_count(user: Any) -> int:
    """How many messages ``user`` has not opened; asked once for each request."""
    if not user.is_authenticated:
        return 0
    known: int | None = user.__dict__.get("_unread_notices")
    if known is None:
        known = user.__dict__["_unread_notices"] = visible_to(user).filter(read_at__isnull=True).count()
    return known


def in_words(notices: Iterable[Notice]) -> list[Message]:
    """``notices`` as they are read, in the active language."""
    messages = []
    for notice in notices:
        letter = registry.word(notice.kind, notice.params)
        messages.append(
            Message(
                id=notice.pk,
                subject=letter.subject,
                body=letter.body,
                at=notice.created_at,
                read=notice.read_at is not None,
                leads_somewhere=bool(notice.url),
            )
        )
    return messages
