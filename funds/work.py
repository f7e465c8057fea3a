"""What of donors' money waits for a person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds import rules, selectors
from funds.selectors import cards
from kernel.work import WorkItem, source

TO_CONFIRM = _("Money to confirm")
TO_RELEASE = _("Refund of a gift to decide")
TO_SEE = _("Payout to find in the bank statement")
TO_EXPLAIN = _("Difference between Stripe and the books")


@source
def contributions_to_confirm(user: Any) -> Iterable[WorkItem]:
    """Money that another person recorded."""
    if not rules.may_keep(user):
        return
    for contribution in selectors.contributions_to_confirm(user):
        url = reverse("funds:contribution_confirm", args=[contribution.pk])
        yield WorkItem(contribution.reference, url, TO_CONFIRM, detail=str(contribution.donor))


@source
def gifts_by_card(user: Any) -> Iterable[WorkItem]:
    """Refunds that another person asked for, payouts on their way, and differences that belong to the person."""
    if not rules.may_keep(user):
        return
    for refund in cards.refunds_to_decide(user):
        url = reverse("funds:refund_release", args=[refund.pk])
        yield WorkItem(refund.gift.reference, url, TO_RELEASE)
    for entry in cards.payouts_to_confirm():
        yield WorkItem(entry.stripe_id, reverse("funds:payout_confirm", args=[entry.pk]), TO_SEE)
    for one in cards.differences_of(user):
        yield WorkItem(
            one.about, reverse("funds:difference_explain", args=[one.pk]), TO_EXPLAIN, detail=one.get_kind_display()
        )
