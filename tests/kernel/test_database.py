"""`kernel.database` on PostgreSQL, with real connections."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from kernel.database import advisory_lock, lock_rows, now_in_database
from tests.threads import Beside


@pytest.mark.django_db(transaction=True)
def test_an_advisory_lock_is_held_by_one_transaction_at_a_time() -> None:
    order: list[str] = []
    holding = threading.Event()

    def second() -> None:
        holding.wait(10)
        with transaction.atomic():
            advisory_lock("ledger")
            order.append("second")

    thread = Beside(second)
    with transaction.atomic():
        advisory_lock("ledger")
        holding.set()
        thread.join(0.3)
        assert thread.is_alive()
        order.append("first")
    thread.come()
    assert order == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_other_names_do_not_wait() -> None:
    done = threading.Event()

    def second() -> None:
        with transaction.atomic():
            advisory_lock("calls")
            done.set()

    with transaction.atomic():
        advisory_lock("ledger")
        Beside(second).come()
        assert done.is_set()


@pytest.mark.django_db(transaction=True)
def test_locked_rows_cannot_be_locked_by_another() -> None:
    ContentType.objects.get_for_model(ContentType)
    refused: list[bool] = []

    def second() -> None:
        try:
            with transaction.atomic():
                list(ContentType.objects.select_for_update(nowait=True))
        except OperationalError:
            refused.append(True)

    with transaction.atomic():
        rows = lock_rows(ContentType.objects.all())
        Beside(second).come()
    assert refused == [True]
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)


@pytest.mark.django_db
def test_rows_are_locked_in_the_order_of_their_ids_without_blocking_foreign_keys() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        lock_rows(ContentType.objects.order_by("-model"))
    sql = queries.captured_queries[-1]["sql"]
    assert sql.endswith('ORDER BY "django_content_type"."id" ASC FOR NO KEY UPDATE OF "django_content_type"')


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [lambda: advisory_lock("x"), lambda: lock_rows(ContentType.objects.all())])
def test_a_lock_needs_a_transaction(act: Callable[[], object]) -> None:
    with pytest.raises(TransactionManagementError, match="open one first"):
        act()


@pytest.mark.django_db
def test_the_clock_of_the_database_is_aware_and_goes_on_in_a_transaction() -> None:
    first, second = now_in_database(), now_in_database()
    assert first < second
    assert first.tzinfo is not None
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=5)
