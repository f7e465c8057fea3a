"""The application's role can work with rows and with nothing else."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from poolfund import embedded
from poolfund.database import roles

pytestmark = pytest.mark.django_db


def test_tests_run_as_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (embedded.APP, False, False)


def test_the_application_is_no_member_of_the_owner(owner_connection: "psycopg.Connection[Any]") -> None:
    member = owner_connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", (embedded.APP, embedded.OWNER))
    assert member.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE escape (id int)",
        "CREATE SCHEMA escape",
        "CREATE TEMPORARY TABLE escape (id int)",
        "ALTER TABLE django_session ADD COLUMN escape int",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "DROP TABLE django_session",
        "TRUNCATE django_session",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
        "SET ROLE poolfund_owner",
    ],
)
def test_the_application_may_not(app_connection: "psycopg.Connection[Any]", statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(statement.encode())


@pytest.mark.parametrize(
    ("mark", "privilege"), [("append_only", "UPDATE"), ("never_deleted", "DELETE"), ("never_deleted", "TRUNCATE")]
)
def test_what_is_recorded_takes_no_change(
    owner_connection: "psycopg.Connection[Any]", mark: str, privilege: str
) -> None:
    marked = roles.tables(mark)
    assert marked
    open_to_change = [
        table
        for table in marked
        if owner_connection.execute(
            "SELECT has_table_privilege(%s, %s, %s)", (embedded.APP, table, privilege)
        ).fetchone()
        != (False,)
    ]
    assert open_to_change == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", [1, 2])
def test_what_a_committing_test_leaves_is_gone(_again: int) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    assert not Session.objects.exists()
    Session.objects.create(session_key="left-behind", expire_date=timezone.now())
