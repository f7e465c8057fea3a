"""The way of a contribution's money. Higher layers add the links that follow: calls, grants, tranches, reports."""

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from funds.models import Contribution
from kernel.money import Money
from kernel.pieces import ThreadLink

Continuation = Callable[[Contribution], Iterable[ThreadLink]]
_continuations: list[Continuation] = []


def continues(fn: Continuation) -> Continuation:
    """Register ``fn(contribution)``: the links that follow the contribution; asked in the order of registration."""
    if fn not in _continuations:
        _continuations.append(fn)
    return fn


def thread_of(contribution: Contribution, *, here: bool = True) -> list[ThreadLink]:
    """The chain of a contribution: the donor's gift, then whatever higher layers know of it."""
    first = ThreadLink(
        kind=_("Contribution"),
        label=contribution.reference,
        url=reverse("funds:contribution_detail", args=[contribution.pk]),
        money=Money(contribution.amount_minor, contribution.currency),
        here=here,
        opens=reverse("funds:contribution_received", args=[contribution.pk]) if contribution.account_id else "",
    )
    return [first, *(link for fn in _continuations for link in fn(contribution))]
