"""Every night: what Stripe's API shows against the books. What was never told is entered, what differs gets an owner."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils import timezone

from funds import giving, stripe_api
from funds.giving import Movement
from funds.selectors import cards as selectors
from funds.services import card_books, cards

log = logging.getLogger(__name__)
LOOK_BACK: Final = timedelta(days=10)
"""Longer than Stripe repeats a delivery (three days)."""
FOLLOW_BACK: Final = timedelta(days=120)
"""As long as bank debits and disputes may take to end."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a night found: gifts asked after, movements entered, differences now open for the first time."""

    followed: int
    entered: int
    differences: int


def reconcile() -> Reconciled:
    """Compare Stripe with the books of the last days; raises `stripe_api.StripeError` when Stripe cannot be asked."""
    now = timezone.now()
    gifts = [one.pk for one in selectors.to_follow(now - FOLLOW_BACK).filter(begun_at__lte=now - timedelta(hours=1))]
    for pk in gifts:
        cards.follow(pk)
    since = now - LOOK_BACK
    at_stripe = list(stripe_api.movements_since(since))
    entered = sum(_enter(one) for one in at_stripe if one.key not in selectors.entries_since(since))
    return Reconciled(len(gifts), entered, _differences(at_stripe, since))


def _enter(movement: Movement) -> bool:
    """Enter what no webhook told of; a movement of a payment is entered with its gift."""
    if movement.intent:
        gift = cards.of_intent(movement.intent)
        return gift is not None and cards.follow(gift.pk).entries.filter(stripe_id=movement.key).exists()
    return card_books.enter(movement, None) is not None


def _differences(at_stripe: list[Movement], since: object) -> int:
    in_books = selectors.entries_since(since)  # type: ignore[arg-type]
    theirs, ours = stripe_api.balances(), selectors.clearing_balances()
    balances = [(one, ours.get(one, 0), theirs.get(one, 0)) for one in sorted(theirs.keys() | ours.keys())]
    found = giving.compare(at_stripe, in_books, balances=balances)
    made = [
        card_books.find_difference(
            one.kind,
            one.about,
            currency=one.currency,
            expected_minor=one.expected_minor,
            found_minor=one.found_minor,
        )
        for one in found
    ]
    return sum(one is not None for one in made)
