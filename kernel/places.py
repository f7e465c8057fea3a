"""The fourteen governorates of Syria by OCHA's admin-1 place code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Governorate(models.TextChoices):
    """A governorate; the value is its p-code (OCHA common operational datasets)."""

    DAMASCUS = "SY01", _("Damascus")
    ALEPPO = "SY02", _("Aleppo")
    RURAL_DAMASCUS = "SY03", _("Rural Damascus")
    HOMS = "SY04", _("Homs")
    HAMA = "SY05", _("Hama")
    LATTAKIA = "SY06", _("Lattakia")
    IDLEB = "SY07", _("Idleb")
    AL_HASAKEH = "SY08", _("Al-Hasakeh")
    DEIR_EZ_ZOR = "SY09", _("Deir-ez-Zor")
    TARTOUS = "SY10", _("Tartous")
    AR_RAQQA = "SY11", _("Ar-Raqqa")
    DARA = "SY12", _("Dar'a")
    AS_SWEIDA = "SY13", _("As-Sweida")
    QUNEITRA = "SY14", _("Quneitra")
