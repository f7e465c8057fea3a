"""What a connection prepared is planned once: rollbacks and refusals leave it, what empties the server's memory does not."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, NotSupportedError, connection, transaction

from poolfund.database.testing import TestDatabases

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "SELECT %s::int + 41"
REFUSED = "INSERT INTO audit_leaf (id) VALUES (%s)"


def ask(number: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, [number])
        return cursor.fetchone()[0]


def prepared(statement: str) -> int:
    with connection.cursor() as cursor:
        found = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"
        cursor.execute(found, [statement.replace("%s", "$%")])
        return int(cursor.fetchone()[0])


def refuse() -> None:
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(REFUSED, [None])


@pytest.fixture(autouse=True)
def _asked() -> None:
    connection.close()
    assert [ask(1), ask(1), ask(1)] == [42] * 3
    assert prepared(QUESTION) == 1


def test_a_rollback_leaves_what_is_prepared() -> None:
    with transaction.atomic():
        ask(1)
        transaction.set_rollback(True)
    assert prepared(QUESTION) == 1
    assert ask(2) == 43


def test_so_does_a_rollback_to_a_savepoint() -> None:
    with transaction.atomic():
        with transaction.atomic():
            transaction.set_rollback(True)
        assert prepared(QUESTION) == 1
        assert ask(2) == 43


def test_what_is_made_ready_in_a_transaction_that_is_undone_goes_on() -> None:
    with transaction.atomic():
        for _turn in range(3):
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::int * 2", [4])
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int * 2", [21])
        assert cursor.fetchone() == (42,)


@pytest.mark.parametrize(("threshold", "plans"), [(0, 1), (1, 0)], ids=["web", "elsewhere"])
def test_a_statement_that_is_refused_again_and_again_is_prepared_once_at_most(threshold: int, plans: int) -> None:
    connection.connection.prepare_threshold = threshold
    for _turn in range(5):
        refuse()
    assert prepared(REFUSED) == plans


def test_what_the_server_forgot_is_prepared_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert [ask(1), ask(1), ask(1)] == [42] * 3
    assert prepared(QUESTION) == 1


def read() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM changing")
        return cursor.fetchone()[0]


@pytest.fixture
def changing(databases: TestDatabases) -> "Iterator[psycopg.Connection[Any]]":
    """A table that its owner changes while the application reads it."""
    with psycopg.connect(databases.owner(settings.DATABASES["default"]["NAME"]), autocommit=True) as owner:
        owner.execute("CREATE TABLE changing AS SELECT '7'::text AS said")
        owner.execute("GRANT SELECT ON changing TO PUBLIC")
        assert [read(), read(), read()] == ["7"] * 3
        owner.execute("ALTER TABLE changing ALTER said TYPE int USING said::int")
        yield owner


@pytest.mark.usefixtures("changing")
def test_what_a_migration_changed_meanwhile_is_refused_once() -> None:
    with pytest.raises(NotSupportedError, match="cached plan"):
        read()
    assert read() == 7


@pytest.mark.usefixtures("changing")
def test_also_within_a_transaction() -> None:
    with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
        read()
    assert read() == 7


@pytest.mark.usefixtures("changing")
def test_also_before_a_savepoint() -> None:
    with transaction.atomic():
        with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
            read()
        assert read() == 7
    assert prepared(QUESTION) == 0
