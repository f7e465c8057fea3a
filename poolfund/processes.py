"""Child processes that end together."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PATIENCE = 20.0
"""Seconds that a child may take to end in order before it is killed."""


_stopped = threading.Event()


class Stopped(Exception):
    """Somebody pressed Ctrl-C or asked the process to end."""


@dataclass
class Household:
    """Starts children, each in a session of its own, and ends all of them, the youngest first."""

    logs: Path
    environment: dict[str, str]
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *arguments: str) -> None:
        """Run ``python <arguments>``; what it says goes to ``<logs>/<name>.log``."""
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 -- our own programs
                [sys.executable, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment},
                # Ctrl-C reaches this process alone; it ends the others in order.
                start_new_session=True,
            )

    def dead(self) -> str | None:
        """The name of a child that has ended by itself."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def end(self) -> None:
        """End all children; kill those, and what they left behind, that do not end in time."""
        children = list(reversed(self.children.values()))
        for child in children:
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + PATIENCE
        for child in children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.children.clear()


def raise_when_stopped() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped`, once: a second one does not disturb the ending.

    Python drops what a signal raises inside the callback of a weak reference: whoever waits long asks `raise_if_stopped`.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        _stopped.set()
        raise Stopped

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for each in signals:
        signal.signal(each, stop)


def raise_if_stopped() -> None:
    """Raise `Stopped` when the process was asked to end, also where nobody heard of it."""
    if _stopped.is_set():
        raise Stopped
