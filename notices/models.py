"""Messages to people: kept here, and told by the way that each of them chose, from the outbox."""

import uuid
from datetime import time

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import walls
from audit.models import Sealing
from audit.sealed import SealedTextField
from notices.states import DeliveryState, Way

ADDRESS_LENGTH = 20


@walls.walled
class Wishes(models.Model):
    """How one person wants to be told; who chose nothing gets each message by e-mail at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.EMAIL)
    titled = models.BooleanField(default=False)
    """Whether a message on a telephone says its title; otherwise only that one waits."""
    daily = models.BooleanField(default=False)
    """Whether messages wait and are told together once a day, at ``daily_at`` on the clocks of Damascus."""
    daily_at = models.TimeField(default=time(8))
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                & ~models.Q(quiet_from=models.F("quiet_until")),
            )
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when until when nothing is told that can wait."""
        return (self.quiet_from, self.quiet_until) if self.quiet_from and self.quiet_until else None


@walls.walled
class Channel(Sealing):
    """A person's number for one way, sealed under her own key. Used from the moment she wrote the code sent to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=[choice for choice in Way.choices if choice[0] != Way.EMAIL])
    address = SealedTextField(_("number"), max_length=ADDRESS_LENGTH, subject="user_id")
    asked_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_channel_of_a_way", fields=["user", "way"])]

    def __str__(self) -> str:
        return f"{self.way} of {self.user_id}"


@walls.walled
class Delivery(models.Model):
    """One handing over of a message, or of a day's messages: written before anything is sent, so that none goes twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10, choices=Way.choices)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.SENDING)
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.way} to {self.user_id}: {self.state}"


class Notice(models.Model):
    """One message to one person: ``kind`` names its wording, ``params`` fill it in, in the reader's language."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    number = models.BigIntegerField(
        editable=False, db_default=models.Func(models.Value("notices_notice_number"), function="nextval")
    )
    """The order of writing among messages of one moment."""
    waits = models.BooleanField(default=False)
    """Whether it waits to be told with the others of a day."""
    delivery = models.ForeignKey(Delivery, on_delete=models.RESTRICT, null=True, related_name="notices")

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notices_of_person"),
            models.Index(fields=["user"], name="notices_of_a_day", condition=models.Q(waits=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"
