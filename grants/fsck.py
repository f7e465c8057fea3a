"""Recomputes what ended calls promise of their money."""

from collections.abc import Iterator

from audit import fsck
from grants.models import Envelope
from grants.states import CallState
from ledger.selectors import balances


@fsck.check
def ended_calls_keep_no_money() -> Iterator[str]:
    """Nothing is free in the envelopes of calls that ended: it went back to the contributions that it came from."""
    ended = [CallState.COMPLETED, CallState.CANCELLED]
    envelopes = list(Envelope.objects.filter(call__state__in=ended).select_related("account", "call").order_by("pk"))
    found = balances(one.account for one in envelopes)
    for one in envelopes:
        free = found[one.account_id].available_minor
        if free:
            yield f"call {one.call.reference}: it ended, yet {free} is free on {one.account.code}"
