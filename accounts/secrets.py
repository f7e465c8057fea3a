"""Secrets of second factors, encrypted at rest and bound to their person.

AES-256-GCM; the person's id is the associated data, so that a secret copied to another account does not open there.
``settings.SECOND_FACTOR_KEYS`` are base64 keys of 32 bytes: the first one encrypts, all of them decrypt (rotation).
"""

import base64
import binascii
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PREFIX: Final = "v1:"
NONCE_BYTES: Final = 12
_owner: ContextVar[str] = ContextVar("owner_of_secrets", default="")


class SecretError(ValueError):
    """A secret that does not open: altered, of another person, or under a key that is gone."""


@contextmanager
def secrets_of(user: Any) -> Iterator[None]:
    """Inside, secrets are those of ``user``."""
    token = _owner.set(str(user.pk))
    try:
        yield
    finally:
        _owner.reset(token)


def owner() -> str:
    """Whose secrets are handled now; empty when nobody was named."""
    return _owner.get()


def _keys() -> list[AESGCM]:
    try:
        keys = [base64.b64decode(key, validate=True) for key in settings.SECOND_FACTOR_KEYS]
    except binascii.Error as error:
        raise ImproperlyConfigured("SECOND_FACTOR_KEYS must be base64") from error
    if not keys or any(len(key) != 32 for key in keys):
        raise ImproperlyConfigured("SECOND_FACTOR_KEYS must be base64 of 32 bytes each")
    return [AESGCM(key) for key in keys]


def seal(text: str, *, person: str) -> str:
    """``text`` encrypted for the person with the id ``person``."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = _keys()[0].encrypt(nonce, text.encode(), person.encode())
    return PREFIX + base64.b64encode(nonce + sealed).decode()


def open_sealed(sealed: str, *, person: str) -> str:
    """The text behind ``sealed``; raises `SecretError`."""
    if not sealed.startswith(PREFIX):
        raise SecretError("not a sealed secret")
    try:
        raw = base64.b64decode(sealed.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise SecretError("not base64") from error
    for key in _keys():
        try:
            return key.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], person.encode()).decode()
        except InvalidTag:
            continue
    raise SecretError("altered, of another person, or under a key that is gone")
