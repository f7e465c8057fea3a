"""Closing months of the books, and opening them again by two people."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle
from kernel.permissions import Refused
from ledger import events
from ledger.models import Period
from ledger.selectors import month_sealed


def lock(month: date, *, actor: User) -> Period:
    """Close a month that is over and keep the fingerprint of its transfers; raises `Refused`."""
    first = month.replace(day=1)
    count, sha256 = month_sealed(first)
    period = Period(month=first, transfers=count, sha256=sha256, locked_by=actor)
    event = events.PeriodLocked(month=first, transfers=count, sha256=sha256)
    try:
        with transaction.atomic():
            return lifecycle.create(period, event, actor=actor)
    except IntegrityError as error:
        raise Refused(_("This month was locked before.")) from error


def lock_again(period: Period, *, actor: User) -> Period:
    """Close a month that was opened."""
    count, sha256 = month_sealed(period.month)
    return lifecycle.move(
        period,
        events.PeriodLockedAgain(transfers=count, sha256=sha256),
        actor=actor,
        changes={"transfers": count, "sha256": sha256, "locked_by": actor},
    )


def ask_unlock(period: Period, *, actor: User, reason: str) -> Period:
    """Say why a month must be opened; a second person decides."""
    return lifecycle.move(
        period,
        events.PeriodUnlockAsked(),
        actor=actor,
        reason=reason,
        changes={"asked_by": actor, "decided_by": None},
    )


def unlock(period: Period, *, actor: User) -> Period:
    """Open a month as a second person."""
    return lifecycle.move(period, events.PeriodUnlocked(), actor=actor, changes={"decided_by": actor})


def decline_unlock(period: Period, *, actor: User, reason: str) -> Period:
    """The month stays locked."""
    return lifecycle.move(
        period, events.PeriodUnlockDeclined(), actor=actor, reason=reason, changes={"decided_by": actor}
    )
