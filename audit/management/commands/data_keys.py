"""``manage.py data_keys``: the keys outside the database that wrap the keys inside it."""

import base64
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import vault
from kernel import envelopes


class Command(BaseCommand):
    """Makes, counts and changes outer keys; never prints one that is in use."""

    help = (
        "new: print a new key for VAULT_KEYS. status: which outer keys wrap how many data keys. "
        "rotate: wrap everything by the first of VAULT_KEYS; after that the others can go."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["new", "status", "rotate"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "new":
            self.stdout.write(base64.b64encode(envelopes.new_key()).decode())
            return
        if options["act"] == "rotate":
            self._rotate()
        self._status()

    def _rotate(self) -> None:
        done = 0
        for number in vault.rewrap():
            done += number
            self.stdout.write(f"{done} data keys wrapped by {vault.ring().first.name}")
        self.stdout.write(f"{vault.reindex()} digests of numbers written anew")

    def _status(self) -> None:
        first = vault.ring().first.name
        unknown = vault.unknown_wrappings()
        for name, number in vault.keys_by_wrapping().items():
            what = "wraps now" if name == first else "MISSING" if name in unknown else "can still unwrap"
            self.stdout.write(f"{name}: {number} data keys ({what})")
        if unknown:
            raise CommandError("put the missing keys back into VAULT_KEYS: what they wrap cannot be read")
