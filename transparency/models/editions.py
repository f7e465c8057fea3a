"""The charts of the public dashboards as the worker drew them: a page reads, nothing is computed for it."""

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


class FundEdition(models.Model):
    """What all charts of the fund's own money have in common; one row, the lock of whoever draws.

    ``tag`` changes whenever a chart does; ``headlines`` are sums in minor units of ``currency``, ``choices`` what a page
    can be narrowed to, ``marks`` a fingerprint of the facts of each chart and scope as they were drawn last.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    drawn_at = models.DateTimeField(null=True)
    tag = models.CharField(max_length=32, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    headlines = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(name="one_edition_of_the_fund", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.tag


class FundChart(models.Model):
    """A chart of the fund's own money in one language, narrowed to a year, a governorate or a sector (0, empty: all)."""

    id = models.BigAutoField(primary_key=True)
    chart = models.CharField(max_length=30)
    topic = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    year = models.PositiveSmallIntegerField(default=0)
    governorate = models.CharField(max_length=4, blank=True)
    sector = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField()
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
                fields=["topic", "language", "year", "governorate", "sector", "chart"], name="one_chart_per_scope"
            )
        ]

    def __str__(self) -> str:
        return f"{self.chart} {self.language} {self.year or '*'} {self.governorate or '*'} {self.sector or '*'}"
