"""Writing the books: opening accounts and posting transfers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from audit import confirmation, lifecycle
from audit.models import Leaf
from kernel.database import lock_rows
from kernel.money import Money, format_money
from kernel.permissions import Refused
from ledger import events, selectors
from ledger.models import Account, ReferenceRate, Transfer, TransferKind
from ledger.wording import Said, as_said


class InsufficientFunds(Refused):
    """An account that cannot be overdrawn has less than was asked of it; the reason names it and what it has."""

    def __init__(self, account: Account, *, available_minor: int, asked_minor: int) -> None:
        language = get_language() or "en"
        super().__init__(
            _("“%(purpose)s” has %(available)s left, less than the %(asked)s that this needs.")
            % {
                "purpose": account.title,
                "available": format_money(Money(available_minor, account.currency), language),
                "asked": format_money(Money(asked_minor, account.currency), language),
            }
        )
        self.account = account
        self.available_minor = available_minor


class KeyReused(ValueError):
    """A transfer's key was used before for other content: a fault of the caller, never of a person."""


class GuardsMissing(RuntimeError):
    """PostgreSQL lacks a trigger that keeps the books honest; nothing is posted without it."""


@dataclass(frozen=True, slots=True)
class TransferDraft:
    """A transfer to be posted: ``minor`` units from ``credit`` to ``debit``.

    ``key`` is made by the caller (best: `uuid.uuid5` of the object and the act) and makes a repetition harmless.
    ``reason`` is a registered wording with its facts (or plain text, said in every language as it stands).
    ``kind`` is ``post``, ``pend``, ``settle`` or ``void``; the last two name their ``pending`` transfer. A settlement may be
    smaller than its reservation: the rest is released. A release carries the whole amount.
    """

    key: uuid.UUID
    debit: Account
    credit: Account
    minor: int
    reason: Said | str
    kind: str = TransferKind.POST
    pending: Transfer | None = None

    @classmethod
    def settle(
        cls, pending: Transfer, *, key: uuid.UUID, reason: Said | str, minor: int | None = None
    ) -> "TransferDraft":
        """What ends the reservation ``pending`` by moving ``minor`` (default: all of it)."""
        amount = pending.amount_minor if minor is None else minor
        return cls(key, pending.debit, pending.credit, amount, reason, TransferKind.SETTLE, pending)

    @classmethod
    def void(cls, pending: Transfer, *, key: uuid.UUID, reason: Said | str) -> "TransferDraft":
        """What ends the reservation ``pending`` by releasing it."""
        return cls(key, pending.debit, pending.credit, pending.amount_minor, reason, TransferKind.VOID, pending)


def open_account(
    code: str,
    *,
    currency: str,
    purpose: Said | str,
    debits_within_credits: bool = False,
    credits_within_debits: bool = False,
) -> Account:
    """The account ``code``, opened when it is new.

    ``debits_within_credits`` and ``credits_within_debits`` mark accounts that cannot be overdrawn. Raises ValueError when
    the code is in use with another currency or another limit.
    """
    said = as_said(purpose)
    account, _made = Account.objects.get_or_create(
        code=code,
        defaults={
            "currency": currency,
            "purpose": said.key,
            "facts": dict(said.facts),
            "debits_within_credits": debits_within_credits,
            "credits_within_debits": credits_within_debits,
        },
    )
    wanted = (currency, debits_within_credits, credits_within_debits)
    if (account.currency, account.debits_within_credits, account.credits_within_debits) != wanted:
        raise ValueError(f"account {code} exists with another currency or limit")
    return account


@transaction.atomic
def post(drafts: Sequence[TransferDraft], *, leaf: Leaf) -> list[Transfer]:
    """Post ``drafts`` in their order as one group caused by the act of ``leaf``; all of them or none.

    The accounts are locked in the order of their ids. A draft whose key was posted before with the same accounts, amount,
    kind and reservation returns that transfer (its wording and leaf stay the first ones). Raises `InsufficientFunds` when
    an account would be overdrawn, `KeyReused` for a key with other content, `GuardsMissing`, and IntegrityError for what
    PostgreSQL refuses otherwise (currencies, a reservation that was ended before). A page posts only when its person has
    confirmed with a second factor (`Unconfirmed`).
    """
    if not drafts:
        return []
    confirmation.demand("transfers of the books")
    require_guards()
    ids = {account.pk for draft in drafts for account in (draft.debit, draft.credit)}
    lock_rows(Account.objects.filter(pk__in=ids))
    known = {
        transfer.key: transfer
        for transfer in Transfer.objects.filter(key__in=[draft.key for draft in drafts]).select_related(
            "debit", "credit"
        )
    }
    group = drafts[0].key
    return [
        _same(known[draft.key], draft) if draft.key in known else _insert(draft, group=group, leaf=leaf)
        for draft in drafts
    ]


def record_rate(
    *, day: date, base: str, currency: str, units: Decimal, source: str, actor: Any, series: str = ""
) -> ReferenceRate:
    """Keep the rate of a bulletin; raises `Refused`, and IntegrityError for a pound without its series."""
    rate = ReferenceRate(day=day, base=base, currency=currency, series=series, units=units, source=source)
    event = events.RateRecorded(on=day, base=base, currency=currency, series=series, units=str(units), source=source)
    return lifecycle.create(rate, event, actor=actor)


def _content(transfer: Transfer) -> tuple[Any, ...]:
    return (
        transfer.debit_id, transfer.credit_id, transfer.amount_minor, transfer.currency, transfer.kind, transfer.pending_id,
    )  # fmt: skip


def _built(draft: TransferDraft, *, group: uuid.UUID, leaf: Leaf | None) -> Transfer:
    said = as_said(draft.reason)
    return Transfer(
        key=draft.key,
        group=group,
        debit=draft.debit,
        credit=draft.credit,
        amount_minor=draft.minor,
        currency=draft.debit.currency,
        kind=draft.kind,
        pending=draft.pending,
        reason=said.key,
        facts=dict(said.facts),
        leaf=leaf,
    )


def _same(known: Transfer, draft: TransferDraft) -> Transfer:
    if _content(known) != _content(_built(draft, group=known.group, leaf=None)):
        raise KeyReused(f"the key {draft.key} stands for another transfer")
    return known


_OVERDRAWN = {
    "account_not_overdrawn_by_debits": lambda draft: draft.debit,
    "account_not_overdrawn_by_credits": lambda draft: draft.credit,
}


def _insert(draft: TransferDraft, *, group: uuid.UUID, leaf: Leaf) -> Transfer:
    transfer = _built(draft, group=group, leaf=leaf)
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if constraint not in _OVERDRAWN:
            raise
        account = _OVERDRAWN[constraint](draft)
        account.refresh_from_db()
        available = selectors.available_minor(account)
        raise InsufficientFunds(account, available_minor=available, asked_minor=draft.minor) from error
    return transfer


_seen_whole: set[str] = set()


def require_guards() -> None:
    """Refuse to work on books without their triggers; looked up once per process and database.

    Raises `GuardsMissing`.
    """
    database = str(connection.settings_dict["NAME"])
    if database in _seen_whole:
        return
    missing = selectors.missing_guards()
    if missing:
        raise GuardsMissing(", ".join(missing))
    _seen_whole.add(database)
