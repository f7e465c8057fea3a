"""Letters: what the fund wrote to an organisation about a decision, word for word."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import guards, walls
from audit.models import Recorded
from grants.models.applications import Application
from grants.states import ApplicationState


@walls.walled
@guards.append_only(recorded=True)
class Letter(Recorded):
    """One letter about one decision; ``content`` is all that it says, in its language, and never changes.

    ``content_sha256`` is the hash of the content as canonical JSON; it stands in the log and at the foot of the letter.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    outcome = models.CharField(max_length=30, choices=ApplicationState.choices)
    language = models.CharField(max_length=2)
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.reference
