"""Data keys: one for each subject whose sealed values the database holds."""

import uuid
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from audit import guards

_MOVES = """
    IF OLD.wrapped IS NULL THEN
        RAISE EXCEPTION '%: the key % was destroyed', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.id <> OLD.id OR NEW.subject_id <> OLD.subject_id OR NEW.made_at <> OLD.made_at THEN
        RAISE EXCEPTION '%: a key stays with its subject', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.wrapped IS NULL AND NOT EXISTS (
        SELECT 1 FROM audit_erasure e WHERE e.data_key_id = OLD.id AND e.state = 'carried_out'
    ) THEN
        RAISE EXCEPTION '%: only an erasure by two people destroys a key', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


@guards.kept
class DataKey(models.Model):
    """The key under which values about one subject are sealed, itself wrapped by a key outside the database.

    ``subject_id`` is the id of the organisation or person. ``wrapped`` is None after an erasure: the row stays, so that what
    was sealed under it says that it was erased and is never taken for damage. ``wrapped_by`` names the outer key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_id = models.UUIDField()
    wrapped = models.BinaryField(null=True)
    wrapped_by = models.CharField(max_length=16)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_living_key_of_a_subject", fields=["subject_id"], condition=Q(wrapped__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="wrapped_anew_or_erased", when=pgtrigger.Before, operation=pgtrigger.Update, func=_MOVES
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def destroyed(self) -> bool:
        """Whether what was sealed under this key is erased."""
        return self.wrapped is None


class Sealing(models.Model):
    """A row with sealed columns (`audit.sealed.SealedTextField`), all of them under ``data_key``."""

    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        """As Django's; sealed columns come as they are stored and are not opened for it."""
        columns = {field.attname for field in self._meta.concrete_fields}
        sealed = {field.attname for field in self._meta.concrete_fields if field.get_internal_type() == "BinaryField"}
        wanted = columns if fields is None else set(fields)
        if wanted - sealed:
            rest = sorted(wanted - sealed)
            super().refresh_from_db(using=using, fields=rest, from_queryset=from_queryset)
        if names := sorted(wanted & sealed):
            stored = type(self)._base_manager.using(using or self._state.db).filter(pk=self.pk).values_list(*names)
            self.__dict__.update(zip(names, stored.get(), strict=True))

    @property
    def is_erased(self) -> bool:
        """Whether the sealed values of this row are gone for ever."""
        return self.data_key.destroyed
