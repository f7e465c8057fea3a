"""Organisations that take part in a project beside the applicant."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit import walls
from grants.guards import fixed_with_application
from grants.models.applications import Application
from grants.states import PartnerRole


@walls.walled
@fixed_with_application
class ApplicationPartner(models.Model):
    """An organisation that takes part in the project beside the applicant, by the name that the applicant wrote.

    ``name_key`` is the name folded, by which conflicts of interest are computed; ``share_percent`` its part of the money.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(_("partner"), max_length=200)
    name_key = models.CharField(max_length=200, db_index=True, editable=False)
    role = models.CharField(
        _("part in the project"), max_length=10, choices=PartnerRole.choices, default=PartnerRole.CARRYING
    )
    share_percent = models.PositiveSmallIntegerField(_("share of the money"), null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="partner_named_once", fields=["application", "name_key"]),
            models.CheckConstraint(
                name="partner_takes_a_part",
                condition=Q(share_percent__isnull=True) | Q(share_percent__range=(1, 99)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
