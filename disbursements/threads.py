"""The way of a grant's money, and its tranches along the years; every amount of both opens."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from disbursements.models import Tranche
from disbursements.selectors.figures import AMOUNT, COMMITTED, EVERY, PERIOD, link_to
from disbursements.states import TrancheState
from funds.selectors import contributions_visible_to
from grants.models import Grant, GrantFunding, Report
from grants.selectors.grants import funding_of
from kernel.money import Money
from kernel.pieces.data import ThreadLink
from kernel.pieces.tranches import TranchePart
from kernel.pieces.tranches import TrancheState as Part

_PARTS = {
    TrancheState.PLANNED: Part.PLANNED,
    TrancheState.HELD: Part.HELD,
    TrancheState.PAID: Part.PAID,
    TrancheState.RECEIVED: Part.PAID,
}


def in_bar(tranches: Iterable[Tranche]) -> list[tuple[Tranche, Part]]:
    """The tranches with how the bar draws them; cancelled ones are not part of it."""
    return [
        (one, _PARTS.get(TrancheState(one.state), Part.DUE)) for one in tranches if one.state != TrancheState.CANCELLED
    ]


def bar(tranches: Iterable[Tranche]) -> list[TranchePart]:
    """The tranches as the bar draws them."""
    return [TranchePart(Money(one.amount_minor, one.currency), one.due_on, part) for one, part in in_bar(tranches)]


def parts_of(grant: Grant) -> dict[Part, str]:
    """Where the sums under the bar open."""
    return {part: link_to("part_figure", grant.pk, part.value) for part in Part}


def thread(
    grant: Grant, user: Any, *, tranche: Tranche | None = None, report: Report | None = None
) -> list[ThreadLink]:
    """Contribution → call → grant → tranche → report; donors are named to those who may see them."""
    seen = set(contributions_visible_to(user).values_list("pk", flat=True))
    links = [_given(grant, row, seen) for row in funding_of(grant)]
    links.append(ThreadLink(_("Call"), grant.call.reference, reverse("grants:call_detail", args=[grant.call_id])))
    here = tranche is None and report is None
    page = "" if here else link_to("grant_detail", grant.pk)
    whole = Money(grant.amount_minor, grant.currency)
    links.append(ThreadLink(_("Grant"), grant.reference, page, whole, here, link_to("grant_figure", grant.pk, AMOUNT)))
    if tranche is not None:
        money, opens = Money(tranche.amount_minor, tranche.currency), link_to("tranche_figure", tranche.pk)
        links.append(ThreadLink(_("Tranche"), str(tranche.number), "", money, here=True, opens=opens))
    if report is not None:
        money, opens = Money(report.spent_minor, grant.currency), link_to("report_figure", report.pk, PERIOD, EVERY)
        links.append(ThreadLink(_("Report"), report.label, "", money, here=True, opens=opens))
    return links


def _given(grant: Grant, row: GrantFunding, seen: set[Any]) -> ThreadLink:
    """A source: what was committed of it opens for everybody, the contribution for those who may see it."""
    given, money = row.envelope.contribution, Money(row.amount_minor, grant.currency)
    opens = link_to("source_figure", grant.pk, row.pk, COMMITTED)
    if given.pk not in seen:
        return ThreadLink(_("Contribution"), _("a donor of the fund"), "", money, opens=opens)
    page = reverse("funds:contribution_detail", args=[given.pk])
    return ThreadLink(_("Contribution"), given.reference, page, money, opens=opens)
