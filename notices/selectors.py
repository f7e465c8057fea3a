"""Reading messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from notices import gateways, registry
from notices.models import Channel, Notice, Wishes
from notices.states import Way


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
    return Notice.objects.filter(user=user).order_by("-created_at", "-number")


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


def wishes_of(user: Any) -> Wishes:
    """How ``user`` wants to be told; what holds for everybody where she never said."""
    return Wishes.objects.filter(user=user).first() or Wishes(user=user)


def channels_of(user: Any) -> list[Channel]:
    """The person's own numbers, confirmed or waiting for their code."""
    return list(Channel.objects.filter(user=user).select_related("data_key").order_by("asked_at", "pk"))


def ways_of(user: Any) -> list[Way]:
    """E-mail, and every way for which ``user`` confirmed a number and the fund has a gateway."""
    confirmed = set(Channel.objects.filter(user=user, confirmed_at__isnull=False).values_list("way", flat=True))
    return [Way.EMAIL, *(way for way in gateways.offered() if way in confirmed)]


def channel_in_use(user: Any) -> Channel | None:
    """Where messages of ``user`` go by her wish; None: by e-mail."""
    way = wishes_of(user).way
    if way == Way.EMAIL or way not in gateways.offered():
        return None
    confirmed = Channel.objects.filter(user=user, way=way, confirmed_at__isnull=False)
    channel = confirmed.select_related("data_key").first()
    return None if channel is None or channel.is_erased else channel
