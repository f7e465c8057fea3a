"""What a connection prepared is planned once: rollbacks and refusals leave it, what empties the server's memory does not."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

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
