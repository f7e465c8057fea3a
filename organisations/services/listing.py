"""Consent to the public register, given and withdrawn."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from audit import lifecycle
from organisations import listing_events as events
from organisations.models import Listing, Organisation
from organisations.states import ListingState


@transaction.atomic
def consent_to_register(
    organisation: Organisation, *, sectors: Iterable[str], tells_leadership: bool, actor: User
) -> Listing:
    """Stand in the public register with ``sectors``; a consent of before is replaced. Raises `Refused`."""
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    before = Listing.objects.filter(organisation=locked, state=ListingState.LISTED).first()
    if before is not None:
        withdraw_from_register(before, actor=actor)
    chosen = sorted(set(sectors))
    row = Listing(organisation=locked, sectors=chosen, tells_leadership=tells_leadership, consented_by=actor)
    event = events.ListingConsented(sectors=chosen, tells_leadership=tells_leadership)
    return lifecycle.create(row, event, actor=actor)


def withdraw_from_register(listing: Listing, *, actor: User) -> Listing:
    """Leave the public register at once; raises `Refused`."""
    return lifecycle.move(listing, events.ListingWithdrawn(), actor=actor)
