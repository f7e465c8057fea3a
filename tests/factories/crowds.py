"""Many rows at once, each with a recorded event of its own: for measuring lists, where the services would take minutes."""

import copy
import hashlib
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from audit.models import Leaf, RecordedEvent

M = TypeVar("M", bound=models.Model)


def recorded(rows: list[Any], *, from_state: str = "") -> None:
    """Give every row a leaf and an event about its present state, as the door does."""
    now = timezone.now()
    bodies = [uuid.uuid4().bytes for _ in rows]
    leaves = Leaf.objects.bulk_create(
        [Leaf(kind="many", body=body, leaf_hash=hashlib.sha256(b"\0" + body).digest()) for body in bodies]
    )
    RecordedEvent.objects.bulk_create(
        [
            RecordedEvent(
                leaf=leaf, type="many", subject_type=row._meta.label_lower, subject_id=row.pk, at=now,
                from_state=from_state, to_state=row.state, correlation=uuid.uuid4(),
            )
            for leaf, row in zip(leaves, rows, strict=True)
        ]
    )  # fmt: skip
    for leaf, row in zip(leaves, rows, strict=True):
        row.leaf, row.moved_at = leaf, now


def copies(source: M, number: int, change: Callable[[int, Any], None]) -> list[M]:
    """``number`` rows like ``source`` in their first state, each changed by ``change(index, row)``, inserted at once."""
    model = type(source)
    rows: list[Any] = []
    for index in range(number):
        row: Any = copy.copy(source)
        row._state = copy.copy(source._state)
        row.pk, row._state.adding = uuid.uuid4(), True
        row.state = model._meta.get_field("state").get_default()  # type: ignore[union-attr]
        change(index, row)
        rows.append(row)
    recorded(rows)
    return list(model._default_manager.bulk_create(rows))


def moved(rows: list[Any], state: str) -> None:
    """Move every row along one edge to ``state``."""
    before = rows[0].state
    for row in rows:
        row.state = state
    recorded(rows, from_state=before)
    type(rows[0])._default_manager.bulk_update(rows, ["state", "leaf", "moved_at"])
