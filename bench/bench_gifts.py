"""A thousand webhooks of a hundred gifts by card: told twice, shuffled, with forgeries between; one effect each."""

from collections.abc import Iterator
from time import perf_counter

from django.test import override_settings

from accounts.roles import Role
from bench import Figure
from funds.models import CardEntry, WebhookDelivery
from tests.factories import accounts, stripe_stand_in
from tests.funds.test_cards import storm

GIFTS = 100
TIMES = 2


def measure() -> Iterator[Figure]:
    """Four news or more of each gift; `storm` refuses a second effect, a lost one, and books that are not Stripe's."""
    accounts.officer(Role.FINANCE_OFFICER)
    with (
        stripe_stand_in.serving() as stripe,
        override_settings(ALLOWED_HOSTS=["*"], GIFTS_PER_HOUR=GIFTS, **stripe_stand_in.settings_for(stripe)),
    ):
        start = perf_counter()
        sent = storm(stripe, gifts=GIFTS, times=TIMES)
        seconds = perf_counter() - start
    accepted = WebhookDelivery.objects.filter(verdict="accepted").count()
    yield Figure("gifts", "webhooks delivered: duplicated, shuffled, forged", sent, "deliveries")
    yield Figure("gifts", "different events among them", accepted, "events")
    yield Figure(
        "gifts",
        "movements of Stripe entered, each once",
        CardEntry.objects.count(),
        "",
        expected=GIFTS + GIFTS // 4 + GIFTS // 4 * 2,
    )
    yield Figure("gifts", "all of it, from the first form to the books", seconds, "s")
