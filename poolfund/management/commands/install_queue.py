"""`install_queue`: the tables of Celery's queue, as the queue's own role."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from poolfund.database import queue


class Command(BaseCommand):
    """Install the schema of ``pgmq`` unless it is there; nothing for another broker."""

    help = "Prepare the queue's database (only for the pgmq broker); safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Install and say what was done."""
        if not settings.CELERY_BROKER_URL.startswith("pgmq:"):
            self.stdout.write("the broker is not PostgreSQL: nothing to install")
            return
        if settings.EMBEDDED_SERVER is not None:
            settings.EMBEDDED_SERVER.ensure_running()
        version = queue.install(settings.CELERY_BROKER_TRANSPORT_OPTIONS["conn_string"])
        self.stdout.write(f"queue ready (pgmq {version})")
