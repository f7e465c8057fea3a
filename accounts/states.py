"""Life cycles of offices, invitations and staff sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentState(models.TextChoices):
    HELD = "held", _("held")
    ENDED = "ended", _("ended")


class InvitationState(models.TextChoices):
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StaffSessionState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
