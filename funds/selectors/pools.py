"""Whose gifts stand in a pool and in the contributions that were gathered from it: read from the transfers, for the fund."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from funds import books, rules, stripe_api
from funds.models import Contribution, Gift
from funds.pooling import Move, Pooled, pooled
from kernel.pieces.words import in_damascus
from ledger.models import Account, Transfer


def pools_of(restriction_class: str) -> list[Account]:
    """The pools of one class of money, by currency."""
    codes = [rules.pool_code(restriction_class, currency) for currency in stripe_api.CURRENCIES]
    return list(Account.objects.filter(code__in=codes).order_by("code"))


def gifts_in(pools: Iterable[Account]) -> dict[UUID, Pooled]:
    """Where the gifts of each pool stand, by gift reference and contribution reference; two queries."""
    found = {one.pk: one for one in pools}
    gathered = dict(
        Contribution.objects.filter(pool__in=found, account__isnull=False).values_list("account_id", "reference")
    )
    back = Q(debit__in=gathered, reason=books.GIFT_BACK(gift="").key)
    rows = Transfer.objects.filter(Q(debit__in=found) | Q(credit__in=found) | back, kind="post").order_by("id")
    of = dict(Contribution.objects.filter(account__in=gathered).values_list("account_id", "pool_id"))
    moves: dict[UUID, list[Move]] = {pk: [] for pk in found}
    for one in rows:
        pool, move = _move(one, found, gathered, of)
        moves[pool].append(move)
    return {pk: pooled(rows) for pk, rows in moves.items()}


def _move(
    one: Transfer, pools: dict[UUID, Account], gathered: dict[UUID, str], of: dict[UUID, UUID]
) -> tuple[UUID, Move]:
    gift = one.facts.get("gift", "")
    if one.credit_id in pools:
        return one.credit_id, Move(one.amount_minor, gift)
    if one.debit_id in pools:
        return one.debit_id, Move(-one.amount_minor, gift, gathered.get(one.credit_id, ""))
    return of[one.debit_id], Move(-one.amount_minor, gift, gathered[one.debit_id])


def days_of(references: Iterable[str]) -> dict[str, date]:
    """On which day of Damascus each gift was received."""
    rows = Gift.objects.filter(reference__in=list(references), received_at__isnull=False)
    return {
        one.reference: in_damascus(one.received_at).date()
        for one in rows.only("reference", "received_at")
        if one.received_at
    }


def first_day(gifts: Iterable[str], days: dict[str, date]) -> date | None:
    """Since when the oldest of the gifts is there."""
    return min(_known(gifts, days), default=None)


def _known(gifts: Iterable[str], days: dict[str, date]) -> Iterator[date]:
    return (days[one] for one in gifts if one in days)
