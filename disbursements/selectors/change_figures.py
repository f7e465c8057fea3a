"""What stands behind the amounts of a changed budget: the budget lines that were approved, and every change since."""

# public: figures of grants, for partners
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements.selectors.figures import BEFORE, EVERY, link_to
from grants.budgets import line_minor
from grants.models import ReportLine, RevisedAmount, Revision
from grants.selectors.revisions import in_force_before
from kernel.money import Money, shares
from kernel.pieces.words import day_in_words
from ledger.figures import Made, Piece, made_of

AFTER, MOVED = "after", "moved"
CHANGE_FIGURES: Final = (BEFORE, AFTER, MOVED)


def behind_change(revision: Revision, number: int, name: str, category: str) -> Made | None:
    """One of `CHANGE_FIGURES` of a category, or of all, in one round of the request; None where there is none."""
    rows = {one.category: one for one in revision.amounts.filter(round=number)}
    currency = revision.grant.currency
    if category == EVERY:
        found = _every(revision, rows.values(), name) if rows and name != MOVED else None
    else:
        row = rows.get(category)
        found = None if row is None else _one(revision, row, name)
    return None if found is None else made_of(found, currency)


def _url(revision: Revision, number: int, name: str, category: str) -> str:
    return link_to("revision_figure", revision.pk, number, name, category)


def _every(revision: Revision, rows: Iterable[RevisedAmount], name: str) -> Iterator[Piece]:
    for one in rows:
        minor = one.before_minor if name == BEFORE else one.after_minor
        money = Money(minor, revision.grant.currency)
        yield Piece(one.get_category_display(), money, _url(revision, one.round, name, one.category))


def _one(revision: Revision, row: RevisedAmount, name: str) -> Iterator[Piece]:
    currency = revision.grant.currency
    before, after = (Money(minor, currency) for minor in (row.before_minor, row.after_minor))
    stood = Piece(_("Before"), before, _url(revision, row.round, BEFORE, row.category))
    if name == BEFORE:
        yield from _stood(revision, row)
    elif name == AFTER:
        yield stood
        if moved := after - before:
            yield Piece(_("Moved by"), moved, hint=_state_of(revision))
    else:
        yield Piece(_("After"), after, _url(revision, row.round, AFTER, row.category))
        yield Piece(stood.label, -before, stood.url)


def _state_of(revision: Revision) -> str:
    day = day_in_words(localdate(revision.moved_at), language=get_language() or "ar")
    return f"{revision.get_kind_display()} · {revision.get_state_display()} · {day}"


def _stood(revision: Revision, row: RevisedAmount) -> Iterator[Piece]:
    """What an earlier change in force left, or the approved budget."""
    money, earlier = Money(row.before_minor, revision.grant.currency), in_force_before(row)
    if not money:
        return
    if earlier is None:
        yield from _approved(revision, row, money)
        return
    url = _url(earlier, earlier.round, AFTER, row.category)
    yield Piece(_state_of(earlier), money, url)


def _approved(revision: Revision, row: RevisedAmount, money: Money) -> Iterator[Piece]:
    """The lines of the budget, to those who may read the application: each with its share where less was granted."""
    lines = [one for one in revision.grant.application.budget_lines.all() if one.category == row.category]
    costs = [line_minor(one) for one in lines]
    if row.category == ReportLine.INDIRECT or not sum(costs):
        yield Piece(_("Budget as it was approved"), money)
        return
    for one, part in zip(lines, shares(money.minor, costs), strict=True):
        yield Piece(one.description, Money(part, money.currency))
