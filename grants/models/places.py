"""Places by OCHA's codes: governorates, districts, sub-districts and communities; public."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel.database import FoldedForSearch
from kernel.places import Governorate


class Place(models.Model):
    """A place of OCHA's list; ``level`` 1 is a governorate, 4 a community. Names are found however they are written."""

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"))
    name_ar = models.CharField(_("name in Arabic"), max_length=120)
    name_en = models.CharField(_("name in Latin letters"), max_length=120, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="below")
    governorate = models.CharField(_("governorate"), max_length=4, choices=Governorate.choices)
    ar_key = models.GeneratedField(
        expression=FoldedForSearch("name_ar"), output_field=models.CharField(max_length=240), db_persist=True
    )
    en_key = models.GeneratedField(
        expression=FoldedForSearch("name_en"), output_field=models.CharField(max_length=240), db_persist=True
    )

    class Meta:
        ordering = ["level", "name_ar", "code"]
        indexes = [
            models.Index(fields=["ar_key"], name="places_by_ar"),
            models.Index(fields=["en_key"], name="places_by_en"),
        ]
        constraints = [
            models.CheckConstraint(name="place_has_a_level", condition=models.Q(level__range=(1, 4))),
            models.CheckConstraint(
                name="only_governorates_lie_in_nothing",
                condition=models.Q(level=1, parent__isnull=True) | models.Q(level__gt=1, parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def name(self) -> str:
        """The name as the reader's language writes it."""
        return self.name_ar if get_language() == "ar" else self.name_en or self.name_ar
