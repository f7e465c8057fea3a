"""What the scheduler calls."""

import logging
from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from audit.leases import lease
from funds import stripe_api
from funds.services import endings, reconciling

log = logging.getLogger(__name__)


@shared_task(name="funds.reconcile_cards", ignore_result=True)
def reconcile_cards() -> None:
    """Compare Stripe with the books; without keys there is nothing to compare. The next night tries again what failed."""
    if not stripe_api.is_on():
        return
    with lease("funds.reconcile_cards", duration=timedelta(hours=1)) as mine:
        if not mine:
            return
        try:
            found = reconciling.reconcile()
        except stripe_api.StripeError:
            log.exception("Stripe could not be asked")
            return
        log.info("Stripe and the books compared", extra={"entered": found.entered, "differences": found.differences})


@shared_task(name="funds.follow_pledges", ignore_result=True)
def follow_pledges() -> None:
    """End promises whose last day has passed."""
    with lease("funds.follow_pledges", duration=timedelta(minutes=10)) as mine:
        if mine:
            endings.expire_pledges(timezone.localdate())


SCHEDULE: dict[str, tuple[Any, timedelta]] = {
    "funds.reconcile_cards": (reconcile_cards, timedelta(days=1)),
    "funds.follow_pledges": (follow_pledges, timedelta(hours=6)),
}
