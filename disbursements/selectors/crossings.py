"""Transfers over the border of the accounts on which a contribution's money stands: its own, those of calls, what grants are owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from disbursements.books import REFUND
from funds.models import Contribution
from grants.models import Envelope, GrantFunding
from kernel.money import Money
from ledger.models import Transfer, TransferKind


class Line(StrEnum):
    """Why a part changed."""

    RECEIVED = "received"
    REFUNDED = "refunded"
    """Given back by partners."""
    PAID = "paid"
    """To grants."""
    RETURNED = "returned"
    """To the donor."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A transfer over the border of a part, with its sign."""

    transfer: Transfer
    money: Money
    line: Line
    funding: UUID | None = None
    """The grant's share of the yield that was paid, where it was."""

    @property
    def on(self) -> date:
        """Its day in Damascus."""
        return timezone.localdate(self.transfer.posted_at)


def fundings_of(found: Iterable[Contribution]) -> dict[UUID, GrantFunding]:
    """What grants are owed out of the contributions, by account."""
    rows = (
        GrantFunding.objects.filter(envelope__contribution__in=list(found)).select_related("grant").order_by("leaf_id")
    )
    return {one.account_id: one for one in rows}


def crossings_of(own: list[Contribution], owed: dict[UUID, GrantFunding]) -> list[Crossing]:
    """What came to the money of ``own`` and what went from it, newest first; ``owed`` are `fundings_of` the same."""
    inside = {one.account_id for one in own if one.account_id}
    inside |= set(Envelope.objects.filter(contribution__in=own).values_list("account_id", flat=True)) | owed.keys()
    kinds = [TransferKind.POST, TransferKind.SETTLE]
    moved = Transfer.objects.filter(Q(debit__in=inside) | Q(credit__in=inside), kind__in=kinds)
    rows = moved.select_related("debit", "credit", "leaf").order_by("-id")
    return [
        _told(one, owed, out=one.debit_id in inside)
        for one in rows
        if (one.debit_id in inside) != (one.credit_id in inside)
    ]


def _told(one: Transfer, owed: dict[UUID, GrantFunding], *, out: bool) -> Crossing:
    money = Money(-one.amount_minor if out else one.amount_minor, one.currency)
    if not out:
        return Crossing(one, money, Line.REFUNDED if one.reason == REFUND(grant="").key else Line.RECEIVED)
    funding = owed.get(one.debit_id)
    return Crossing(one, money, Line.PAID, funding.pk) if funding else Crossing(one, money, Line.RETURNED)
