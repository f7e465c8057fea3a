"""What every test stands on: PostgreSQL as the application's role, and nothing of the network but this machine."""

import gc
import logging
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadScopeScheduling

from poolfund import environment, translations
from poolfund.database.testing import BARE, TestDatabases, private_files
from poolfund.management.commands.screenshots import CHROMIUM
from tests.chromium import launch, visitor
from tests.factories import shelf
from tests.factories.furniture import FURNISHING

# The same examples in every run, however slow the machine: a failure is a failure of the code.
hypothesis_settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("house")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
REQUIRE_ALL = environment.flag("REQUIRE_ALL")
"""Whether a test that cannot run is a failure (.ci/run)."""
FURNISHED = {
    "accountability": "fund",
    "committees": "fund",
    "disbursements": "fund_of_full_reports",
    "funds": "fund",
    "grants": "fund",
    "organisations": "fund",
}
"""Folders whose tests begin in a furnished database (tests/factories/furniture.py); all others in a bare one."""


def pytest_sessionstart() -> None:
    """Pages are tested in the languages that people read."""
    translations.compile_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker waits for one at the end; without a browser its tests are skipped.

    They are said to be skipped, unless nothing may be.
    """
    items.sort(key=_turn)
    if CHROMIUM is not None or REQUIRE_ALL:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="there is no Chromium here (apt-get install chromium)"))


class Distribution(LoadScopeScheduling):
    """Who runs which tests: the longest first, as workers are free, with two exceptions.

    What stands for a module (`standing`) is made by one worker alone, who runs all its tests. (The groups of xdist 3.8 do
    not reach pytest 9, whose items take no other names: each worker made everything anew.)

    Where there are more workers than cores, the last one has what mostly waits (marks ``browser`` and ``waits``) to itself
    and nothing else: the others take of it only when nothing else is left. So there is one Chromium, and workers that
    calculate are as many as cores; three of them on two cores needed a seventh more of their time for the same tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if self._says(module, "standing: None") else nodeid

    def _assign_work_unit(self, node: Any) -> None:
        fitting = (scope for scope in self.workqueue if self._waits(scope) is self._is_spare(node))
        if (scope := next(fitting, None)) is not None:
            self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)

    def _reschedule(self, node: Any) -> None:
        if self._is_spare(node) and not node.shutting_down and not any(map(self._waits, self.workqueue)):
            node.shutdown()
        super()._reschedule(node)

    def _is_spare(self, node: Any) -> bool:
        return self.numnodes > CORES and node is next(reversed(self.registered_collections), None)

    def _waits(self, scope: str) -> bool:
        return self._says(scope.partition("::")[0], "mark.browser", "mark.waits")

    @cache  # noqa: B019 -- there is one scheduler
    def _says(self, module: str, *words: str) -> bool:
        """Whether the module says one of the words: workers send the names of tests, without their marks."""
        text = (self.config.rootpath / module).read_text()
        return any(one in text for one in words)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Distribution | None:
    """Only where groups are asked for (Makefile); the longest come first here, too."""
    if config.getvalue("dist") != "loadgroup":
        return None
    config.option.loadscopereorder = False
    return Distribution(config, log)


