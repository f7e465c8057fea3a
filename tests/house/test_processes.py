"""A process that is asked to end does so, wherever it was when it was asked."""

import subprocess
import sys

from django.conf import settings

DROPPED = """
import os, signal, weakref
from poolfund.processes import Stopped, raise_if_stopped, raise_when_stopped

class Thing: pass

raise_when_stopped()
raise_if_stopped()
thing = Thing()
kept = weakref.ref(thing, lambda _gone: [os.kill(os.getpid(), signal.SIGTERM), *range(1000)])
del thing
print("went on")
try:
    raise_if_stopped()
except Stopped:
    print("stopped")
"""


def test_a_signal_that_python_drops_is_heard_of_later() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", DROPPED], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split("\n") == ["went on", "stopped", ""]
    assert "Exception ignored" in ran.stderr
