"""Outages: the fund notes every minute that it is there; where it was away before a deadline, everybody gets the time back."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from grants import deadline, events, stages
from grants.models import Call, Pulse
from grants.selectors.calls import rules_of
from grants.services.extending import put_off
from grants.states import CallState
from kernel.database import now_in_database
from kernel.permissions import Refused

log = logging.getLogger(__name__)

FRESH: Final = timedelta(minutes=15)
"""While the last beat is older, no call is closed: first it is seen whether its deadline moves."""


def pulse_is_fresh(now: datetime | None = None) -> bool:
    """Whether the fund was there lately; true where its pulse was never taken."""
    last = Pulse.objects.values_list("at", flat=True).first()
    return last is None or (now or now_in_database()) - last < FRESH


@transaction.atomic
def beat(now: datetime | None = None) -> int:
    """Note that the fund is there at ``now``, by the clock of the database; returns how many calls an outage put off.

    A beat needs the database, the queue and a worker. Between two beats that are far apart nobody could be sure to get
    through, so every published or open call whose last hours fell into that time closes later (`deadline.lost`).
    """
    now = now or now_in_database()
    pulse, first = Pulse.objects.select_for_update().get_or_create(pk=Pulse.ONLY, defaults={"at": now})
    began = pulse.at
    if first or now <= began:
        return 0
    pulse.at = now
    pulse.save(update_fields=["at"])
    if now - began < FRESH:
        return 0
    waiting = Call.objects.filter(state__in=[CallState.PUBLISHED, CallState.OPEN], closes_at__gt=began)
    return sum(_put_off(call, began, now) for call in waiting.order_by("pk").select_for_update(no_key=True))


def _put_off(call: Call, began: datetime, ended: datetime) -> bool:
    rules, closing = rules_of(call).deadlines, stages.next_closing(call, now=began)
    longer = deadline.lost(
        closing,
        began=began,
        ended=ended,
        window=timedelta(hours=rules.outage_window_hours),
        least=timedelta(hours=rules.outage_least_hours),
        shortest=timedelta(hours=rules.outage_extension_least_hours),
    )
    if longer is None:
        return False
    closes_at = closing + longer
    event = events.CallMadeUpForOutage(
        closes_at=closes_at.isoformat(),
        previous=closing.isoformat(),
        began=began.isoformat(),
        ended=ended.isoformat(),
    )
    try:
        with transaction.atomic():
            put_off(call, event, closing=closing, by=longer, actor=None)
    except Refused:
        log.exception("a call was not put off after an outage", extra={"call": call.reference})
        return False
    return True
