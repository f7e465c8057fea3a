"""Calls that close later, for everybody."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from grants import events, stages
from grants.models import Call
from grants.services.calls import draw, tell_applicants
from kernel.database import now_in_database
from kernel.permissions import Refused


@transaction.atomic
def extend(call: Call, *, closes_at: datetime, actor: Any, reason: str) -> Call:
    """Move the next closing of a published or open call to a later moment, for everybody. Raises `Refused`."""
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    previous = stages.next_closing(locked, now=now_in_database())
    if closes_at <= previous:
        raise Refused(_("The new closing must be later than the present one."))
    if not reason.strip():
        raise Refused(_("Say why the call is extended: everybody can read it."))
    event = events.CallExtended(closes_at=closes_at.isoformat(), previous=previous.isoformat())
    return put_off(locked, event, closing=previous, by=closes_at - previous, actor=actor, reason=reason)


def put_off(call: Call, event: Any, *, closing: datetime, by: timedelta, actor: Any, reason: str = "") -> Call:
    """Move a ``closing`` of the locked call, record ``event`` of it and tell everybody who began an application."""
    moved = stages.put_off(call, closing=closing, by=by)
    lifecycle.note(call, event, actor=actor, reason=reason)
    for name, moment in moved.items():
        setattr(call, name, moment)
    call.save(update_fields=list(moved))
    later = (closing + by).isoformat()
    draw(call, later)
    tell_applicants(call, "grants.call_extended", dedupe=later, closes_at=later)
    return call
