"""Connections that outlive requests: what each request asks of them beside its own questions."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from poolfund.database.base import DatabaseWrapper
from tests.factories import accounts, grants

WITHOUT_A_WALL = ["accounts_user", "django_session"]


def _as_at_the_beginning_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django looks after a connection again with each request (CONN_HEALTH_CHECKS, which tests do without)."""
    for name, value in {"health_check_enabled": True, "health_check_done": False}.items():
        monkeypatch.setattr(connection, name, value)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced_before_the_first_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As after a restart of the database: nobody sees an error page for it."""
    connection.ensure_connection()
    before = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [before])
    _as_at_the_beginning_of_a_request(monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.connection.info.backend_pid != before


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_there_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SELECT 1` before every request was one question in twelve."""
    connection.ensure_connection()
    asked: list[bool] = []

    def is_usable(_self: Any) -> bool:
        asked.append(True)
        return True

    monkeypatch.setattr(DatabaseWrapper, "is_usable", is_usable)
    _as_at_the_beginning_of_a_request(monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert asked == []


@pytest.mark.django_db
def test_of_whom_a_request_is_stands_in_tables_without_a_second_wall() -> None:
    """`kernel.identity.unheeded` leaves the connection with whom it was told last: here that tells nobody more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT relrowsecurity", [WITHOUT_A_WALL])
        assert sorted(name for (name,) in cursor.fetchall()) == WITHOUT_A_WALL


@pytest.mark.django_db
def test_a_request_tells_the_database_once_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people in turn on one connection: each is told once, and each sees the own applications alone."""
    call = grants.open_call()
    people = []
    for _turn in range(2):
        application = grants.draft_application(call)
        client = Client()
        accounts.sign_in(client, grants.preparer(application.organisation))
        people.append((client, application))
    told: list[str] = []
    tell = DatabaseWrapper._tell

    def noted(self: DatabaseWrapper, wanted: str) -> None:
        told.append(wanted)
        tell(self, wanted)

    monkeypatch.setattr(DatabaseWrapper, "_tell", noted)
    for client, own in [*people, *people]:
        told.clear()
        page = client.get(reverse("grants:application_list")).content.decode()
        assert len([wanted for wanted in told if wanted.startswith("person:")]) == 1
        assert len(told) == 1
        shown = [one.reference for _client, one in people if str(one.pk) in page]
        assert shown == [own.reference]
