"""Telling people something: a message that stays here, told by the way that each person chose, from the outbox."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import outbox
from notices import registry
from notices.models import Notice
from notices.services.telling import TELL

__all__ = ["mark_all_read", "mark_read", "notify"]


@transaction.atomic
def notify(users: Iterable[Any], kind: str, *, params: dict[str, Any], url: str, dedupe_key: str) -> None:
    """Tell each of ``users`` once what ``kind`` says with ``params``; ``url`` is the path of the page it is about.

    The same ``dedupe_key`` reaches a person once, however often it is sent. ``params`` hold simple values and no
    personal data of third parties: mail is read by others. ``due`` among them (a moment as ISO text) makes it urgent
    when it is within a day. Raises LookupError for a kind that nobody words.
    """
    if not registry.is_registered(kind):
        raise LookupError(f"no wording for notices of kind {kind!r}")
    people = sorted({user.pk for user in users if user is not None and user.is_active})
    keys = {person: hashlib.sha256(f"{kind}|{dedupe_key}|{person}".encode()).hexdigest() for person in people}
    made = [Notice(user_id=person, kind=kind, params=params, url=url, dedupe_key=key) for person, key in keys.items()]
    Notice.objects.bulk_create(made, ignore_conflicts=True)
    for key in keys.values():
        outbox.put(TELL, {"dedupe_key": key}, dedupe_key=key)


def mark_read(user: User, notice_id: UUID) -> Notice:
    """Remember that ``user`` opened the message; raises `Notice.DoesNotExist` for somebody else's."""
    notice = Notice.objects.get(pk=notice_id, user=user)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(user: User) -> int:
    """Mark everything read that ``user`` has now; returns how many."""
    return Notice.objects.filter(user=user, read_at__isnull=True).update(read_at=timezone.now())
