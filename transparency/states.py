"""Life cycle of a withholding, and what it can rest on."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WithholdingState(models.TextChoices):
    IN_FORCE = "in_force", _("in force")
    LIFT_PROPOSED = "lift_proposed", _("proposed to be lifted")
    LIFTED = "lifted", _("lifted")


WITHHOLDS = (WithholdingState.IN_FORCE, WithholdingState.LIFT_PROPOSED)
"""States in which the parts stay withheld."""


class Ground(models.TextChoices):
    """Who or what asks that something is withheld (domain specification §6.3)."""

    PARTNER = "partner", _("the organisation asks for it")
    OFFICER = "officer", _("the secretariat sees a danger")
    COMMITTEE = "committee", _("the committee decided so")
    CALL = "call", _("the call says so")
    CHARTER = "charter", _("the charter withholds it in this sector")


class WithheldPart(models.TextChoices):
    """Parts of a grant that can be withheld: the values of `transparency.release.facts.Part`, in words."""

    NAME = "name", _("the organisation's name (with it the title and the exact amount)")
    TITLE = "title", _("the title")
    PLACE = "place", _("the governorates")
    AMOUNT = "amount", _("the exact amount")


class ConsentState(models.TextChoices):
    """Whether the organisation of a grant agrees to be named."""

    GIVEN = "given", pgettext_lazy("consent", "given")
    TAKEN_BACK = "taken_back", pgettext_lazy("consent", "taken back")


class PaperState(models.TextChoices):
    """Life of a public report."""

    ASKED = "asked", _("being drawn")
    DRAWN = "drawn", _("waits for the board")
    APPROVED = "approved", _("approved, not published yet")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("not published")
    TAKEN_BACK = "taken_back", _("taken back: something in it is withheld now")
