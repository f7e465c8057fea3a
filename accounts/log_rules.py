"""Who may act on the log: register witnesses, and acknowledge that it was rolled back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import LOG_GUARDIANS, Role
from accounts.rules import may_hold, role_rule
from audit.events import Event
from audit.log_events import (
    LogRestartConfirmed,
    LogRestartProposed,
    LogRestartWithdrawn,
    WitnessRegistered,
    WitnessRetired,
)
from audit.models import LogRestart
from audit.rules import rule_for
from kernel.permissions import Denied, PermissionResult

rule_for(WitnessRegistered, WitnessRetired)(role_rule(Role.ADMINISTRATOR))
rule_for(LogRestartProposed, LogRestartWithdrawn)(role_rule(*LOG_GUARDIANS))


@rule_for(LogRestartConfirmed)
def may_confirm_restart(restart: LogRestart, *, actor: Any, event: Event) -> PermissionResult:
    """A second person of these offices, never the one who proposed."""
    if actor is not None and actor.pk == restart.proposed_by_id:
        return Denied(_("Another person has to confirm: you proposed this yourself."))
    return may_hold(actor, *LOG_GUARDIANS)
