"""`demo`: a whole fund on this machine, with one sign-in link for each part that a visitor can take."""

import io
import json
import logging
import socket
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from poolfund import demo, embedded, translations
from poolfund.demo import witnesses
from poolfund.demo_sign_in import SignInLink
from poolfund.processes import Household, Stopped, raise_if_stopped, raise_when_stopped

WEB_SECONDS = 60
"""How long the web process may take until it answers."""
PLAYED = "demo.json"


class Command(BaseCommand):
    """Start, migrate, play, serve, print the links; end everything on Ctrl-C."""

    help = "Play a whole fund through the real services and serve it on this machine (make demo)."
    requires_system_checks: list[str] = []
    began = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to serve, and whether to start over."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--fresh", action="store_true", help="forget what was played and play anew")
        parser.add_argument("--play-only", action="store_true", help="play, and serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until somebody stops it."""
        if not settings.DEMO or settings.EMBEDDED_SERVER is None:
            raise CommandError(
                "the demonstration runs on its own database: use `make demo`, and leave DATABASE_URL unset"
            )
        self.began = time.monotonic()
        raise_when_stopped()
        # This command says what happens in words; the lines for machines are those of its processes, in their files.
        logging.getLogger("audit").setLevel(logging.WARNING)
        server = settings.EMBEDDED_SERVER
        # Nobody deploys a demonstration: what its processes would check at their start is for a fund's own installation.
        unchecked = {"DEMO": "1", "C_FORCE_ROOT": "1", "CELERY_SKIP_CHECKS": "1"}
        household = Household(server.root / "demo", unchecked)
        try:
            links = self._prepare(server, fresh=options["fresh"])
            if not options["play_only"]:
                self._serve(household, options["port"], links)
        except Stopped:
            self.say("ending")
        finally:
            household.end()
            connections.close_all()
            server.leave()
            self.say("ended: web, worker, scheduler and signer are gone, the database is stopped")

    def say(self, text: str) -> None:
        """One line of progress, with the seconds since the start."""
        self.stdout.write(f"[{time.monotonic() - self.began:5.1f} s] {text}")
        self.stdout.flush()

    # Steps --------------------------------------------------------------------------------------------------------

    def _prepare(self, server: embedded.EmbeddedServer, *, fresh: bool) -> list[SignInLink]:
        self.say("starting PostgreSQL (embedded)")
        server.ensure_running()
        translations.compile_all()
        record = server.root / PLAYED
        if fresh or not record.exists():
            record.unlink(missing_ok=True)
            self._empty(server)
            self._wait_for_the_disk(server, wait=False)
        self.say("bringing the tables up to date")
        call_command("migrate", verbosity=0, interactive=False)
        if record.exists():
            self.say("the fund was played before: it goes on from there (FRESH=1 starts over)")
            return [SignInLink(**link) for link in json.loads(record.read_text(encoding="utf-8"))]
        self.say("playing the fund through its own services")
        self._forget_the_old_log()
        links = demo.play(lambda text: self.say(f"  {text}"))
        self.say("signing the log; three invented witnesses sign it too")
        self._make_throw_away_keys()
        witnesses.register()
        call_command("log_signer", "--once", stdout=io.StringIO())
        witnesses.cosign()
        self._wait_for_the_disk(server, wait=True)
        record.write_text(
            json.dumps([{"title": str(link.title), "email": link.email} for link in links]), encoding="utf-8"
        )
        return links

    def _forget_the_old_log(self) -> None:
        """A fund that is played anew has a new log: throw-away keys, and no memory of the last one."""
        for path in (settings.LOG_KEYS_PATH, settings.LOG_MEMORY_PATH, settings.PASSPORT_KEYS_PATH):
            Path(path).unlink(missing_ok=True)

    def _make_throw_away_keys(self) -> None:
        if not Path(settings.LOG_KEYS_PATH).exists():
            call_command("log_key", "new", stdout=io.StringIO())
        if not Path(settings.PASSPORT_KEYS_PATH).exists():
            call_command("passport_key", "new", stdout=io.StringIO())

    def _empty(self, server: embedded.EmbeddedServer) -> None:
        connections.close_all()
        administrator = server.conninfo(user=embedded.SUPERUSER, database="postgres")
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{embedded.DATABASE}" WITH (FORCE)'.encode())
        embedded.provision(server)

    def _wait_for_the_disk(self, server: embedded.EmbeddedServer, *, wait: bool) -> None:
        """While the fund is played no act waits until the disk has it: a play that breaks off begins anew anyway."""
        connections.close_all()
        administrator = server.conninfo(user=embedded.SUPERUSER, database="postgres")
        with psycopg.connect(administrator, autocommit=True) as connection:
            how = "RESET synchronous_commit" if wait else "SET synchronous_commit = off"
            connection.execute(f'ALTER DATABASE "{embedded.DATABASE}" {how}'.encode())
            if wait:
                connection.execute("CHECKPOINT")

    def _serve(self, household: Household, wanted: int, links: list[SignInLink]) -> None:
        port = free_port(wanted)
        if port != wanted:
            self.say(f"port {wanted} is taken: serving on {port}")
        self.say("starting web, worker, scheduler and signer")
        web_process(household, port)
        household.start("worker", "-m", "celery", "-A", "poolfund", "worker", "-l", "info", "--concurrency", "1")
        schedule = str(household.logs / "schedule")
        self._make_throw_away_keys()
        household.start("signer", str(settings.BASE_DIR / "manage.py"), "log_signer", "--skip-checks")
        household.start("scheduler", "-m", "celery", "-A", "poolfund", "beat", "-l", "info", "-s", schedule)
        wait_for_web(household, port)
        self._print_links(port, links, household.logs)
        while True:
            raise_if_stopped()
            fail_if_dead(household)
            time.sleep(0.5)

    def _print_links(self, port: int, links: list[SignInLink], logs: Path) -> None:
        address = f"http://127.0.0.1:{port}"
        self.say(f"the fund is open: {address}/")
        self.stdout.write("\nSign in as (each link works for a day):\n\n")
        for link in links:
            self.stdout.write(f"  {link.title}\n    {address}{link.path}\n")
        self.stdout.write(f"\nLogs: {logs}/   Mail: {logs.parent}/mail/   Ctrl-C ends everything.\n\n")
        self.stdout.flush()


def free_port(wanted: int) -> int:
    """``wanted`` when nobody listens there, else one that is free."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CommandError("no port is free on this machine")


def web_process(household: Household, port: int) -> None:
    """Start the web process on ``port`` of this machine."""
    household.environment |= {
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "poolfund.settings.local",
    }
    household.start(
        "web", "-m", "gunicorn", "poolfund.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", "1", "--threads", "8", "--worker-class", "gthread", "--graceful-timeout", "5",
    )  # fmt: skip


def wait_for_web(household: Household, port: int) -> None:
    """Wait until the web process and its database answer."""
    until = time.monotonic() + WEB_SECONDS
    while time.monotonic() < until:
        fail_if_dead(household)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise CommandError(f"the web process does not answer; see {household.logs / 'web.log'}")


def fail_if_dead(household: Household) -> None:
    """Raise CommandError when a child has ended by itself."""
    name = household.dead()
    if name is not None:
        raise CommandError(f"{name} has ended by itself; see {household.logs / name}.log")
