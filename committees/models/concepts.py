"""Members' judgement of concept notes: the first stage of a call in two stages."""

from typing import Any

from django.db import models

from audit import guards, walls
from audit.models import Recorded
from committees.models.seats import Seat
from grants.models import Application


@walls.walled
@guards.append_only(recorded=True)
class ConceptScore(Recorded):
    """One member's points and sentences on one concept note, by criterion; given once."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="concept_scores")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="concept_scores")
    points: Any = models.JSONField()
    sentences: Any = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(name="concept_judged_once", fields=["seat", "application"])]

    def __str__(self) -> str:
        return f"{self.seat} · {self.application_id}"
