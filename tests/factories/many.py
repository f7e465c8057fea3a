"""Rows by the hundred, each with its leaf and its event, as PostgreSQL demands them."""

import hashlib
import uuid
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from audit import vault
from audit.models import Leaf, RecordedEvent, Sealing
from audit.sealed import SealedTextField

Row = TypeVar("Row", bound=models.Model)


def copies(row: Row, number: int, **changed: Any) -> list[Row]:
    """``number`` further rows like ``row``, in the state in which such rows begin.

    ``changed`` sets fields: a value, or a function of the copy's number.
    """
    made = [_copy(row, n, changed) for n in range(number)]
    if hasattr(row, "leaf_id"):
        for one, leaf in zip(made, _leaves(row, made), strict=True):
            one.leaf = leaf  # type: ignore[attr-defined]
    return type(row)._default_manager.bulk_create(made)


def _copy(row: Row, number: int, changed: dict[str, Any]) -> Row:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.editable}
    values |= {name: value(number) if callable(value) else value for name, value in changed.items()}
    if hasattr(row, "moved_at"):
        values["moved_at"] = timezone.now()
    made = type(row)(**{name: value for name, value in values.items() if name != row._meta.pk.attname})  # type: ignore[union-attr]
    if isinstance(made, Sealing):
        sealed = next(field for field in made._meta.concrete_fields if isinstance(field, SealedTextField))
        made.data_key = vault.key_for(sealed.subject_of(made))
    return made


def _leaves(row: Any, made: list[Row]) -> list[Leaf]:
    like = RecordedEvent.objects.filter(subject_id=row.pk).order_by("leaf_id")[0]
    bodies = [f"copy {one.pk}".encode() for one in made]
    leaves = Leaf.objects.bulk_create(
        [Leaf(kind=like.type, body=body, leaf_hash=hashlib.sha256(b"\x00" + body).digest()) for body in bodies]
    )
    RecordedEvent.objects.bulk_create(
        [
            RecordedEvent(
                leaf=leaf, type=like.type, subject_type=like.subject_type, subject_id=one.pk, at=timezone.now(),
                from_state="", to_state=like.to_state, correlation=uuid.uuid4(),
            )
            for one, leaf in zip(made, leaves, strict=True)
        ]
    )  # fmt: skip
    return leaves
