"""Databases for tests: templates that are made once, cloned for each process and after each committing test.

The bare template has every migration. A furnished one begins as a copy of another and holds what a function of the
tests made in it through the services, so that hundreds of tests need not make it again.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from poolfund import embedded
from poolfund.database import roles

KEPT = 3
"""Templates of other states of the code that are kept, for going back and forth between branches."""
LOCK = 7_460_001
"""Advisory lock: one process forgets old databases, and one builds the template of a state while others build other states."""
BARE = "bare"
"""The state of the template that has the migrations and nothing else."""


@dataclass(frozen=True)
class Furniture:
    """What ``make`` puts into a copy of the state ``on``."""

    make: Callable[[], object]
    on: str = BARE


class TestDatabases:
    """Builds the template and clones it; connects as who may create databases (never as the application)."""

    __test__ = False

    def __init__(self, furnishing: Mapping[str, Furniture]) -> None:
        self.alias = connections["default"]
        self.furnishing = furnishing
        self.in_use = BARE
        self._bare_template = f"poolfund_template_{_fingerprint()}"
        self._open: set[str] = set()

    @property
    def name(self) -> str:
        """The database of this process in the state that is in use."""
        return f"poolfund_test_{self.in_use}_{os.getpid()}"

    def template(self, state: str) -> str:
        """The template of a state."""
        if state == BARE:
            return self._bare_template
        return f"poolfund_furnished_{state}_{_furniture_fingerprint(self._bare_template)}"

    def files(self, state: str) -> Path:
        """The uploaded and signed files that belong to the template of a state."""
        return embedded.TEST.root / "furnished" / self.template(state)

    def bring_files(self, folder: Path) -> None:
        """Copies of the files that belong to the database in use."""
        if self.in_use in self._open and self.in_use != BARE:
            shutil.copytree(self.files(self.in_use), folder, dirs_exist_ok=True)

    def administrator(self, database: str = "postgres") -> str:
        """A connection string of who may create databases: the embedded superuser, or the owner with CREATEDB."""
        server = settings.EMBEDDED_SERVER
        if server is not None:
            server.ensure_running()
            return str(server.conninfo(user=embedded.SUPERUSER, database=database))
        return self.owner(database)

    def owner(self, database: str) -> str:
        """A connection string of the owner of the tables."""
        return self._conninfo(roles.owner_settings(), database)

    def application(self, database: str) -> str:
        """A connection string of the application's role."""
        return self._conninfo({}, database)

    def _conninfo(self, other: dict[str, Any], database: str) -> str:
        use = self.alias.settings_dict | other
        return psycopg.conninfo.make_conninfo(
            host=use["HOST"], port=use["PORT"] or 5432, user=use["USER"], password=use["PASSWORD"] or None,
            dbname=database,
        )  # fmt: skip

    @contextmanager
    def _session(self) -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(self.administrator(), autocommit=True) as connection:
            yield connection

    def use(self, state: str) -> None:
        """Work in the database of this state from now on: `BARE` or a name of ``furnishing``."""
        if state not in {BARE, *self.furnishing}:
            raise ValueError(
                f"tests know the databases {BARE}, {', '.join(self.furnishing)}; there is none called {state}"
            )
        if state == self.in_use:
            return
        self.in_use = state
        if self._open:
            self.open()

    def open(self) -> None:
        """Point Django's connection to the database in use; make it, and its templates, where they are missing."""
        if self.in_use not in self._open:
            self.build()
            self.clone()
        elif self.alias.settings_dict["NAME"] != self.name:
            self._point_to(self.name)

    def build(self) -> None:
        """Make sure that the templates of this code exist; forget the databases that nobody uses any more."""
        with self._session() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            names = [row[0] for row in connection.execute("SELECT datname FROM pg_database ORDER BY oid")]
            for name in [*filter(_abandoned, names), *self._outdated(names)]:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
                shutil.rmtree(embedded.TEST.root / "furnished" / name, ignore_errors=True)
            connection.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
            self._make(connection, self.in_use)

    def _outdated(self, names: list[str]) -> list[str]:
        """Templates of other states of the code, but for the newest."""
        found = []
        for state in (BARE, *self.furnishing):
            now = self.template(state)
            others = [
                name for name in names if name.startswith(now.removesuffix(now.rpartition("_")[2])) and name != now
            ]
            found += others[:-KEPT]
        return found

    def _make(self, connection: "psycopg.Connection[Any]", state: str) -> None:
        """The template of a state: others wait for it, and find it made; who needs another state makes that one meanwhile."""
        key = (LOCK, self.template(state))
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", key)
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self.template(state),)).fetchone()
        if not made or (state != BARE and not self.files(state).exists()):
            self._make_anew(connection, state)
        connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", key)

    def _make_anew(self, connection: "psycopg.Connection[Any]", state: str) -> None:
        template, files = self.template(state), self.files(state)
        building = f"poolfund_building_{os.getpid()}"
        if state == BARE:
            embedded.create_database(connection, building, owner=self._owner_name())
        else:
            furniture = self.furnishing[state]
            self._make(connection, furniture.on)
            self._copy(connection, self.template(furniture.on), building)
        original = self.alias.settings_dict["NAME"]
        self._point_to(building)
        try:
            if state == BARE:
                call_command("migrate", verbosity=0, interactive=False)
            else:
                shutil.rmtree(files, ignore_errors=True)
                files.mkdir(parents=True)
                if furniture.on != BARE:
                    shutil.copytree(self.files(furniture.on), files, dirs_exist_ok=True)
                with override_settings(**private_files(files)):
                    furniture.make()
        finally:
            self._point_to(original)
        connection.execute(f'DROP DATABASE IF EXISTS "{template}"'.encode())
        connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"'.encode())

    def _copy(self, connection: "psycopg.Connection[Any]", template: str, name: str) -> None:
        connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER "{self._owner_name()}" STRATEGY FILE_COPY'.encode()
        )
        # Rights on a database itself are not part of its template.
        connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC'.encode())
        connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{self.alias.settings_dict["USER"]}"'.encode())

    def _owner_name(self) -> str:
        return str(psycopg.conninfo.conninfo_to_dict(self.owner("postgres"))["user"])

    def _point_to(self, name: str) -> None:
        connections.close_all()
        self.alias.settings_dict["NAME"] = name

    def clone(self) -> None:
        """The database in use, fresh from its template; Django's connection points to it."""
        connections.close_all()
        with self._session() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'.encode())
            self._copy(connection, self.template(self.in_use), self.name)
        self._point_to(self.name)
        self._open.add(self.in_use)

    def drop(self) -> None:
        """Remove this process's databases."""
        connections.close_all()
        with self._session() as connection:
            for state in self._open:
                self.in_use = state
                connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'.encode())


