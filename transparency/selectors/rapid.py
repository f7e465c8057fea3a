"""The rapid window for everybody: promised and reached hours of each stage of each alert; no names, no places finer than governorates."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from audit.models import RecordedEvent
from charter.selectors import rules_to_begin_with
from committees.models import Alert
from committees.selectors import alerts
from committees.selectors.alerts import Kept, OnCallNow, PublicAlert
from disbursements.events import PaymentSent
from disbursements.models import Payment
from kernel import identity
from transparency.selectors import home, published

MOST_ALERTS = 100
"""The page shows the latest; sums are over all that it shows."""


@dataclass(frozen=True, slots=True)
class RapidWindow:
    """The whole page: who is on call, how often hours were kept, each alert with its stages."""

    on_call: OnCallNow | None
    kept: list[Kept]
    alerts: list[PublicAlert]


@identity.system("transparency.rapid")
def rapid_window() -> RapidWindow:
    """What anyone may read of the rapid window; a constant number of queries."""
    rows = list(alerts.public_alerts()[:MOST_ALERTS])
    calls = [one.call_id for one in rows if one.call_id]
    paid, counts, now = _first_payments(calls), _counts(calls), timezone.now()
    stages = [alerts.stages_of(one, instructed=_instructed(one, paid), now=now) for one in rows]
    shown = [
        PublicAlert(one, alerts.lines(its), *counts.get(one.call_id, (0, 0)))
        for one, its in zip(rows, stages, strict=True)
    ]
    return RapidWindow(alerts.on_call_now(now), alerts.kept_by_stage(stages), shown)


def _counts(calls: list[UUID]) -> dict[UUID | None, tuple[int, int | None]]:
    """Proposals and awards by call; awards None until all are told, or where they would tell of a few withheld ones.

    An alert names its governorates and its day: one award of it that is not named would be found by them.
    """
    least = rules_to_begin_with().publication.least_partners
    told = Counter(published.told_with_their_call(calls).values_list("grant__call", flat=True))
    waiting = home.waiting(calls)
    return {
        call: (
            sent,
            won if home.may_be_told(won, told[call], least=least, waiting=waiting.get(call, 0)) else None,
        )
        for call, (sent, won) in alerts.proposals(calls).items()
    }


def _instructed(alert: Alert, paid: dict[UUID, datetime]) -> datetime | None:
    return paid.get(alert.call_id) if alert.call_id else None


def _first_payments(calls: list[UUID]) -> dict[UUID, datetime]:
    """When the first payment of each call's grants was released to the bank, by call; two queries."""
    of = dict(Payment.objects.filter(tranche__grant__call__in=calls).values_list("pk", "tranche__grant__call"))
    rows = RecordedEvent.objects.filter(type=PaymentSent.type, subject_id__in=list(of)).order_by("at")
    first: dict[UUID, datetime] = {}
    for payment, moment in rows.values_list("subject_id", "at"):
        first.setdefault(of[payment], moment)
    return first
