"""The reasons that organisations receive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import guards, walls
from audit.models import Recorded
from grants.models.applications import Application
from grants.states import ApplicationState


@walls.walled
@guards.append_only(recorded=True)
class Feedback(Recorded):
    """The reasons that an organisation receives with a decision: mean points and comments by criterion, strengths, what to change.

    A decision that was reopened keeps its reasons beside those of the decision that replaced it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="feedback")
    outcome = models.CharField(max_length=30, choices=ApplicationState.choices)
    panel_mean = models.CharField(_("panel's mean of 100"), max_length=10)
    criteria = models.JSONField(_("by criterion"))
    strengths = models.TextField(_("strengths"))
    weaknesses = models.TextField(_("weaknesses"))
    advice = models.TextField(_("what to change"))
    appeal_until = models.DateField(_("an appeal is possible until"))

    def __str__(self) -> str:
        return f"{self.application_id}"
