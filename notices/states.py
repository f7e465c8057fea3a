"""Ways by which messages travel, and what became of one."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Way(TextChoices):
    """E-mail reaches everybody; the others are of those who confirmed a number of theirs."""

    EMAIL = "email", _("E-mail")
    TELEGRAM = "telegram", "Telegram"
    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", _("SMS")


class DeliveryState(TextChoices):
    """What the fund knows of a message on its way."""

    SENDING = "sending", _("on its way")
    SENT = "sent", _("handed over")
    FAILED = "failed", _("not taken; sent by e-mail instead")
    UNKNOWN = "unknown", _("perhaps taken; sent by e-mail as well")
