"""The second wall: what row-level security costs lists and content, read with it and without it in the same run."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection, transaction

from accounts.models import User
from bench import Figure
from kernel import identity
from poolfund import embedded
from tests.factories import committees, organisations

SEATS, EACH, ACCOUNTS, READS = 60, 1_000, 20_000, 31
MULTIPLY = """
SET session_replication_role = replica;
INSERT INTO committees_assignment (id, leaf_id, moved_at, state, seat_id, application_id, due_at, pseudonym)
    SELECT gen_random_uuid(), leaf_id, moved_at, 'removed', seat_id, application_id, due_at, 'X' || n
    FROM (SELECT * FROM committees_assignment LIMIT 1) one, generate_series(1, %(assignments)s) n;
INSERT INTO organisations_bankaccount (id, leaf_id, moved_at, state, holder_latin, holder_ar, bank, number, currency,
        fingerprint, organisation_id, recorded_by_id)
    SELECT gen_random_uuid(), leaf_id, moved_at, 'recorded', holder_latin, holder_ar, bank, number, currency,
        fingerprint, organisation_id, recorded_by_id
    FROM (SELECT * FROM organisations_bankaccount LIMIT 1) one, generate_series(1, %(accounts)s) n;
SET session_replication_role = DEFAULT;
ANALYZE;
"""
LISTS = {
    "a page of 25 assignments of 60,000": "SELECT * FROM committees_assignment ORDER BY id LIMIT 25",
    "counting 60,000 assignments": "SELECT count(*) FROM committees_assignment",
    "one application's assignments": (
        "SELECT * FROM committees_assignment WHERE application_id = '{application}' AND state <> 'removed'"
    ),
    "counting 20,000 bank accounts": "SELECT count(*) FROM organisations_bankaccount",
}


def measure() -> Iterator[Figure]:
    """Medians of the same statements as an overseer of the fund, with the walls and with the walls down."""
    case = committees.scoring()
    organisations.verified_bank_account(organisations.eligible_organisation())
    superuser = embedded.LOCAL.conninfo(user=embedded.SUPERUSER, database=embedded.DATABASE)
    with psycopg.connect(superuser, autocommit=True) as owner:
        sizes = {"assignments": SEATS * EACH, "accounts": ACCOUNTS}
        for statement in (MULTIPLY % {name: str(size) for name, size in sizes.items()}).split(";"):
            if statement.strip():
                owner.execute(statement.encode())
        statements = {name: sql.format(application=case.applications[0].pk) for name, sql in LISTS.items()}
        manager = committees.officer()
        walled = _read(statements, manager)
        _set(owner, "DISABLE")
        plain = _read(statements, manager)
        _set(owner, "ENABLE")
    for name, seconds in walled.items():
        yield Figure("walls", name, seconds * 1000, "ms", note=f"without the wall {plain[name] * 1000:.2f} ms")
        yield Figure("walls", f"{name}: more than without", (seconds - plain[name]) * 1000, "ms", limit=25)


def _set(owner: "psycopg.Connection[Any]", how: str) -> None:
    for table in ("committees_assignment", "organisations_bankaccount"):
        owner.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY".encode())


def _read(statements: dict[str, str], person: User) -> dict[str, float]:
    with identity.person(person.pk):
        return {name: _median(lambda sql=sql: _fetch(sql)) for name, sql in statements.items()}  # type: ignore[misc]


def _fetch(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()


def _median(act: Callable[[], None]) -> float:
    times = []
    for _ in range(READS):
        began = perf_counter()
        act()
        times.append(perf_counter() - began)
    return median(times)
