"""The waqf behind a donor's money: its deed, whose conditions stand with the source, and who looks after it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import guards
from audit.models import Recorded
from funds.states import Group
from kernel.files import UploadTo, private_storage
from kernel.places import Governorate
from kernel.sectors import Sector


@guards.append_only(recorded=True)
class Waqf(Recorded):
    """Capital that is kept for ever: only its yield is given. The latest of its deeds counts."""

    donor = models.ForeignKey("funds.Donor", on_delete=models.PROTECT, related_name="waqfs")
    name = models.CharField(_("name of the waqf"), max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at"]

    def __str__(self) -> str:
        return self.name


@guards.append_only(recorded=True)
class WaqfDeed(Recorded):
    """The founder's deed as it was filed: a later one (a new nazir, a judge's amendment) counts before it.

    The lists say in the codes of the fund what the yield may serve; empty lists restrict nothing.
    """

    waqf = models.ForeignKey(Waqf, on_delete=models.PROTECT, related_name="deeds")
    founder = models.CharField(_("founder"), max_length=200)
    deeded_on = models.DateField(_("date of the deed"))
    conditions = models.TextField(_("conditions of the founder"))
    nazir = models.CharField(_("nazir"), max_length=200)
    """Who looks after the waqf and answers for its yield."""
    sectors = ArrayField(models.CharField(max_length=30, choices=Sector.choices), default=list, blank=True)
    governorates = ArrayField(models.CharField(max_length=4, choices=Governorate.choices), default=list, blank=True)
    groups = ArrayField(models.CharField(max_length=20, choices=Group.choices), default=list, blank=True)
    file = models.FileField(_("document"), storage=private_storage, upload_to=UploadTo("deeds"))
    sha256 = models.CharField(max_length=64)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.waqf}, {self.deeded_on}"
