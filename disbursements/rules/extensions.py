"""When the days of a tranche move."""

from typing import Any

from audit.rules import rule_for, system_only
from disbursements import events
from disbursements.models import Tranche
from grants.rules.extensions import is_in_force
from kernel.permissions import PermissionResult, all_of


@rule_for(events.TrancheRescheduled)
def may_reschedule(tranche: Tranche, *, actor: Any, event: Any) -> PermissionResult:
    """By itself, when an extension of the grant is in force."""
    return all_of(system_only(tranche, actor=actor, event=event), is_in_force(tranche.grant, event))
