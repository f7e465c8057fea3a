"""States and choices of the log's own objects."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LogKeyState(models.TextChoices):
    ACTIVE = "active", _("signs")
    RETIRED = "retired", _("signs no more")


class LogWitnessState(models.TextChoices):
    REGISTERED = "registered", pgettext_lazy("witness", "registered")
    RETIRED = "retired", pgettext_lazy("witness", "retired")


class WitnessGroup(models.TextChoices):
    DONORS = "donors", _("donors")
    NETWORKS = "networks", _("networks")


class LogRestartState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("log restart", "withdrawn")


class AlarmKind(models.TextChoices):
    """Why the signer does not sign."""

    SMALLER = "smaller", _("the log is shorter than what was published")
    DIFFERENT = "different", _("the log differs from what was published")
    LATER_EPOCH = "later_epoch", _("a later epoch of the log was published")


class ErasureState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("erasure", "proposed")
    CARRIED_OUT = "carried_out", _("carried out")
    WITHDRAWN = "withdrawn", pgettext_lazy("erasure", "withdrawn")


class ErasureGround(models.TextChoices):
    """Why a person's record is destroyed."""

    REQUEST = "request", _("the person asked for it")
    DANGER = "danger", _("the record puts the person in danger")
    UNLAWFUL = "unlawful", _("the record should never have been made")
    EXPIRED = "expired", _("the time for which it was needed is over")