def private_files(folder: Path) -> dict[str, Any]:
    """The settings that keep uploaded and signed files in ``folder``."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    return {"PRIVATE_ROOT": folder, "STORAGES": {**settings.STORAGES, "default": default}}


@cache
def _fingerprint() -> str:
    """What the bare template depends on: migrations, grants, append-only tables and the pinned libraries."""
    root = embedded.CHECKOUT
    files = [root / "uv.lock", *sorted(root.glob("*/migrations/*.py")), *sorted(Path(__file__).parent.glob("*.py"))]
    digest = hashlib.sha256(
        repr((roles.tables("append_only"), roles.tables("never_deleted"), roles.updatable_columns())).encode()
    )
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


@cache
def _furniture_fingerprint(template: str) -> str:
    """What a furnished template depends on besides: all code that makes it, and the day on which offices begin."""
    root = embedded.CHECKOUT
    digest = hashlib.sha256(f"{template} {timezone.localdate()}".encode())
    packages = sorted({app.path for app in apps.get_app_configs() if Path(app.path).parent == root})
    for folder in [*map(Path, packages), root / "tests" / "factories"]:
        for file in sorted(folder.rglob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _abandoned(name: str) -> bool:
    """Whether a database belongs to a test process that is gone."""
    prefix, _, pid = name.rpartition("_")
    if not prefix.startswith(("poolfund_test", "poolfund_building")) or not pid.isdigit():
        return False
    return not Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else False
