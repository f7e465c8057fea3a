"""Encryption of single values, and the keys that wrap keys. Plain Python over `cryptography`; no Django.

A *data key* (32 random bytes, one for each subject) seals values. A *key-encryption key* from outside the database wraps
data keys; its name is the beginning of its SHA-256, so that a wrapped key says by which one it opens. Everything is
AES-256-GCM with a random nonce; ``context`` is the associated data, so that what is moved elsewhere does not open there.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
VERSION: Final = b"\x01"
NAME_LENGTH: Final = 16


class BadKeys(ValueError):
    """Keys that are missing, of the wrong length or not base64."""


class SealError(ValueError):
    """A value that does not open: altered, moved from its place, or under another key."""


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key-encryption key; ``name`` is what wrapped keys remember of it, and tells nothing about it."""

    secret: bytes

    @property
    def name(self) -> str:
        return hashlib.sha256(b"key-encryption key\x00" + self.secret).hexdigest()[:NAME_LENGTH]

    def __repr__(self) -> str:
        return f"WrappingKey({self.name})"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Key-encryption keys: the first one wraps, all of them unwrap (rotation)."""

    keys: tuple[WrappingKey, ...]

    @classmethod
    def of(cls, lines: Iterable[str]) -> "KeyRing":
        """The ring of base64 ``lines``; raises `BadKeys` for none, for a wrong length and for what is not base64."""
        try:
            secrets = [base64.b64decode(line, validate=True) for line in lines]
        except binascii.Error as error:
            raise BadKeys("a key is not base64") from error
        if not secrets:
            raise BadKeys("there is no key")
        if any(len(secret) != KEY_BYTES for secret in secrets):
            raise BadKeys(f"a key is not {KEY_BYTES} bytes long")
        return cls(tuple(WrappingKey(secret) for secret in secrets))

    @property
    def first(self) -> WrappingKey:
        """The key that wraps."""
        return self.keys[0]

    def named(self, name: str) -> WrappingKey:
        """The key called ``name``; raises `SealError` when the ring lacks it."""
        for key in self.keys:
            if key.name == name:
                return key
        raise SealError(f"the key-encryption key {name} is not among those given")


def new_key() -> bytes:
    """A new random key."""
    return os.urandom(KEY_BYTES)


def derive(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose, by HKDF-SHA256: one secret never serves two algorithms."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


def seal(secret: bytes, value: bytes, *, context: str) -> bytes:
    """``value`` encrypted under ``secret``, bound to ``context``."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(secret).encrypt(nonce, value, context.encode())


def open_sealed(secret: bytes, sealed: bytes, *, context: str) -> bytes:
    """The value behind ``sealed``; raises `SealError`."""
    if sealed[:1] != VERSION:
        raise SealError("not a sealed value")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(secret).decrypt(nonce, body, context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("altered, moved from its place, or under another key") from error


def digest(secret: bytes, text: str) -> str:
    """HMAC-SHA256 in hexadecimal: equal texts have equal digests, and without ``secret`` nothing can be guessed."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
