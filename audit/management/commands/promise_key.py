"""``manage.py promise_key``: a new key for the promises that people get at the moment of an act."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from audit.notes import ED25519, SEED_BYTES, SigningKey


class Command(BaseCommand):
    """Prints the line for ``LOG_PROMISE_KEYS``; keeps nothing."""

    help = "Prints a new Ed25519 key for LOG_PROMISE_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        key = SigningKey(f"{settings.FUND_ID}/1/promise", ED25519, secrets.token_bytes(SEED_BYTES))
        self.stdout.write(key.serialise())
