"""What stands behind a figure of the books: transfers with their signs, which add up to it; a page shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q

from kernel import identity
from kernel.money import Money
from ledger.models import Account, Transfer, TransferKind

PAGE: Final = 50
Told = tuple[Transfer, Money]


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure, and the transfers that add up to it, newest first."""

    total: Money
    rows: list[Told]


def adding_up(rows: Iterable[Told], currency: str) -> Behind:
    """What the rows sum to, with them."""
    listed = list(rows)
    return Behind(sum((money for _one, money in listed), Money(0, currency)), listed)


@identity.system("ledger.figures")
def behind_free(account: Account) -> Behind:
    """What may still be used of an account of the credit side: what came, less what went and what is reserved.

    A reservation counts when it is made; its end counts by what it gives back.
    """
    moved = Transfer.objects.filter(Q(debit=account) | Q(credit=account)).select_related(
        "debit", "credit", "leaf", "pending"
    )
    told = [(one, Money(_effect(one, account), account.currency)) for one in moved.order_by("-id")]
    return adding_up([(one, money) for one, money in told if money.minor], account.currency)


def _effect(one: Transfer, account: Account) -> int:
    """By how much a transfer changes what is free."""
    if one.credit_id == account.pk:
        return one.amount_minor if one.kind in {TransferKind.POST, TransferKind.SETTLE} else 0
    if one.pending is None:
        return -one.amount_minor
    settled = one.amount_minor if one.kind == TransferKind.SETTLE else 0
    return one.pending.amount_minor - settled


def page_of(behind: Behind, number: str | None, **words: Any) -> dict[str, Any]:
    """What ``ledger/figure.html`` shows: ``label`` and ``name`` of the figure, ``back`` with ``back_title``, maybe ``period``."""
    rows: Sequence[Told] = behind.rows
    return {"page": Paginator(rows, PAGE).get_page(number), "total": behind.total, **words}
