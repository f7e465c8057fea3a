"""Reading the books. Every figure shown is a sum of transfers; the totals kept on accounts are a lock, not a source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pgtrigger
from django.db import connection
from django.db.models import Q, QuerySet

from kernel.money import Money
from ledger import sql
from ledger.models import Account, Transfer

GUARDED_TABLES = ("ledger_account", "ledger_transfer")


@dataclass(frozen=True, slots=True)
class Balance:
    """What the transfers of an account sum to, in minor units of ``currency``.

    ``posted`` is positive on the side on which the account grows; ``reserved`` are open reservations that will lower it,
    ``expected`` those that will raise it.
    """

    currency: str
    debits_posted: int
    debits_pending: int
    credits_posted: int
    credits_pending: int
    grows_by_debits: bool

    @property
    def posted_minor(self) -> int:
        """What stands in the account."""
        difference = self.debits_posted - self.credits_posted
        return difference if self.grows_by_debits else -difference

    @property
    def reserved_minor(self) -> int:
        """What open reservations hold of it."""
        return self.credits_pending if self.grows_by_debits else self.debits_pending

    @property
    def expected_minor(self) -> int:
        """What open reservations will add to it."""
        return self.debits_pending if self.grows_by_debits else self.credits_pending

    @property
    def available_minor(self) -> int:
        """What may still be used."""
        return self.posted_minor - self.reserved_minor

    @property
    def posted(self) -> Money:
        return Money(self.posted_minor, self.currency)

    @property
    def reserved(self) -> Money:
        return Money(self.reserved_minor, self.currency)

    @property
    def available(self) -> Money:
        return Money(self.available_minor, self.currency)


_SUMS = """
SELECT a.id,
       COALESCE(SUM(m.debits_posted), 0)::bigint, COALESCE(SUM(m.debits_pending), 0)::bigint,
       COALESCE(SUM(m.credits_posted), 0)::bigint, COALESCE(SUM(m.credits_pending), 0)::bigint
FROM ledger_account a
LEFT JOIN LATERAL (
    SELECT SUM(t.amount_minor) FILTER (WHERE t.debit_id = a.id AND t.kind IN ('post', 'settle')) AS debits_posted,
           SUM(t.amount_minor) FILTER (WHERE t.debit_id = a.id AND t.kind = 'pend' AND r.id IS NULL) AS debits_pending,
           SUM(t.amount_minor) FILTER (WHERE t.credit_id = a.id AND t.kind IN ('post', 'settle')) AS credits_posted,
           SUM(t.amount_minor) FILTER (WHERE t.credit_id = a.id AND t.kind = 'pend' AND r.id IS NULL) AS credits_pending
    FROM ledger_transfer t
    LEFT JOIN ledger_transfer r ON r.pending_id = t.id
    WHERE t.debit_id = a.id OR t.credit_id = a.id
) m ON TRUE
"""


def _sums(ids: Iterable[UUID] | None = None) -> dict[UUID, tuple[int, int, int, int]]:
    """Posted and pending debits and credits by account, summed from transfers; of all accounts when ``ids`` is None."""
    with connection.cursor() as cursor:
        if ids is None:
            cursor.execute(_SUMS + " GROUP BY a.id")
        else:
            cursor.execute(_SUMS + " WHERE a.id = ANY(%s) GROUP BY a.id", [list(ids)])
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in cursor.fetchall()}


def balances(accounts: Iterable[Account]) -> dict[UUID, Balance]:
    """The balances of ``accounts`` by their id; one query."""
    wanted = list(accounts)
    sums = _sums(account.pk for account in wanted) if wanted else {}
    return {
        account.pk: Balance(account.currency, *sums[account.pk], grows_by_debits=account.grows_by_debits)
        for account in wanted
    }


def balance(account: Account) -> Balance:
    """The balance of one account as its transfers make it."""
    return balances([account])[account.pk]


def available_minor(account: Account) -> int:
    """What may still be used of ``account``, in minor units."""
    return balance(account).available_minor


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account of the trial balance."""

    account: Account
    balance: Balance

    @property
    def debit(self) -> Money:
        """The excess of its debits, else zero."""
        return Money(max(self.balance.debits_posted - self.balance.credits_posted, 0), self.account.currency)

    @property
    def credit(self) -> Money:
        """The excess of its credits, else zero."""
        return Money(max(self.balance.credits_posted - self.balance.debits_posted, 0), self.account.currency)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of one currency; its ``debits`` and ``credits`` are equal, or the books are broken."""

    currency: str
    rows: list[TrialRow]
    debits: Money
    credits: Money

    @property
    def balanced(self) -> bool:
        return self.debits == self.credits


def trial_balance() -> list[TrialBalance]:
    """The trial balance of each currency; two queries."""
    accounts = list(Account.objects.order_by("currency", "code"))
    found = balances(accounts)
    by_currency: dict[str, list[TrialRow]] = {}
    for account in accounts:
        by_currency.setdefault(account.currency, []).append(TrialRow(account, found[account.pk]))
    return [
        TrialBalance(
            currency,
            rows,
            debits=sum((row.debit for row in rows), Money(0, currency)),
            credits=sum((row.credit for row in rows), Money(0, currency)),
        )
        for currency, rows in by_currency.items()
    ]


def transfers(
    *, account: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Transfer]:
    """Transfers, newest first: of accounts whose code begins with ``account``, of one kind, between two days."""
    found = Transfer.objects.select_related("debit", "credit", "leaf").order_by("-id")
    if account:
        found = found.filter(Q(debit__code__startswith=account) | Q(credit__code__startswith=account))
    if kind:
        found = found.filter(kind=kind)
    if since is not None:
        found = found.filter(posted_at__date__gte=since)
    if until is not None:
        found = found.filter(posted_at__date__lte=until)
    return found


def open_reservation(transfer: Transfer) -> bool:
    """Whether ``transfer`` is a reservation that was neither settled nor released."""
    return transfer.kind == "pend" and not Transfer.objects.filter(pending=transfer).exists()


def accounts() -> QuerySet[Account]:
    """All accounts in the order of the chart."""
    return Account.objects.order_by("code")


def expected_guards() -> set[tuple[str, str]]:
    """Table and name of every trigger that the books stand on."""
    registered = {
        (model._meta.db_table, trigger.get_pgid(model)) for model, trigger in pgtrigger.registered()
        if model._meta.db_table in GUARDED_TABLES
    }  # fmt: skip
    return registered | {("ledger_transfer", sql.APPLY_TRIGGER)}


def missing_guards() -> list[str]:
    """The triggers that PostgreSQL lacks or has switched off, as ``table.trigger``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE c.oid = ANY(%s::regclass[]) AND t.tgenabled IN ('O', 'A')",
            [[f"public.{table}" for table in GUARDED_TABLES]],
        )
        present = {(table, name) for table, name in cursor.fetchall()}
    return sorted(f"{table}.{name}" for table, name in expected_guards() - present)
