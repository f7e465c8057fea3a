"""Celery on PostgreSQL (kombu's ``pgmq`` transport), or on another broker by ``CELERY_BROKER_URL``.

A task carries no truth: it only says "look at the outbox". Losing the queue delays work and loses none.
"""

import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from celery import Celery, bootsteps
from celery.signals import beat_init, worker_init
from django.conf import settings
from django.utils.module_loading import module_has_submodule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poolfund.settings.local")

app = Celery("poolfund")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


ALIVE = Path(gettempdir()) / "poolfund-worker-alive"
ALIVE_SECONDS = 30.0


class SignOfLife(bootsteps.StartStopStep):
    """Touches a file while the worker runs, for health checks: remote control is off."""

    requires = {"celery.worker.components:Timer"}

    def start(self, worker: Any) -> None:
        """Touch at once, then every half minute."""
        ALIVE.touch()
        self.repeated = worker.timer.call_repeatedly(ALIVE_SECONDS, ALIVE.touch)

    def stop(self, worker: Any) -> None:
        """A worker that has ended looks so at once."""
        ALIVE.unlink(missing_ok=True)


app.steps["worker"].add(SignOfLife)


@app.on_after_finalize.connect
def collect_schedules(sender: Celery, **_: Any) -> None:
    """Take every app's ``tasks.SCHEDULE``: name of the entry -> (task, interval); two schedulers must be harmless."""
    for label in settings.FUND_APPS:
        if module_has_submodule(import_module(label), "tasks"):
            schedule: dict[str, tuple[Any, timedelta]] = getattr(import_module(f"{label}.tasks"), "SCHEDULE", {})
            for name, (task, interval) in schedule.items():
                sender.conf.beat_schedule[name] = {"task": task.name, "schedule": interval}


@worker_init.connect
@beat_init.connect
def start_embedded_database(**_: Any) -> None:
    """The broker is asked before the database is: start the embedded server for it."""
    if settings.EMBEDDED_SERVER is not None:
        settings.EMBEDDED_SERVER.ensure_running()
