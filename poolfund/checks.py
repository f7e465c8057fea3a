"""Checks at start-up: what would make a running fund unsafe."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, Tags, register

from kernel.envelopes import BadKeys, KeyRing
from poolfund.database import roles


@register(Tags.security)
def owner_stays_away(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[Error]:
    """The web and the workers must not even know the owner's address (E001) nor be the owner (E002)."""
    if settings.EMBEDDED_SERVER is not None:
        return []
    owner = roles.owner_user()
    found = []
    if owner and os.environ.get("POOLFUND_PROCESS") in {"web", "worker", "scheduler", "signer"}:
        found.append(
            Error(
                "OWNER_DATABASE_URL is set in a process that must not migrate",
                hint="give it to the one-off migrate container only",
                id="poolfund.E001",
            )
        )
    if owner and owner == settings.DATABASES["default"]["USER"]:
        found.append(Error("the application connects as the owner of its tables", id="poolfund.E002"))
    return found


@register(Tags.security)
def keys_stay_with_the_signer(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[Error]:
    """Who serves pages or does work must not be able to sign the log or a passport (E003)."""
    if os.environ.get("POOLFUND_PROCESS") not in {"web", "worker", "scheduler"} or settings.EMBEDDED_SERVER is not None:
        return []
    if not any((settings.LOG_KEYS_PATH, settings.LOG_MEMORY_PATH, settings.PASSPORT_KEYS_PATH)):
        return []
    return [
        Error(
            "LOG_KEYS_PATH, LOG_MEMORY_PATH or PASSPORT_KEYS_PATH is set in a process that must not sign",
            hint="give them, and the volume they point into, to the signer only",
            id="poolfund.E003",
        )
    ]


@register(Tags.security)
def database_is_told_who_asks(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[Error]:
    """Any other engine leaves the second wall closed to everybody: lists stay empty, and nobody is told why (E004)."""
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine == "poolfund.database":
        return []
    return [
        Error(
            f"the database's engine is {engine!r}, which does not tell PostgreSQL for whom it asks",
            hint="set DATABASE_URL and let poolfund.environment.database read it",
            id="poolfund.E004",
        )
    ]


@register(Tags.security)
def keys_of_the_vault_are_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[Error]:
    """What wraps the keys of sealed data is there and whole (E005)."""
    if os.environ.get("POOLFUND_PROCESS") not in {"web", "worker", "scheduler"}:
        return []
    try:
        KeyRing.of(settings.VAULT_KEYS)
    except BadKeys as error:
        return [Error(f"VAULT_KEYS: {error}", hint="make one by `openssl rand -base64 32`", id="poolfund.E005")]
    return []
