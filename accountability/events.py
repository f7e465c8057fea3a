"""What happens to a complaint. No event says who complained, of whom, or in which words."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from accountability.states import Outcome, Safety
from audit.events import Event, register


@register
class ComplaintReceived(Event):
    type: ClassVar[str] = "accountability.complaint.received"
    sentence: ClassVar = _("took a complaint in")


@register
class ComplaintTakenUp(Event):
    """Somebody has read it, says what it is about, and looks into it: this is the acknowledgement."""

    type: ClassVar[str] = "accountability.complaint.taken_up"
    sentence: ClassVar = _("took the complaint up")


@register
class ComplaintAssigned(Event):
    """Somebody is named who looks into it."""

    type: ClassVar[str] = "accountability.complaint.assigned"
    sentence: ClassVar = _("said who looks into the complaint")


@register
class ComplaintMoved(Event):
    """It is about something else than was thought: others may have to read it."""

    type: ClassVar[str] = "accountability.complaint.moved"
    sentence: ClassVar = _("moved the complaint to another category")


@register
class ComplaintAnswered(Event):
    type: ClassVar[str] = "accountability.complaint.answered"
    sentence: ClassVar = _("answered the complaint: %(outcome)s")
    labels: ClassVar = {"outcome": Outcome}
    outcome: str


@register
class HandlerExcluded(Event):
    """A case handler is not to read it: it may be about that handler, or somebody close."""

    type: ClassVar[str] = "accountability.complaint.handler_excluded"
    sentence: ClassVar = _("closed the complaint to a case handler")


@register
class MessageWritten(Event):
    type: ClassVar[str] = "accountability.message.written"
    sentence: ClassVar = _("wrote in the complaint")


@register
class SafetyAsked(Event):
    """Months after the answer the fund asked whether anybody took revenge for the complaint."""

    type: ClassVar[str] = "accountability.follow_up.recorded"
    sentence: ClassVar = _("asked about revenge after the complaint: %(found)s")
    labels: ClassVar = {"found": Safety}
    found: str
