"""The results framework of an application: outcomes, the outputs below them, and their indicators."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import walls
from grants.guards import fixed_with_application, fixed_with_result
from grants.models.applications import Application
from grants.states import ResultLevel, Split


@walls.walled
@fixed_with_application
class ExpectedResult(models.Model):
    """An outcome, or an output below one. ``order`` is its place in the framework, from 0."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="results")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="outputs")
    level = models.CharField(_("level"), max_length=10, choices=ResultLevel.choices)
    order = models.PositiveSmallIntegerField()
    statement = models.CharField(_("result"), max_length=300)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(name="one_result_at_a_place", fields=["application", "order"]),
            models.CheckConstraint(
                name="outputs_stand_below_outcomes",
                condition=Q(level=ResultLevel.OUTCOME, parent__isnull=True)
                | Q(level=ResultLevel.OUTPUT, parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.statement


@walls.walled
@fixed_with_result
class Indicator(models.Model):
    """By what one sees that a result was reached.

    ``baseline`` is None where it is measured at the start of the project. Submitted with the application and fixed since
    then, it is what the reports of the grant speak of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(ExpectedResult, on_delete=models.CASCADE, related_name="indicators")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("indicator"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    baseline = models.DecimalField(_("baseline"), max_digits=14, decimal_places=2, null=True)
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    split_by = ArrayField(
        models.CharField(max_length=20, choices=Split.choices), default=list, verbose_name=_("counted apart by")
    )
    verification = models.CharField(_("means of verification"), max_length=300)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(name="one_indicator_at_a_place", fields=["result", "order"]),
            models.CheckConstraint(
                name="indicator_counts_up_from_zero",
                condition=Q(target__gte=0) & (Q(baseline__isnull=True) | Q(baseline__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
