"""Going on after a rollback: one person proposes a new epoch, another confirms it."""

import re
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle, log_events, sequencer
from audit.models import LogAlarm, LogCheckpoint, LogEpoch, LogRestart
from audit.rollback import epoch_number
from audit.states import LogRestartState
from kernel.permissions import Refused

_LEAF = re.compile(r"[0-9a-f]{64}")


def open_alarm() -> LogAlarm | None:
    """The newest reason for which the signer does not sign the current epoch; none once it signs again."""
    epoch = LogEpoch.objects.order_by("-number").first()
    alarm = LogAlarm.objects.filter(epoch=epoch).order_by("-found_at").first() if epoch else None
    over = alarm is not None and LogCheckpoint.objects.filter(epoch=epoch, signed_at__gt=alarm.found_at).exists()
    return None if over else alarm


def open_proposal() -> LogRestart | None:
    """The proposal that waits for a second person."""
    waiting = LogRestart.objects.filter(state=LogRestartState.PROPOSED).select_related("alarm__epoch", "proposed_by")
    return waiting.first()


def propose(alarm: LogAlarm, *, actor: Any, reason: str, lost: list[str] | None = None) -> LogRestart:
    """Propose to go on in a new epoch; ``lost`` are leaf hashes (hexadecimal) that receipts show and the database lost.

    Raises `Refused` without a reason, for what is no hash, and when the alarm belongs to an epoch that is over.
    """
    _ask_for_reason(reason)
    hashes = sorted(set(lost or []))
    if not all(_LEAF.fullmatch(text) for text in hashes):
        raise Refused(_("A leaf hash has 64 hexadecimal digits."))
    if alarm.epoch != sequencer.current_epoch():
        raise Refused(_("A newer epoch of the log has begun since."))
    event = log_events.LogRestartProposed(
        origin=alarm.epoch.origin, seen_size=alarm.seen_size, agreed_size=alarm.agreed_size, lost=hashes
    )
    return lifecycle.create(LogRestart(alarm=alarm, lost=hashes, proposed_by=actor), event, actor=actor, reason=reason)


@transaction.atomic
def confirm(restart: LogRestart, *, actor: Any, reason: str) -> LogEpoch:
    """Acknowledge the rollback: the leaf of this act is the first of the new epoch. Raises `Refused`."""
    _ask_for_reason(reason)
    # No leaf finds its place in the old epoch while the new one begins.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sequencer.LOCK])
    alarm = restart.alarm
    if alarm.epoch != sequencer.current_epoch():
        raise Refused(_("A newer epoch of the log has begun since."))
    number = 1 + max(alarm.epoch.number, epoch_number(alarm.seen_origin))
    event = log_events.LogRestartConfirmed(
        origin=sequencer.origin_of(number),
        previous_origin=alarm.seen_origin,
        previous_note=alarm.seen_note,
        seen_size=alarm.seen_size,
        agreed_size=alarm.agreed_size,
        lost=list(restart.lost),
    )
    moved = lifecycle.move(restart, event, actor=actor, reason=reason, changes={"confirmed_by": actor})
    return LogEpoch.objects.create(
        number=number, origin=event.origin, previous_size=alarm.agreed_size, first_leaf=moved.leaf
    )


def withdraw(restart: LogRestart, *, actor: Any, reason: str) -> LogRestart:
    """Take a proposal back, for example because the newer database was found."""
    _ask_for_reason(reason)
    return lifecycle.move(restart, log_events.LogRestartWithdrawn(), actor=actor, reason=reason)


def _ask_for_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."))
