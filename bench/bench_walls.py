"""The second wall: what row-level security costs lists and content, read with it and without it in the same run."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from django.db import connection, transaction

from accounts.models import User
from bench import Figure
from bench.bench_pipeline import Multiplied
from kernel import identity
from poolfund import embedded
from tests.factories import committees, grants, organisations

SEATS, EACH, ACCOUNTS, APPLICATIONS, READS = 60, 1_000, 20_000, 10_000, 31
PIPELINE = (
    "SELECT a.id, a.reference, a.title, a.state, o.name_ar FROM grants_application a"
    " JOIN organisations_organisation o ON o.id = a.organisation_id JOIN grants_call c ON c.id = a.call_id"
    " WHERE a.submitted_at IS NOT NULL"
)
ORDER = " ORDER BY a.step_due, a.submitted_at, a.id LIMIT 25"
LISTS = {
    "a page of 25 assignments of 60,000": ("officer", "SELECT * FROM committees_assignment ORDER BY id LIMIT 25"),
    "counting 60,000 assignments": ("officer", "SELECT count(*) FROM committees_assignment"),
    "one application's assignments": (
        "officer", "SELECT * FROM committees_assignment WHERE application_id = '{application}' AND state <> 'removed'"
    ),
    "counting 20,000 bank accounts": ("officer", "SELECT count(*) FROM organisations_bankaccount"),
    "a page of the pipeline of 10,000": ("officer", PIPELINE + ORDER),
    "the pipeline searched by name": (
        "officer", f"{PIPELINE} AND (o.name_key LIKE '%رقه%' OR a.reference LIKE '%رقه%') {ORDER}"
    ),
    "counting 10,000 applications": ("officer", "SELECT count(*) FROM grants_application"),
    "one call's applications for a member": (
        "member", "SELECT * FROM grants_application WHERE call_id = '{call}' ORDER BY reference"
    ),
    "an organisation's own applications": (
        "applicant", "SELECT * FROM grants_application WHERE organisation_id = '{organisation}'"
    ),
}  # fmt: skip
"""What is read -> (who reads it, the statement)."""
TABLES = ("committees_assignment", "organisations_bankaccount", "grants_application", "organisations_person")


def measure() -> Iterator[Figure]:
    """Medians of the same statements as the same people, with the walls and with the walls down."""
    case = committees.deliberating(number=1)
    account = organisations.verified_bank_account(organisations.eligible_organisation())
    superuser = embedded.LOCAL.conninfo(user=embedded.SUPERUSER, database=embedded.DATABASE)
    with psycopg.connect(superuser, autocommit=True) as owner:
        crowd = Multiplied(owner, case)
        crowd.up_to(APPLICATIONS)
        new = {"id": "gen_random_uuid()"}
        first = case.applications[0].assignments.all()[0]
        crowd.copy("committees_assignment", first.pk, 1, SEATS * EACH, state="'removed'", pseudonym="'X' || n", **new)
        crowd.copy("organisations_bankaccount", account.pk, 1, ACCOUNTS, number_index="'x' || n", **new)
        owner.execute("ANALYZE")
        one = case.applications[0]
        keys = {"application": one.pk, "call": one.call_id, "organisation": one.organisation_id}
        readers = {
            "officer": committees.officer(),
            "member": case.seats[0].user,
            "applicant": grants.signatory(one.organisation),
        }
        walled = _read(keys, readers)
        _set(owner, "DISABLE")
        plain = _read(keys, readers)
        _set(owner, "ENABLE")
    for name, seconds in walled.items():
        yield Figure("walls", name, seconds * 1000, "ms", note=f"without the wall {plain[name] * 1000:.2f} ms")
        yield Figure("walls", f"{name}: more than without", (seconds - plain[name]) * 1000, "ms", limit=25)


def _set(owner: "psycopg.Connection[Any]", how: str) -> None:
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY".encode())


def _read(keys: dict[str, Any], readers: dict[str, User]) -> dict[str, float]:
    found = {}
    for name, (who, sql) in LISTS.items():
        with identity.person(readers[who].pk):
            found[name] = _median(lambda sql=sql: _fetch(sql.format(**keys)))  # type: ignore[misc]
    return found


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
