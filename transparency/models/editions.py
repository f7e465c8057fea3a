"""The charts of the public dashboard as the worker drew them: a page reads, nothing is computed for it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DashboardEdition(models.Model):
    """One drawing of all charts; the newest is what the public sees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    drawn_at = models.DateTimeField(auto_now_add=True)
    data_sha256 = models.CharField(max_length=64)
    funds = models.JSONField(default=dict)
    years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    headlines = models.JSONField(default=dict)

    class Meta:
        ordering = ["-drawn_at"]
        get_latest_by = "drawn_at"

    def __str__(self) -> str:
        return f"{self.drawn_at:%Y-%m-%d %H:%M}"


class DashboardChart(models.Model):
    """A chart in one language for one fund and year (empty and 0: all): picture, sentence and table of the same data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(DashboardEdition, on_delete=models.CASCADE, related_name="charts")
    chart = models.CharField(max_length=30)
    language = models.CharField(max_length=5)
    fund = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    by_year = models.BooleanField()
    title = models.TextField()
    unit = models.TextField(blank=True)
    sentence = models.TextField()
    note = models.TextField(blank=True)
    svg = models.TextField(blank=True)
    columns = models.JSONField()
    rows = models.JSONField()
    summed = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "fund", "year", "chart"], name="one_chart_per_key_and_edition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.chart} {self.language} {self.fund or '*'} {self.year or '*'}"
