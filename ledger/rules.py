"""Who records what the books are valued by, and who closes and opens their months."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.rules import rule_for
from kernel.permissions import Denied, PermissionResult
from ledger import events
from ledger.models import Period, ReferenceRate

KEEPERS = (Role.FINANCE_OFFICER, Role.FUND_MANAGER)
"""Offices that close months of the books."""


@rule_for(events.RateRecorded)
def may_record_rate(rate: ReferenceRate | None, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers: the rate of a public bulletin, with its source."""
    return may_hold(actor, Role.FINANCE_OFFICER)


def keeps_months(user: Any) -> PermissionResult:
    """Whether ``user`` closes months and asks to open them."""
    return may_hold(user, *KEEPERS)


@rule_for(events.PeriodLocked, events.PeriodLockedAgain)
def may_lock(period: Period, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager; a month that is over."""
    if period.month >= timezone.localdate().replace(day=1):
        return Denied(_("Only a month that is over can be locked."))
    return keeps_months(actor)


@rule_for(events.PeriodUnlockAsked)
def may_ask_unlock(period: Period, *, actor: Any, event: Any = None) -> PermissionResult:
    """Finance officers and the fund manager, with a reason."""
    return keeps_months(actor)


@rule_for(events.PeriodUnlocked, events.PeriodUnlockDeclined)
def may_decide_unlock(period: Period, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another finance officer, or the fund manager."""
    if actor is not None and period.asked_by_id == actor.pk:
        return Denied(_("You asked to open this month: a second person decides."))
    return keeps_months(actor)