def _turn(item: pytest.Item) -> tuple[int, str]:
    """Slow tests, first of all the one that needs no template; pages in the browser; each in its old order. The rest by its database.

    PostgreSQL plans everything anew on the connection to another database.
    """
    for turn, names in enumerate((("slow", "waits"), ("slow", "browser"), ("slow",), ("browser",))):
        if all(item.get_closest_marker(name) for name in names):
            return turn, ""
    return 4, _database_of(item)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly what did not run and why."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.section("NOT RUN" if not REQUIRE_ALL else "NOT RUN, THOUGH NOTHING MAY BE SKIPPED")
        for reason, count in reasons.items():
            terminalreporter.line(f"{count} x {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With REQUIRE_ALL a skipped test is a failed suite."""
    # What was left open is found now; pytest would look five times more and Python once, six seconds of each worker.
    gc.collect()
    gc.freeze()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRE_ALL and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by playwright; for tests marked ``browser``."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # as long as for everything else that is waited for

    # Playwright keeps an event loop in this thread, which Django takes for an asynchronous view.
    with mock.patch.dict(os.environ, {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}), sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page of an Arabic phone, 360 px wide, on the live server."""
    context = visitor(
        chromium,
        base_url=live_server.url,
        locale="ar-SY",
        timezone_id="Asia/Damascus",
        viewport={"width": 360, "height": 740},
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def bare_refusals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a refusal looks like is for `tests.house.test_error_pages`; drawing hundreds of them is slow."""
    from poolfund import urls

    for status in (403, 404):
        said: Any = lambda _request, exception, status=status: HttpResponse(str(exception), status=status)  # noqa: E731
        monkeypatch.setattr(urls, f"handler{status}", said, raising=False)
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def light_walk(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """For thousands of requests whose answers alone are read: sessions stay in memory, no template's context is copied.

    That sessions are rows that can be ended is for tests/accounts.
    """
    kept = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sessions", "OPTIONS": {"MAX_ENTRIES": 10_000},
    }  # fmt: skip
    settings.CACHES = settings.CACHES | {"sessions": kept}
    settings.SESSION_CACHE_ALIAS = "sessions"
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    caches["sessions"].clear()
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_given, **_named: None)


DATABASES = pytest.StashKey[TestDatabases]()


def pytest_configure(config: pytest.Config) -> None:
    """The databases of this process."""
    config.stash[DATABASES] = TestDatabases(FURNISHING)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: the test works in the database that its mark names, or in that of its folder."""
    state = _database_of(item)
    with item.config.stash[blocking_manager_key].unblock():
        item.config.stash[DATABASES].use(state)
    shelf.fill(state)


def _database_of(item: pytest.Item) -> str:
    marker = item.get_closest_marker("database")
    return str(marker.args[0]) if marker else FURNISHED.get(item.path.parent.name, BARE)


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> TestDatabases:
    """The databases of this process and what they are copies of."""
    return pytestconfig.stash[DATABASES]


@pytest.fixture(scope="session")
def django_db_setup(databases: TestDatabases, django_db_blocker: Any) -> Iterator[None]:
    """A clone of the migrated template; tests that commit get a new one afterwards, reference data and all."""
    with django_db_blocker.unblock():
        databases.open()

    def renew(case: TransactionTestCase) -> None:
        databases.clone()

    # The application's role may not truncate, and append-only tables refuse it to everybody.
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", renew):
        yield
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture(scope="module")
def standing(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """What a module's own fixture makes while it asks for this one stands for all tests of the module, files too.

    Each test still undoes what it adds. Tests that commit would end the common transaction, and a transaction belongs to
    one database: so all tests of the module begin in the same, and those that commit live elsewhere.
    """
    databases: TestDatabases = request.config.stash[DATABASES]
    for item in request.session.items:
        if getattr(item, "module", None) is not request.module:
            continue
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            raise pytest.UsageError(f"{item.nodeid} commits; it cannot share what stands for its module")
        if _database_of(item) != databases.in_use:
            raise pytest.UsageError(f"{item.nodeid} begins in another database than what stands for its module")
    folder = tmp_path_factory.mktemp("standing") / "private"
    databases.bring_files(folder)
    with django_db_blocker.unblock(), override_settings(**private_files(folder)), transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True
        yield
        shelf.clear()
        transaction.set_rollback(True)


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
def own_files(request: pytest.FixtureRequest, databases: TestDatabases, tmp_path: Path, settings: Any) -> None:
    """Uploaded and signed files of a test end with it; those that stand for a module with the module."""
    if "standing" not in request.fixturenames:
        databases.bring_files(tmp_path / "private")
        for name, value in private_files(tmp_path / "private").items():
            setattr(settings, name, value)


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Each test begins in the fund's language, whichever page another one read last."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_cache(request: pytest.FixtureRequest, settings: Any) -> None:
    """A private cache in memory, so that query counts are those of the code; rate limits start from zero.

    A test marked ``database_cache`` keeps the one that processes share.
    """
    if request.node.get_closest_marker("database_cache") is None:
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        caches["default"].clear()
