"""Life cycle of a charter version."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CharterState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed to the networks")
    RATIFIED = "ratified", _("in force")
    SUPERSEDED = "superseded", _("superseded")
    WITHDRAWN = "withdrawn", _("withdrawn")
