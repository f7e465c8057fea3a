"""Of what each person of a donor is told."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit import walls
from funds.models import Donor
from transparency.states import AlertKind


@walls.walled
class DonorAlerts(models.Model):
    """What one person chose for one donor; who chose nothing yet is told of everything that the own role opens.

    It outlives a mandate, and tells nothing without one: whoever reads for the donor is asked at every message.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="alerts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="donor_alerts")
    kinds = ArrayField(models.CharField(max_length=20, choices=AlertKind.choices), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_choice_per_person_and_donor", fields=["donor", "user"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.donor}"
