"""``manage.py passport_key``: the keys that sign passports, on the signer's machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.keys import NoKeys
from kernel.permissions import Refused
from organisations import passport_keys
from organisations.models import PassportKey
from organisations.services import carrying


class Command(BaseCommand):
    """Makes, changes and revokes keys; prints their ids only."""

    help = (
        "new: make the key file. rotate: put a new key before the old ones; it signs from now on. drop: forget the old "
        "ones; what they signed still holds. revoke: say that others have a key; nothing that it signed holds. show."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["new", "rotate", "drop", "revoke", "show"])
        parser.add_argument("--file", default=settings.PASSPORT_KEYS_PATH, help="the key file (PASSPORT_KEYS_PATH)")
        parser.add_argument("--key", default="", help="the id of the key to revoke")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "revoke":
            self._revoke(options["key"])
            return
        if not options["file"]:
            raise CommandError("PASSPORT_KEYS_PATH is not set: only the signer's process knows where the keys are")
        acts = {
            "new": passport_keys.create,
            "rotate": passport_keys.rotate,
            "drop": passport_keys.drop_old,
            "show": passport_keys.load,
        }
        try:
            held = acts[options["act"]](Path(options["file"]))
        except FileExistsError:
            raise CommandError(f"{options['file']} exists: keys are never overwritten (rotate adds one)") from None
        except (NoKeys, OSError) as error:
            raise CommandError(str(error)) from error
        for key in held:
            self.stdout.write(passport_keys.id_of(key))

    def _revoke(self, key_id: str) -> None:
        try:
            carrying.revoke(key_id)
        except PassportKey.DoesNotExist:
            raise CommandError("no key with this id has signed: give --key as `show` prints it") from None
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write(f"revoked {key_id}: it is no longer published")
