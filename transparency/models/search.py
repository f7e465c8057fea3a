"""What can be found by words: rows made from published calls and the released table, never from anything else."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.places import Governorate
from kernel.sectors import Sector


class FoundKind(models.TextChoices):
    """What a search can find."""

    CALL = "call", _("Calls")
    GRANT = "grant", _("Grants")
    ORGANISATION = "organisation", _("Organisations")


class SearchRow(models.Model):
    """One thing that can be found.

    ``ref`` names it within its kind: a call's id, a grant's public code, a key of an organisation that tells nothing else.
    ``titles`` and ``texts`` are shown, by language; ``vector`` and ``trigrams`` are compared.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=FoundKind.choices)
    ref = models.CharField(max_length=40)
    titles: Any = models.JSONField(default=dict)
    texts: Any = models.JSONField(default=dict)
    sectors = ArrayField(models.CharField(max_length=30, choices=Sector.choices), default=list)
    governorates = ArrayField(models.CharField(max_length=4, choices=Governorate.choices), default=list)
    month = models.DateField(null=True)
    vector = SearchVectorField()
    trigrams = ArrayField(models.CharField(max_length=3), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(name="found_once", fields=["kind", "ref"])]
        indexes = [
            GinIndex(fields=["vector"], name="search_by_words"),
            GinIndex(fields=["trigrams"], name="search_by_trigrams"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
