"""`reference`: the pages of docs/reference that are made from the code."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from poolfund import reference


class Command(BaseCommand):
    help = "Write the reference pages that are made from the code (--check: fail when they are stale)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "reference"
        if options["check"]:
            stale = reference.stale(folder)
            if stale:
                raise CommandError(f"run `make docs`: {', '.join(stale)}")
            return
        for name in reference.write(folder):
            self.stdout.write(f"written: docs/reference/{name}")
