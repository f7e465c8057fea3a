"""Life cycles of a withholding, a public report and a safety review, and what they can rest on."""

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


class SafetyState(models.TextChoices):
    """Where the safety review of a partner's report stands; donors read it in one of these states alone."""

    WAITING = "waiting", _("waits for a first reader")
    PROPOSED = "proposed", _("waits for a second reader")
    CLEARED = "cleared", _("donors read it")
    KEPT_BACK = "kept_back", _("kept back from donors")


class ReportPart(models.TextChoices):
    """Parts of a report that can be kept from donors while the rest is read."""

    ACHIEVED = "achieved", _("what was achieved")
    DID_NOT_WORK = "did_not_work", _("what did not work, and what we learned")
    PARTICIPATION = "participation", _("how the community took part")
    PEOPLE = "people", _("the number of people reached")
    SPENDING = "spending", _("spending by category")
    EXPLANATIONS = "explanations", _("explanations of spending")


class AlertKind(models.TextChoices):
    """Of what a person of a donor can be told. A message says that it happened, never of whom or how much."""

    MONEY_RECEIVED = "money_received", _("your money arrived and is confirmed")
    TRANCHE_PAID = "tranche_paid", _("a partner was paid with your money")
    REPORT_CLEARED = "report_cleared", _("a partner's report can be read")
    REPORT_LATE = "report_late", _("a partner's report is late")
    GRANT_SUSPENDED = "grant_suspended", _("a grant with your money is suspended or ended early")
    GRANT_CLOSED = "grant_closed", _("a grant with your money is closed")
    CONCENTRATION = "concentration", _("the fund depends on one donor more than its charter wants")
