"""Networks of civil society and the people who vote for them."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import lifecycle
from charter import events
from charter.models import Network, NetworkRepresentative
from charter.services import versions
from kernel.database import lock_rows


@transaction.atomic
def add_network(name: Any, *, joined_on: date, actor: User, reason: str = "") -> Network:
    """A network with a vote from ``joined_on``; ``name`` in the fund's languages. Raises `Refused`."""
    network = Network.objects.create(name=name, joined_on=joined_on)
    lifecycle.note(network, events.NetworkJoined(joined_on=joined_on), actor=actor, reason=reason)
    return network


@transaction.atomic
def end_network(network: Network, *, left_on: date, actor: User, reason: str) -> Network:
    """The network has no vote from ``left_on`` on; what it voted stays. Raises `Refused`.

    A day before it joined counts as the day it joined. When the others have decided already, their decision holds.
    """
    (locked,) = lock_rows(Network.objects.filter(pk=network.pk))
    first_day = max(left_on, locked.joined_on)
    lifecycle.note(locked, events.NetworkLeft(left_on=first_day), actor=actor, reason=reason)
    locked.left_on = first_day
    locked.save(update_fields=["left_on"])
    versions.conclude()
    return locked


@transaction.atomic
def give_mandate(
    network: Network, user: User, *, starts_on: date, actor: User, reason: str = ""
) -> NetworkRepresentative:
    """``user`` votes for ``network`` from ``starts_on``. Raises `Refused`."""
    mandate = NetworkRepresentative(network=network, user=user, starts_on=starts_on)
    lifecycle.note(mandate, events.MandateGiven(person=user.pk, starts_on=starts_on), actor=actor, reason=reason)
    # After its event: PostgreSQL refuses a mandate that was not recorded as given.
    mandate.save(force_insert=True)
    return mandate


@transaction.atomic
def end_mandate(mandate: NetworkRepresentative, *, ends_on: date, actor: User, reason: str) -> NetworkRepresentative:
    """``ends_on`` is the mandate's last day. Raises `Refused`."""
    (locked,) = lock_rows(NetworkRepresentative.objects.filter(pk=mandate.pk))
    last_day = max(ends_on, locked.starts_on)
    event = events.MandateEnded(person=locked.user_id, ends_on=last_day)
    lifecycle.note(locked, event, actor=actor, reason=reason)
    locked.ends_on = last_day
    locked.save(update_fields=["ends_on"])
    return locked
