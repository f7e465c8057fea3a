"""``manage.py log_key``: the log's signing keys, on the signer's machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import keys, publication, sequencer
from audit.notes import SigningKey


class Command(BaseCommand):
    """Makes, changes and shows keys; prints the public side only."""

    help = (
        "new: make the key file. rotate: put a new pair before the old one (both sign). retire: forget the old pair. "
        "show: print the verifier keys."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["new", "rotate", "retire", "show"])
        parser.add_argument("--file", default=settings.LOG_KEYS_PATH, help="the key file (LOG_KEYS_PATH)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"]:
            raise CommandError("LOG_KEYS_PATH is not set: only the signer's process knows where the keys are")
        path = Path(options["file"])
        acts = {"rotate": keys.rotate, "retire": keys.retire, "show": keys.load}
        try:
            held = keys.create(path, settings.FUND_ID) if options["act"] == "new" else acts[options["act"]](path)
        except FileExistsError:
            raise CommandError(
                f"{path} exists: keys are never overwritten (rotate puts a new pair beside them)"
            ) from None
        except (keys.NoKeys, OSError) as error:
            raise CommandError(str(error)) from error
        self._show(held)

    def _show(self, held: list[SigningKey]) -> None:
        origin = sequencer.origin_of(publication.current_epoch_number())
        self.stdout.write(f"origin: {origin}")
        for key in held:
            self.stdout.write(str(key.named(origin).verifier))
