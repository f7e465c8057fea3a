"""Registration of events, and leases."""

from datetime import timedelta
from typing import ClassVar

import pytest
from django.utils import timezone

from audit import events
from audit.leases import lease
from audit.models import Lease


def test_a_type_is_well_formed() -> None:
    class Badly(events.Event):
        type = "Badly named"
        sentence = "x"

    with pytest.raises(ValueError, match=r"app\.object\.past_tense"):
        events.register(Badly)


def test_a_type_belongs_to_one_event() -> None:
    first = next(iter(events.registered().values()))

    class Second(events.Event):
        type: ClassVar[str] = first.type
        sentence = "x"

    with pytest.raises(ValueError, match="two events"):
        events.register(Second)


@pytest.mark.django_db
def test_a_lease_is_held_by_one() -> None:
    with lease("job", duration=timedelta(minutes=5)) as first:
        with lease("job", duration=timedelta(minutes=5)) as second:
            assert (first, second) == (True, False)
        assert Lease.objects.get(name="job").expires_at > timezone.now()
    with lease("job", duration=timedelta(minutes=5)) as again:
        assert again


@pytest.mark.django_db
def test_a_lease_of_a_dead_holder_runs_out() -> None:
    with lease("job", duration=timedelta(minutes=5)):
        Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with lease("job", duration=timedelta(minutes=5)) as second:
            assert second
