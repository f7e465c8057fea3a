"""Rows by the hundred, each with its leaf and its event, as PostgreSQL demands them: for lists, where services would take minutes."""

import uuid
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from audit import merkle, vault
from audit.models import Leaf, RecordedEvent, Sealing
from audit.sealed import SealedTextField

Row = TypeVar("Row", bound=models.Model)
OWN = {"leaf", "state", "moved_at", "recorded_at", "data_key"}
"""What each row has of itself, besides its key."""


def copies(row: Row, number: int, /, **changed: Any) -> list[Row]:
    """``number`` further rows like ``row``, in the state in which such rows begin.

    ``changed`` sets fields, those that point to other rows by either of their names: a value, or a function of the
    copy's number.
    """
    made = [_copy(row, n, changed) for n in range(number)]
    if hasattr(row, "leaf_id"):
        # A row that was put there without its story (`tests.factories.canaries`) has no event of its own.
        kinds = RecordedEvent.objects.filter(subject_id=row.pk).order_by("leaf_id").values_list("type", flat=True)
        _record(made, kinds.first() or "many")
    return type(row)._default_manager.bulk_create(made)


def _copy(row: Row, number: int, changed: dict[str, Any]) -> Row:
    kept = [
        field.attname
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in OWN and not {field.name, field.attname} & changed.keys()
    ]
    values = {name: getattr(row, name) for name in kept}
    values |= {name: value(number) if callable(value) else value for name, value in changed.items()}
    made = type(row)(**values)
    lock(made)
    return made


def lock(row: Any) -> None:
    """Give a row with sealed columns the living key of its subject, of a new one where it has none."""
    if not isinstance(row, Sealing):
        return
    sealed = next(field for field in row._meta.concrete_fields if isinstance(field, SealedTextField))
    if sealed.subject_of(row) is None:
        setattr(row, sealed.subject, uuid.uuid4())
    row.data_key = vault.key_for(sealed.subject_of(row))


def moved(rows: list[Any], state: str) -> None:
    """Move every row along one edge to ``state``."""
    before = rows[0].state
    for row in rows:
        row.state = state
    _record(rows, "many", from_state=before)
    type(rows[0])._default_manager.bulk_update(rows, ["state", "leaf", "moved_at"])


def _record(rows: list[Any], kind: str, *, from_state: str = "") -> None:
    """Give every row a leaf and an event about its present state, as the door does."""
    now = timezone.now()
    bodies = [uuid.uuid4().bytes for _ in rows]
    leaves = Leaf.objects.bulk_create(Leaf(kind=kind, body=body, leaf_hash=merkle.leaf_hash(body)) for body in bodies)
    RecordedEvent.objects.bulk_create(
        RecordedEvent(
            leaf=leaf, type=kind, subject_type=row._meta.label_lower, subject_id=row.pk, at=now,
            from_state=from_state, to_state=getattr(row, "state", ""), correlation=uuid.uuid4(),
        )
        for leaf, row in zip(leaves, rows, strict=True)
    )  # fmt: skip
    for leaf, row in zip(leaves, rows, strict=True):
        row.leaf, row.moved_at = leaf, now
