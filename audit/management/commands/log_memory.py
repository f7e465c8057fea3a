"""``manage.py log_memory``: what the signer remembers outside the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.memory import Memory, MemoryBroken
from audit.models import LogEpoch
from audit.notes import SignedNote
from audit.proofs import Tree
from audit.rollback import NotSigned, compare


class Command(BaseCommand):
    """Shows the newest line of each origin; begins the file anew when it was lost for good."""

    help = (
        "show: the newest checkpoint remembered of each origin. begin: after the file was lost for good, remember the "
        "newest checkpoints of the database, unless a witness saw more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["show", "begin"])

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOG_MEMORY_PATH:
            raise CommandError("LOG_MEMORY_PATH is not set: only the signer's process knows where its memory is")
        memory = Memory(Path(settings.LOG_MEMORY_PATH))
        try:
            if options["act"] == "begin":
                self._begin(memory)
            self._show(memory)
        except (MemoryBroken, NotSigned) as error:
            raise CommandError(str(error)) from error

    def _begin(self, memory: Memory) -> None:
        if memory.lines():
            raise CommandError(f"{memory.path} is there: it is begun anew only when it is lost")
        for epoch in LogEpoch.objects.order_by("number"):
            newest = epoch.checkpoints.order_by("-size").first()
            if newest is None:
                continue
            compare(epoch, memory)
            if Tree(epoch.number).root(newest.size) != bytes(newest.root):
                raise CommandError(f"{epoch.origin}: the newest checkpoint is not that of the tree; run fsck --log")
            memory.remember(SignedNote.parse(newest.note), at=int(newest.signed_at.timestamp()))

    def _show(self, memory: Memory) -> None:
        newest = {line.checkpoint.origin: line for line in memory.lines()}
        for origin, line in newest.items():
            self.stdout.write(f"{origin}: {line.checkpoint.size} leaves, root {line.checkpoint.root.hex()}")
        if not newest:
            self.stdout.write(f"{memory.path} remembers nothing yet")
