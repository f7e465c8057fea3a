"""What stands behind a category of a grant's budget: the lines that were approved, or the change that counted."""

# public: figures of grants, for partners
from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grants.budgets import line_minor
from grants.models import Grant, ReportLine, Revision
from grants.selectors.budgets import approved_budget
from grants.selectors.revisions import changes_to
from kernel.money import Money, shares
from kernel.pieces.words import day_in_words
from ledger.figures import Made, Piece, made_of

AFTER = "after"


def behind_category(grant: Grant, category: str) -> Made | None:
    """A category of the approved budget; None where the budget has no such category."""
    minor = approved_budget(grant).get(category)
    return None if minor is None else made_of(approved(grant, category, Money(minor, grant.currency)), grant.currency)


def approved(grant: Grant, category: str, money: Money) -> Iterator[Piece]:
    """The lines of the approved budget, to those who may read the application: each with its share where less was granted."""
    lines = [one for one in grant.application.budget_lines.all() if one.category == category]
    costs = [line_minor(one) for one in lines]
    if category == ReportLine.INDIRECT or not sum(costs):
        yield Piece(_("Budget as it was approved"), money)
        return
    for one, part in zip(lines, shares(money.minor, costs), strict=True):
        yield Piece(one.description, Money(part, money.currency))


def counted(grant: Grant, category: str, money: Money) -> Iterator[Piece]:
    """A category as a report keeps it: the last change that brought it there, or else the approved budget."""
    found = changes_to(grant, category, money.minor).first()
    if found is None:
        yield from approved(grant, category, money)
    else:
        yield after(found.revision, category, money)


def after(revision: Revision, category: str, money: Money) -> Piece:
    """What a change left of a category, which opens."""
    url = reverse("disbursements:revision_figure", args=[revision.pk, revision.round, AFTER, category])
    return Piece(change_words(revision), money, url)


def change_words(revision: Revision) -> str:
    """A change in words: its kind, its state, since when."""
    day = day_in_words(localdate(revision.moved_at), language=get_language() or "ar")
    return f"{revision.get_kind_display()} · {revision.get_state_display()} · {day}"
