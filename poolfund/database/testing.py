"""Databases for tests: one template with every migration, cloned for each process and after each committing test."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from poolfund import embedded
from poolfund.database import roles

KEPT = 3
"""Templates of other states of the code that are kept, for going back and forth between branches."""
LOCK = 7_460_001
"""Advisory lock: one process builds the template, the others wait for it."""


class TestDatabases:
    """Builds the template and clones it; connects as who may create databases (never as the application)."""

    __test__ = False

    def __init__(self) -> None:
        self.alias = connections["default"]
        self.template = f"poolfund_template_{_fingerprint()}"
        self.name = f"poolfund_test_{os.getpid()}"

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

    def build(self) -> None:
        """Make sure that the template of these migrations exists; forget the databases that nobody uses any more."""
        with self._session() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
            names = [row[0] for row in connection.execute("SELECT datname FROM pg_database ORDER BY oid")]
            templates = [name for name in names if name.startswith("poolfund_template_") and name != self.template]
            for name in [*filter(_abandoned, names), *templates[:-KEPT]]:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
            if self.template not in names:
                self._migrate(connection)

    def _migrate(self, connection: "psycopg.Connection[Any]") -> None:
        building = f"poolfund_building_{os.getpid()}"
        owner = psycopg.conninfo.conninfo_to_dict(self.owner(building))["user"]
        embedded.create_database(connection, building, owner=str(owner))
        original = self.alias.settings_dict["NAME"]
        self.alias.settings_dict["NAME"] = building
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            connections.close_all()
            self.alias.settings_dict["NAME"] = original
        connection.execute(f'ALTER DATABASE "{building}" RENAME TO "{self.template}"'.encode())

    def clone(self) -> None:
        """The database of this process, fresh from the template; Django's connection points to it."""
        connections.close_all()
        owner = psycopg.conninfo.conninfo_to_dict(self.owner(self.name))["user"]
        application = self.alias.settings_dict["USER"]
        with self._session() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'.encode())
            connection.execute(
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" OWNER "{owner}" STRATEGY FILE_COPY'.encode()
            )
            # Rights on a database itself are not part of its template.
            connection.execute(f'REVOKE ALL ON DATABASE "{self.name}" FROM PUBLIC'.encode())
            connection.execute(f'GRANT CONNECT ON DATABASE "{self.name}" TO "{application}"'.encode())
        self.alias.settings_dict["NAME"] = self.name

    def drop(self) -> None:
        """Remove this process's database."""
        connections.close_all()
        with self._session() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)'.encode())


def _fingerprint() -> str:
    """What the template depends on: migrations, grants, append-only tables and the pinned libraries."""
    root = embedded.CHECKOUT
    files = [root / "uv.lock", *sorted(root.glob("*/migrations/*.py")), *sorted(Path(__file__).parent.glob("*.py"))]
    digest = hashlib.sha256(
        repr((roles.tables("append_only"), roles.tables("never_deleted"), roles.updatable_columns())).encode()
    )
    for file in files:
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _abandoned(name: str) -> bool:
    """Whether a database belongs to a test process that is gone."""
    prefix, _, pid = name.rpartition("_")
    if prefix not in {"poolfund_test", "poolfund_building"} or not pid.isdigit():
        return False
    return not Path(f"/proc/{pid}").exists() if Path("/proc/self").exists() else False
