"""What a complaint is about, where it stands, and what came of it (domain specification §3.14)."""
# public: what a complaint is about and where it stands, for who complained

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """What is complained about; it decides who reads the complaint."""

    FEEDBACK = "feedback", _("Praise, an idea, a question")
    PROCESS = "process", _("How the fund decides or works")
    PROGRAMME = "programme", _("The quality of a project")
    CONDUCT = "conduct", _("How somebody of the fund or a partner behaved")
    FRAUD = "fraud", _("Fraud, corruption, misuse of money")
    EXPLOITATION = "exploitation", _("Sexual exploitation, abuse or harassment; harm to a child")
    DATA = "data", _("Personal data that came into wrong hands")
    RETALIATION = "retaliation", _("Revenge for a complaint")


RESTRICTED: Final = (
    Category.CONDUCT, Category.FRAUD, Category.EXPLOITATION, Category.DATA, Category.RETALIATION,
)  # fmt: skip
"""Read by case handlers alone: who is complained of may sit in the secretariat."""
URGENT: Final = (Category.EXPLOITATION,)
"""Acknowledged and assigned within hours, not days."""


class ComplaintState(models.TextChoices):
    RECEIVED = "received", _("received, waits for somebody to take it up")
    IN_INQUIRY = "in_inquiry", _("taken up, being looked into")
    ANSWERED = "answered", _("answered, with reasons")


class Outcome(models.TextChoices):
    """What the inquiry found."""

    SUBSTANTIATED = "substantiated", _("it is right")
    UNSUBSTANTIATED = "unsubstantiated", _("it is not right")
    INSUFFICIENT = "insufficient", _("it could not be found out")
    NOTED = "noted", _("noted with thanks; there was nothing to find out")


class Safety(models.TextChoices):
    """What came out when the fund asked, months later, whether anybody took revenge."""

    SAFE = "safe", _("nobody took revenge")
    REVENGE = "revenge", _("somebody took revenge")
    SILENT = "silent", _("nobody could be reached")
