"""What the services need of PostgreSQL itself."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("a lock lasts until the end of a transaction; open one first")


def advisory_lock(name: str) -> None:
    """Wait for the lock called ``name`` and hold it until the transaction ends.

    Raises TransactionManagementError outside a transaction. Take several locks in the order of their names.
    """
    _require_transaction()
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def lock_rows(queryset: models.QuerySet[Row]) -> list[Row]:
    """The rows of ``queryset``, locked until the transaction ends, always in the order of their ids.

    ``FOR NO KEY UPDATE``: a plain ``FOR UPDATE`` deadlocks against the checks of foreign keys that point here.
    """
    _require_transaction()
    return list(queryset.select_for_update(of=("self",), no_key=True).order_by("pk"))


def hold_still(row: models.Model) -> None:
    """Keep ``row`` as it is until the transaction ends: many may hold it at once, whoever changes it waits (``FOR SHARE``).

    Raises TransactionManagementError outside a transaction.
    """
    _require_transaction()
    table, key = connection.ops.quote_name(row._meta.db_table), connection.ops.quote_name(row._meta.pk.column or "")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {key} = %s FOR SHARE", [row.pk])


_played: ContextVar[bool] = ContextVar("played", default=False)


@contextmanager
def played_time() -> Iterator[None]:
    """Inside, `now_in_database` answers this process's clock: for the demonstration, which plays past years.

    Raises RuntimeError unless the settings say ``DEMO``.
    """
    if not settings.DEMO:
        raise RuntimeError("only the demonstration plays with time")
    token = _played.set(True)
    try:
        yield
    finally:
        _played.reset(token)


def now_in_database() -> datetime:
    """The clock of the database (aware, UTC), the same for every process; it advances inside a transaction."""
    if _played.get():
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    moment: datetime = row[0]
    return moment


class FoldedForSearch(models.Func):
    """A text column folded by PostgreSQL as `kernel.texts.search_key` folds a text: for stored generated columns.

    Alef forms, final ya, ta marbuta, hamza carriers, Persian letters and digits are made one; vowels, tatweel, accents,
    invisible marks and case are dropped. Every function in it is immutable.
    """

    arity = 1
    output_field = models.CharField()
    _dropped = "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    _letters = "ىةکی٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "يهكي01234567890123456789"
    template = (
        "TRANSLATE(REGEXP_REPLACE(LOWER(NORMALIZE(%(expressions)s, NFKD)), "
        f"'{_dropped}', '', 'g'), '{_letters[0]}', '{_letters[1]}')"
    )
