"""Effects outside the database: written in the act's transaction, done later by a worker, at least once.

The table is the truth; a Celery message only says "look at the outbox" (losing the broker delays, never loses).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from audit.context import correlated
from audit.models import OutboxMessage

log = logging.getLogger(__name__)
Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
_wakers: list[Callable[[], None]] = []

MAX_ATTEMPTS = 12
FIRST_PAUSE = timedelta(seconds=10)


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the idempotent ``fn(payload)`` that does messages of ``kind``."""

    def decorate(fn: Handler) -> Handler:
        if _handlers.setdefault(kind, fn) is not fn:
            raise ValueError(f"outbox kind {kind!r} has two handlers")
        return fn

    return decorate


def on_put(waker: Callable[[], None]) -> Callable[[], None]:
    """Register what tells workers, after the commit, that the outbox has something new."""
    _wakers.append(waker)
    return waker


_PUT = """
INSERT INTO audit_outboxmessage (kind, payload, dedupe_key, not_before, created_at, attempts, last_error)
VALUES (%s, %s, %s, %s, %s, 0, '') ON CONFLICT DO NOTHING
"""


def put(kind: str, payload: dict[str, Any], *, dedupe_key: str, not_before: datetime | None = None) -> None:
    """Owe the effect ``kind``; ``payload`` carries ids only, ``dedupe_key`` makes a repetition harmless."""
    if kind not in _handlers:
        raise LookupError(f"no handler for outbox kind {kind!r}")
    now = timezone.now()
    values: list[Any] = [kind, Jsonb(payload), f"{kind}:{dedupe_key}", not_before or now, now]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, values)
    for waker in _wakers:
        transaction.on_commit(waker, robust=True)


def another_waits(kind: str) -> bool:
    """Whether a handler of ``kind`` that does everything at once may leave its work to a further message that is due.

    Nobody has begun that one, so it reads what stands now, and more. For handlers that are called by `drain` alone: the
    message that is being done is counted too.
    """
    waiting = OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True).filter(
        kind=kind, done_at__isnull=True, given_up_at__isnull=True, not_before__lte=timezone.now()
    )
    return len(waiting.values_list("pk")[:2]) > 1


def drain(limit: int = 100) -> int:
    """Do up to ``limit`` waiting messages and return how many were tried; any number of workers may run it."""
    tried = 0
    while tried < limit and _do_next():
        tried += 1
    return tried


def _do_next() -> bool:
    """Claim and do one message: the claim, the effect's own writes and the tick are one transaction."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(done_at__isnull=True, given_up_at__isnull=True, not_before__lte=timezone.now())
            .order_by("not_before", "id")
            .first()
        )
        if message is None:
            return False
        try:
            with transaction.atomic(), correlated():
                _handlers[message.kind](message.payload)
        except Exception as error:
            log.exception("outbox message failed", extra={"outbox_kind": message.kind, "outbox_id": message.pk})
            _postpone(message, error)
        else:
            message.attempts += 1
            message.done_at = timezone.now()
            message.save(update_fields=["attempts", "done_at"])
    return True


def _postpone(message: OutboxMessage, error: Exception) -> None:
    message.attempts += 1
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    if message.attempts >= MAX_ATTEMPTS:
        message.given_up_at = timezone.now()
    message.not_before = timezone.now() + FIRST_PAUSE * 2 ** min(message.attempts, 10)
    message.save(update_fields=["attempts", "last_error", "given_up_at", "not_before"])
