"""``manage.py log_signer``: the process that places leaves and signs checkpoints."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from audit import checkpoints, keys, sequencer, turns
from audit.memory import Memory, MemoryBroken
from audit.rollback import MemoryLost, NotSigned

log = logging.getLogger(__name__)
TURN = 1.0
"""Seconds between two looks at what waits for its place."""
Unsigned = (keys.NoKeys, checkpoints.KeyRetired, NotSigned, MemoryLost, MemoryBroken)


class Command(BaseCommand):
    """Runs until it is told to stop; a reason not to sign is logged at every turn of the cadence, and placing goes on."""

    help = "Place leaves every second and sign a checkpoint at a fixed cadence (LOG_CHECKPOINT_SECONDS)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="place and sign once, then end")
        parser.add_argument("--alive", default="", help="a file to touch at every turn, for health checks")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOG_MEMORY_PATH or not settings.LOG_KEYS_PATH:
            raise CommandError("LOG_KEYS_PATH and LOG_MEMORY_PATH must say where the keys and the memory are")
        memory = Memory(Path(settings.LOG_MEMORY_PATH))
        if options["once"]:
            try:
                self._sign(memory)
            except Unsigned as error:
                raise CommandError(str(error)) from error
            turns.run()
            return
        self._run(memory, Path(options["alive"]) if options["alive"] else None)

    def _run(self, memory: Memory, alive: Path | None) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        due = next_turn(time.time(), settings.LOG_CHECKPOINT_SECONDS)
        while not stop.wait(TURN):
            close_old_connections()
            try:
                sequencer.integrate()
                if time.time() >= due:
                    due = next_turn(time.time(), settings.LOG_CHECKPOINT_SECONDS)
                    self._sign(memory)
            except Unsigned as error:
                log.critical("no checkpoint signed: %s", error)
            except DatabaseError:
                log.exception("the database is away; the signer tries again")
            turns.run()
            if alive is not None:
                alive.touch()

    def _sign(self, memory: Memory) -> None:
        held = keys.load(Path(settings.LOG_KEYS_PATH))
        checkpoint = checkpoints.sign(held, memory)
        if checkpoint is not None:
            self.stdout.write(f"signed {checkpoint.epoch.origin} at {checkpoint.size} leaves")


def next_turn(now: float, seconds: int) -> float:
    """The next whole multiple of the cadence: no act decides when a checkpoint is made."""
    return (now // seconds + 1) * seconds
