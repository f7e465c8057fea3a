"""The log's rows, the outbox, and the two shapes of a recorded object."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import guards


@guards.append_only(except_columns=("seq",))
class Leaf(models.Model):
    """One leaf of the transparency log, written in the transaction of the act it records.

    ``body`` is RFC 8785 JSON kept as the bytes that were hashed; ``leaf_hash`` is SHA-256(0x00 ‖ body) as in RFC 6962.
    ``seq`` is the leaf's place in the tree: the sequencer sets it once, later.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)
    body = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seq = models.BigIntegerField(null=True, unique=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="leaf_seq_not_negative", condition=models.Q(seq__isnull=True) | models.Q(seq__gte=0)
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="leaf_unsequenced", condition=models.Q(seq__isnull=True)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="seq_set_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("seq"),  # type: ignore[no-untyped-call]
                func="IF OLD.seq IS NOT NULL THEN RAISE EXCEPTION 'a leaf keeps its place in the log'; END IF; RETURN NEW;",
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


@guards.append_only()
class Opening(models.Model):
    """What opens a leaf's commitment: the record (RFC 8785 bytes) and the 256-bit nonce, kept apart so that they can be erased.

    ``commit`` in the leaf is HMAC-SHA256(nonce, record); without the nonce a score or a vote cannot be guessed from it.
    """

    leaf = models.OneToOneField(Leaf, primary_key=True, on_delete=models.PROTECT, related_name="opening")
    record = models.BinaryField()
    nonce = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"opening of leaf {self.leaf_id}"


class OutboxMessage(models.Model):
    """An effect outside the database that a committed act owes: mail, file, snapshot, provider call."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, unique=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


class Lease(models.Model):
    """Who runs a periodic job, so that two schedulers are harmless."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.UUIDField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Stateful(models.Model):
    """An object with a life cycle: every move through `audit.lifecycle` brings it the leaf of that move.

    Subclasses add ``state`` (an FSMField) with its transitions and wear `guards.guarded`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+", editable=False)
    moved_at = models.DateTimeField(_("since"), editable=False)

    class Meta:
        abstract = True


class Recorded(models.Model):
    """A decision or statement that never changes after it is made: a score, a vote, an approval.

    Subclasses wear `guards.append_only(recorded=True)`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="+", editable=False)
    recorded_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True
