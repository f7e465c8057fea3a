"""What every test stands on: PostgreSQL as the application's role, and nothing of the network but this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from poolfund import translations
from poolfund.database.testing import TestDatabases

# The same examples in every run, however slow the machine: a failure is a failure of the code.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("house")


def pytest_sessionstart() -> None:
    """Pages are tested in the languages that people read."""
    translations.compile_all()


@pytest.fixture(scope="session")
def databases() -> TestDatabases:
    """Template and clone of this process."""
    return TestDatabases()


@pytest.fixture(scope="session")
def django_db_setup(databases: TestDatabases, django_db_blocker: Any) -> Iterator[None]:
    """A clone of the migrated template; tests that commit get a new one afterwards, reference data and all."""
    with django_db_blocker.unblock():
        databases.build()
        databases.clone()

    def renew(case: TransactionTestCase) -> None:
        databases.clone()

    # The application's role may not truncate, and append-only tables refuse it to everybody.
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", renew):
        yield
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture
def owner_connection(db: None, databases: TestDatabases) -> "Iterator[psycopg.Connection[Any]]":
    """The owner of the tables, beside Django: for looking into the catalogue. Rolled back at the end."""
    with psycopg.connect(databases.owner(settings.DATABASES["default"]["NAME"])) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def app_connection(db: None, databases: TestDatabases) -> "Iterator[psycopg.Connection[Any]]":
    """The application's role, beside Django: for raw SQL that PostgreSQL must refuse. Rolled back at the end."""
    with psycopg.connect(databases.application(settings.DATABASES["default"]["NAME"])) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    """Uploaded and signed files of a test end with it."""
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "private"}},
    }


@pytest.fixture(autouse=True)
def own_cache(request: pytest.FixtureRequest, settings: Any) -> None:
    """A private cache in memory, so that query counts are those of the code; rate limits start from zero.

    A test marked ``database_cache`` keeps the one that processes share.
    """
    if request.node.get_closest_marker("database_cache") is None:
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        caches["default"].clear()
