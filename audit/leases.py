"""Leases: a periodic job runs once even where two schedulers call it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.models import Lease


@contextmanager
def lease(name: str, *, duration: timedelta) -> Iterator[bool]:
    """Hold the lease ``name`` for at most ``duration``; yields False when another process holds it."""
    holder = uuid.uuid4()
    taken = _take(name, holder, duration)
    try:
        yield taken
    finally:
        if taken:
            Lease.objects.filter(name=name, holder=holder).update(expires_at=timezone.now())


def _take(name: str, holder: uuid.UUID, duration: timedelta) -> bool:
    now = timezone.now()
    with transaction.atomic():
        Lease.objects.bulk_create([Lease(name=name, holder=holder, expires_at=now)], ignore_conflicts=True)
        return bool(
            Lease.objects.filter(name=name, expires_at__lte=now).update(holder=holder, expires_at=now + duration)
        )
