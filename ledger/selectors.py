"""Reading the books: what stands now from the totals that PostgreSQL keeps, what stood then and every check from transfers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import pgtrigger
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kernel.money import Money
from ledger import sql
from ledger.models import Account, Period, ReferenceRate, Transfer
from ledger.rates import OLD_FOR_ONE_NEW, POUND, Rates, Series

GUARDED_TABLES = ("ledger_account", "ledger_transfer")
TOTALS: Final = ("debits_posted", "debits_pending", "credits_posted", "credits_pending")
"""What PostgreSQL keeps on every account."""


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
    LEFT JOIN ledger_transfer r ON r.pending_id = t.id AND r.posted_at < %(before)s
    WHERE (t.debit_id = a.id OR t.credit_id = a.id) AND t.posted_at < %(before)s
) m ON TRUE
"""


def _sums(ids: Iterable[UUID], *, before: datetime | None = None) -> dict[UUID, tuple[int, int, int, int]]:
    """Posted and pending debits and credits by account, summed from transfers; of those ``before`` a moment, if given."""
    with connection.cursor() as cursor:
        wanted = {"ids": list(ids), "before": before or "infinity"}
        cursor.execute(_SUMS + " WHERE a.id = ANY(%(ids)s) GROUP BY a.id", wanted)
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in cursor.fetchall()}


def balances(accounts: Iterable[Account], *, before: datetime | None = None) -> dict[UUID, Balance]:
    """The balances of ``accounts`` by their id, as they stood ``before`` a moment, if given; one query.

    Now: the totals that PostgreSQL keeps with every transfer and holds the limits of accounts against.
    """
    wanted = list(accounts)
    ids = [account.pk for account in wanted]
    return _balances(wanted, _kept(ids) if before is None else _sums(ids, before=before)) if wanted else {}


def summed(accounts: Iterable[Account]) -> dict[UUID, Balance]:
    """The same from nothing but the transfers themselves, however many there are: what `ledger.fsck` compares."""
    wanted = list(accounts)
    return _balances(wanted, _sums([account.pk for account in wanted]))


def _kept(ids: list[UUID]) -> dict[UUID, tuple[int, int, int, int]]:
    rows = Account.objects.filter(pk__in=ids).values_list("pk", *TOTALS)
    return {pk: tuple(totals) for pk, *totals in rows}


def _balances(accounts: list[Account], totals: dict[UUID, tuple[int, int, int, int]]) -> dict[UUID, Balance]:
    return {
        account.pk: Balance(account.currency, *totals[account.pk], grows_by_debits=account.grows_by_debits)
        for account in accounts
    }


def balance(account: Account) -> Balance:
    """The balance of one account."""
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


def trial_balance(until: date | None = None) -> list[TrialBalance]:
    """The trial balance of each currency, at the end of a day, if given; two queries."""
    accounts = list(Account.objects.order_by("currency", "code"))
    found = balances(accounts, before=None if until is None else start_of(until + timedelta(days=1)))
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


def start_of(day: date) -> datetime:
    """The first moment of a day in Damascus."""
    return timezone.make_aware(datetime.combine(day, time.min))


def month_sealed(month: date) -> tuple[int, str]:
    """How many transfers a month has, and the SHA-256 of all of them in their order."""
    with connection.cursor() as cursor:
        cursor.execute(sql.MONTH, [month, month])
        count, sha256 = cursor.fetchone()
    return count, sha256


def periods() -> QuerySet[Period]:
    """Months that were locked, the latest first."""
    return Period.objects.select_related("locked_by", "asked_by", "decided_by").order_by("-month")


def months_to_lock() -> list[date]:
    """Months with transfers that are over and were never locked, the latest first."""
    this_month = timezone.localdate().replace(day=1)
    rows = (
        Transfer.objects.order_by().annotate(month=TruncMonth("posted_at")).values_list("month", flat=True).distinct()
    )
    locked = set(Period.objects.values_list("month", flat=True))
    found = {row.date() for row in rows if row.date() < this_month}
    return sorted(found - locked, reverse=True)


def transfers(
    *, account: str = "", about: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Transfer]:
    """Transfers, newest first: of accounts whose code begins with ``account``, of one kind, between two days.

    ``about`` is the reference of a grant, contribution or call: of every account that bears it (its sub-ledger).
    """
    found = Transfer.objects.select_related("debit", "credit", "leaf").order_by("-id")
    if account:
        found = found.filter(Q(debit__code__startswith=account) | Q(credit__code__startswith=account))
    if about:
        bears = f"/{about}"
        found = found.filter(Q(debit__code__contains=bears) | Q(credit__code__contains=bears))
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


def posted_and_free(*beginnings: str) -> dict[str, list[Balance]]:
    """The balances of all accounts whose code begins with one of ``beginnings``, by that beginning; two queries."""
    wanted = Q()
    for beginning in beginnings:
        wanted |= Q(code__startswith=beginning)
    found = list(Account.objects.filter(wanted))
    sums = balances(found)
    return {one: [sums[account.pk] for account in found if account.code.startswith(one)] for one in beginnings}


def reference_rates() -> QuerySet[ReferenceRate]:
    """All recorded rates, the latest day first."""
    return ReferenceRate.objects.order_by("-day", "-recorded_at")


def rate_before(base: str, currency: str, series: str, on: date) -> ReferenceRate | None:
    """The rate of ``currency`` that counted on a day: the latest recorded of the latest day until then."""
    return reference_rates().filter(base=base, currency=currency, series=series, day__lte=on).first()


def rates_on(base: str, on: date) -> Rates:
    """What each currency was worth on a day; pounds are new ones, also where only a rate of old ones is known."""
    latest = (
        ReferenceRate.objects.filter(base=base, day__lte=on)
        .order_by("currency", "series", "-day", "-recorded_at")
        .distinct("currency", "series")
    )
    units = {}
    for rate in sorted(latest, key=lambda one: (one.day, one.series == Series.NEW)):
        old = rate.currency == POUND and rate.series == Series.OLD
        units[rate.currency] = rate.units / OLD_FOR_ONE_NEW if old else rate.units
    return Rates(base, units)


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
