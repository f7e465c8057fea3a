"""What an act leaves: leaf, event, opening."""

import pgtrigger
from django.conf import settings
from django.db import models

from audit import guards


@guards.append_only(except_columns=("seq", "epoch_id"))
class Leaf(models.Model):
    """One leaf of the transparency log, written in the transaction of the act it records.

    ``body`` is RFC 8785 JSON kept as the bytes that were hashed; ``leaf_hash`` is SHA-256(0x00 ‖ body) as in RFC 6962.
    ``seq`` is the leaf's index in the tree of its ``epoch``: the sequencer sets both once, later. Only a newer epoch, opened
    after a rollback, may give a leaf another place, and only where its old one was never published.
    """

    updatable_columns = ("seq", "epoch_id")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seq = models.BigIntegerField(null=True, editable=False)
    epoch = models.ForeignKey("LogEpoch", null=True, on_delete=models.PROTECT, related_name="leaves", editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leaf_seq_not_negative", condition=models.Q(seq__isnull=True) | models.Q(seq__gte=0)
            ),
            models.CheckConstraint(
                name="leaf_place_is_whole",
                condition=models.Q(seq__isnull=True, epoch__isnull=True)
                | models.Q(seq__isnull=False, epoch__isnull=False),
            ),
            models.UniqueConstraint(name="leaf_has_its_own_place", fields=["epoch", "seq"]),
        ]
        indexes = [
            models.Index(fields=["id"], name="leaf_unsequenced", condition=models.Q(seq__isnull=True)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="begins_unplaced",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NEW.seq IS NOT NULL THEN
                    RAISE EXCEPTION 'a leaf gets its place from the sequencer' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="seq_set_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("seq", "epoch_id"),  # type: ignore[no-untyped-call]
                func="""
                IF OLD.seq IS NOT NULL AND (NEW.seq IS NULL OR NOT EXISTS (
                    SELECT 1 FROM audit_logepoch e
                    WHERE e.number = NEW.epoch_id AND e.number > OLD.epoch_id AND e.previous_size <= OLD.seq
                )) THEN
                    RAISE EXCEPTION 'a leaf keeps its place in the log' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {bytes(self.leaf_hash).hex()[:12]}"


@guards.append_only()
class RecordedEvent(models.Model):
    """What a leaf is about: the queryable side of an event. Its wording and fields are in the `Opening`."""

    leaf = models.OneToOneField(Leaf, primary_key=True, on_delete=models.PROTECT, related_name="event")
    type = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    rules_version = models.PositiveIntegerField(null=True)
    correlation = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "leaf"], name="event_of_subject"),
            models.Index(fields=["type", "at"], name="event_of_type"),
            models.Index(fields=["actor", "at"], name="event_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_id}"


_ERASED = """EXISTS (
    SELECT 1 FROM audit_erasureitem i JOIN audit_erasure e ON e.id = i.erasure_id
    WHERE i.leaf_id = OLD.leaf_id AND e.state = 'carried_out'
)"""


@guards.erasable(allowed_when=_ERASED)
class Opening(models.Model):
    """What opens a leaf's commitment: the record (RFC 8785 bytes) and the 256-bit nonce, kept apart so that they can be erased.

    ``commit`` in the leaf is HMAC-SHA256(nonce, record); without the nonce a score or a vote cannot be guessed from it.
    """

    leaf = models.OneToOneField(Leaf, primary_key=True, on_delete=models.PROTECT, related_name="opening")
    record = models.BinaryField()
    nonce = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"opening of leaf {self.leaf_id}"
