"""What stands behind the amounts of a changed budget: the budget lines that were approved, and every change since."""

# public: figures of grants, for partners
from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from disbursements.selectors.budget_figures import AFTER, after, approved, change_words
from disbursements.selectors.figures import BEFORE, EVERY, MOVED, link_to
from grants.models import RevisedAmount, Revision
from grants.selectors.revisions import in_force_before
from kernel.money import Money
from ledger.figures import Made, Piece, made_of

CHANGE_FIGURES: Final = (BEFORE, AFTER, MOVED)


def behind_change(revision: Revision, number: int, name: str, category: str) -> Made | None:
    """One of `CHANGE_FIGURES` of a category, or of all, in one round of the request; None where there is none.

    What moved comes to something together only where money was added.
    """
    rows = {one.category: one for one in revision.amounts.filter(round=number)}
    currency = revision.grant.currency
    if category == EVERY:
        adds = name != MOVED or revision.added_minor > 0
        found = _every(revision, rows.values(), name) if rows and adds else None
    else:
        row = rows.get(category)
        found = None if row is None else _one(revision, row, name)
    return None if found is None else made_of(found, currency)


def _url(revision: Revision, number: int, name: str, category: str) -> str:
    return link_to("revision_figure", revision.pk, number, name, category)


def _every(revision: Revision, rows: Iterable[RevisedAmount], name: str) -> Iterator[Piece]:
    for one in rows:
        amounts = {BEFORE: one.before_minor, AFTER: one.after_minor, MOVED: one.after_minor - one.before_minor}
        money = Money(amounts[name], revision.grant.currency)
        yield Piece(one.get_category_display(), money, _url(revision, one.round, name, one.category))


def _one(revision: Revision, row: RevisedAmount, name: str) -> Iterator[Piece]:
    currency = revision.grant.currency
    before, now = (Money(minor, currency) for minor in (row.before_minor, row.after_minor))
    stood = Piece(_("Before"), before, _url(revision, row.round, BEFORE, row.category))
    if name == BEFORE:
        yield from _stood(revision, row)
    elif name == AFTER:
        yield stood
        if moved := now - before:
            yield Piece(_("Moved by"), moved, hint=change_words(revision))
    else:
        yield Piece(_("After"), now, _url(revision, row.round, AFTER, row.category))
        yield Piece(stood.label, -before, stood.url)


def _stood(revision: Revision, row: RevisedAmount) -> Iterator[Piece]:
    """What an earlier change in force left, or the approved budget."""
    money, earlier = Money(row.before_minor, revision.grant.currency), in_force_before(row)
    if not money:
        return
    if earlier is None:
        yield from approved(revision.grant, row.category, money)
        return
    yield after(earlier, row.category, money)
