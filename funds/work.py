"""What of donors' money waits for a person."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds import rules, selectors
from funds.selectors import cards
from funds.states import ReturnState
from kernel.work import WorkItem, source

TO_CONFIRM = _("Money to confirm")
TO_RELEASE = _("Refund of a gift to decide")
TO_SEE = _("Payout to find in the bank statement")
TO_WRITE_OFF = _("Write-off of a pledge to decide")
TO_RETURN = _("Return to a donor")
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


@source
def promises_and_returns(user: Any) -> Iterable[WorkItem]:
    """Write-offs and returns that another person asked for, and returns that the bank has to pay."""
    if not rules.may_keep(user):
        return
    for asked in selectors.write_offs_to_decide(user):
        url = reverse("funds:write_off_confirm", args=[asked.pk])
        yield WorkItem(str(asked.pledge.donor), url, TO_WRITE_OFF, detail=asked.why)
    for one in selectors.returns_to_handle(user):
        page = "funds:return_release" if one.state == ReturnState.ASKED else "funds:return_pay"
        url = reverse(page, args=[one.pk])
        yield WorkItem(one.contribution.reference, url, TO_RETURN, detail=one.get_state_display())
