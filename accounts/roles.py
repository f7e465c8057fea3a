"""Offices of the fund that a person may hold for a time (domain: roles and decision rights)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Offices; seats, organisations' people, networks' and donors' representatives are memberships of their own."""

    PROGRAMME_OFFICER = "programme_officer", _("Programme officer")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    FUND_MANAGER = "fund_manager", _("Fund manager")
    BOARD_MEMBER = "board_member", _("Board member")
    TECHNICAL_REVIEWER = "technical_reviewer", _("Technical reviewer")
    APPEALS_PANELIST = "appeals_panelist", _("Member of the appeals panel")
    AUDITOR = "auditor", _("Auditor")
    CASE_HANDLER = "case_handler", _("Case handler")
    ADMINISTRATOR = "administrator", _("Administrator of people and offices")


LOG_GUARDIANS = (Role.ADMINISTRATOR, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices whose holders, two of them, acknowledge a rollback of the log."""
