"""The fund's pulse: when it was last there."""

from typing import Final

from django.db import models


class Pulse(models.Model):
    """One row: the last minute in which database, queue and worker were all there (`grants.services.outages`)."""

    ONLY: Final = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_pulse", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
