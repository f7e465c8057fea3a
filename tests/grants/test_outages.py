"""The fund was away before a deadline: everybody gets the time back, once, and is told."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import RecordedEvent
from grants import deadline
from grants.models import Pulse
from grants.services import outages
from notices.models import Notice
from tests.factories import grants as make

CLOSES = datetime(2027, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("began", "ended", "hours"),
    [
        (-10, -7, 24),  # three hours in the last 48
        (-10, -8, None),  # two hours and no more
        (-40, -10, 30),
        (-60, -47, None),  # one hour of it only
        (-60, -45, 24),
        (-3, 5, 24),  # over the deadline: three hours were missing
        (-1, 30, None),
        (-48, 0, 48),
        (1, 9, None),  # afterwards
    ],
)
def test_only_long_outages_in_the_last_hours_count(began: int, ended: int, hours: int | None) -> None:
    longer = deadline.lost(
        CLOSES,
        began=CLOSES + began * HOUR,
        ended=CLOSES + ended * HOUR,
        window=48 * HOUR,
        least=2 * HOUR,
        shortest=24 * HOUR,
    )
    assert longer == (None if hours is None else hours * HOUR)


@pytest.mark.django_db
def test_an_outage_over_the_deadline_puts_it_off_before_anything_closes() -> None:
    application = make.draft_application()
    call = application.call
    closes_at = call.closes_at
    assert outages.beat(closes_at - 50 * HOUR) == 0
    assert outages.beat(closes_at - 50 * HOUR + timedelta(minutes=1)) == 0
    assert outages.beat(closes_at - 47 * HOUR) == 0, "three hours, but one of them only in the last two days"
    call.refresh_from_db()
    assert call.closes_at == closes_at
    last = closes_at - 5 * HOUR
    Pulse.objects.update(at=last)
    back = closes_at + HOUR
    assert not outages.pulse_is_fresh(back)
    assert outages.beat(back) == 1
    assert outages.pulse_is_fresh(back)
    assert outages.beat(back + timedelta(minutes=1)) == 0
    call.refresh_from_db()
    assert call.closes_at == closes_at + 24 * HOUR
    event = RecordedEvent.objects.get(subject_id=call.pk, type="grants.call.made_up_for_outage")
    assert event.actor is None
    assert Notice.objects.filter(kind="grants.call_extended").count() == 2
