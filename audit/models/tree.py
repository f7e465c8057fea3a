"""The tree over the leaves: its epochs, tiles, checkpoints and the keys that sign them."""

import pgtrigger
from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, log_events
from audit.merkle import HASH_BYTES
from audit.models.record import Leaf
from audit.models.shapes import Stateful
from audit.states import LogKeyState

models.BinaryField.register_lookup(Length)


def _is_hash(name: str, field: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__length": HASH_BYTES}))


@guards.append_only()
class LogEpoch(models.Model):
    """One tree with one origin. A second one begins only after a rollback that two people acknowledged.

    ``first_leaf`` of a later epoch commits to the last known checkpoint of the one before; ``previous_size`` is the size
    up to which that one still agrees with what was published: leaves behind it get their place in this epoch.
    """

    number = models.PositiveSmallIntegerField(primary_key=True)
    origin = models.CharField(max_length=200, unique=True)
    previous_size = models.BigIntegerField(null=True)
    first_leaf = models.OneToOneField(Leaf, null=True, on_delete=models.PROTECT, related_name="opens_epoch")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="epoch_follows_another",
                condition=models.Q(number=1, previous_size__isnull=True, first_leaf__isnull=True)
                | models.Q(number__gt=1, previous_size__gte=0, first_leaf__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="opened_by_two",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NEW.number > 1 AND NOT EXISTS (
                    SELECT 1 FROM audit_logrestart r WHERE r.leaf_id = NEW.first_leaf_id AND r.state = 'confirmed'
                ) THEN
                    RAISE EXCEPTION 'a new epoch needs an acknowledged rollback' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.origin


@guards.append_only()
class LogTile(models.Model):
    """A full tile: 256 hashes as they are published. ``hash`` is the root over them, one hash of the level above."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.ForeignKey(LogEpoch, on_delete=models.PROTECT, related_name="tiles")
    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=HASH_BYTES)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tile_has_its_own_place", fields=["epoch", "level", "number"]),
            models.CheckConstraint(name="tile_is_full", condition=models.Q(data__length=256 * HASH_BYTES)),
            _is_hash("tile_hash_is_one", "hash"),
        ]

    def __str__(self) -> str:
        return f"{self.epoch_id}/{self.level}/{self.number}"


@guards.append_only()
class LogCheckpoint(models.Model):
    """A size and root that the log's keys signed; ``note`` is the signed note as it was made, without cosignatures.

    ``edge`` are the hashes of the leaves that it is the first to cover and that are in no full tile, so that what was
    signed can be told from what the leaves say later, leaf by leaf.
    """

    id = models.BigAutoField(primary_key=True)
    epoch = models.ForeignKey(LogEpoch, on_delete=models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField(max_length=HASH_BYTES)
    note = models.TextField()
    edge = models.BinaryField(default=bytes)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_checkpoint_of_a_size", fields=["epoch", "size"]),
            models.CheckConstraint(name="checkpoint_has_leaves", condition=models.Q(size__gt=0)),
            _is_hash("checkpoint_root_is_a_hash", "root"),
        ]

    def __str__(self) -> str:
        return f"{self.epoch_id}: {self.size} {bytes(self.root).hex()[:12]}"


@guards.fixed("epoch", "verifier_key")
@guards.guarded
class LogKey(Stateful):
    """A public key of the log as the signer announced it: every key that ever signed an epoch stays readable here."""

    state = FSMField(_("state"), default=LogKeyState.ACTIVE, choices=LogKeyState.choices, editable=False)
    epoch = models.ForeignKey(LogEpoch, on_delete=models.PROTECT, related_name="keys")
    verifier_key = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.verifier_key[:120]

    @transition(
        field=state,
        source=LogKeyState.ACTIVE,
        target=LogKeyState.RETIRED,
        custom={"event": log_events.LogKeyRetired},
    )
    def retire(self) -> None:
        """Edge: the signer no longer holds the key."""
