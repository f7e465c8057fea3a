"""Suspension, termination and closure of grants."""

from typing import Any

from django.utils import timezone

from audit import lifecycle
from grants import events, reasons
from grants.models import Grant


def suspend(grant: Grant, *, actor: Any, reason: str) -> Grant:
    """No payments until the cause is mended."""
    return lifecycle.move(grant, events.GrantSuspended(), actor=actor, reason=reasons.given(reason))


def resume(grant: Grant, *, actor: Any, reason: str) -> Grant:
    """The cause of the suspension is mended."""
    return lifecycle.move(grant, events.GrantResumed(), actor=actor, reason=reasons.given(reason))


def terminate(grant: Grant, *, actor: Any, reason: str) -> Grant:
    """The board ends the grant early; open tranches are cancelled by a reaction of disbursements."""
    return lifecycle.move(grant, events.GrantTerminated(), actor=actor, reason=reasons.given(reason))


def close(grant: Grant, *, spent_minor: int, refunded_minor: int, actor: Any) -> Grant:
    """Close a grant whose reports are accepted and whose refund is settled; `Refused` names what is missing."""
    return lifecycle.move(
        grant,
        events.GrantClosed(spent_minor=spent_minor, refunded_minor=refunded_minor),
        actor=actor,
        changes={"closed_at": timezone.now()},
    )
