"""The file with the log's private keys: readable by the signer alone, never by the web process.

One line a key, as Go's ``sumdb/note`` writes it, under the fund's name; the newest pair (Ed25519 and ML-DSA-44) stands
first. All keys of the file sign, so that after a rotation old and new signatures stand side by side until the old pair is
retired. Under which origin they sign is decided when they do.
"""

import os
import secrets
import stat
from pathlib import Path

from audit.notes import COSIGNATURE_MLDSA44, ED25519, SEED_BYTES, Malformed, SigningKey

KINDS = (ED25519, COSIGNATURE_MLDSA44)
"""Every checkpoint carries both: what today's tools read, and what outlives quantum computers."""
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class NoKeys(Exception):
    """The signer has no usable keys; the message says why and what to do."""


def load(path: Path) -> list[SigningKey]:
    """The keys of the file; raises `NoKeys` when there are none, or when others than its owner may read them."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise NoKeys(f"there is no key file at {path}: make one with `manage.py log_key new`") from None
    except (OSError, UnicodeError) as error:
        raise NoKeys(f"the key file {path} cannot be read: {error}") from None
    if mode & OTHERS:
        raise NoKeys(f"others may read the key file {path}: `chmod 600` it, and think of the keys as known to them")
    try:
        keys = [SigningKey.parse(line) for line in lines if line and not line.startswith("#")]
    except Malformed as error:
        raise NoKeys(f"the key file {path} is damaged: {error}") from None
    if {key.kind for key in keys} != set(KINDS):
        raise NoKeys(f"the key file {path} does not hold an Ed25519 and an ML-DSA-44 key")
    return keys


def create(path: Path, name: str) -> list[SigningKey]:
    """A new file with a new pair of keys; raises `FileExistsError` rather than overwrite one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = _pair(name)
    write_private(path, _text(keys))
    return keys


def rotate(path: Path) -> list[SigningKey]:
    """Put a new pair before the old one; raises `NoKeys`."""
    old = load(path)
    keys = [*_pair(old[0].name), *old]
    replace_private(path, _text(keys))
    return keys


def retire(path: Path) -> list[SigningKey]:
    """Forget all but the newest pair; raises `NoKeys`."""
    keys = load(path)[: len(KINDS)]
    replace_private(path, _text(keys))
    return keys


def _pair(name: str) -> list[SigningKey]:
    return [SigningKey(name, kind, secrets.token_bytes(SEED_BYTES)) for kind in KINDS]


def _text(keys: list[SigningKey]) -> str:
    head = "# Private keys of the fund's log. Whoever has them can sign in its name.\n"
    return head + "".join(f"{key.serialise()}\n" for key in keys)


def write_private(path: Path, text: str) -> None:
    """A new file that its owner alone reads, on the disk when this returns; raises `FileExistsError`."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def replace_private(path: Path, text: str) -> None:
    """Write beside, then rename: a crash leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_private(beside, text)
    beside.replace(path)
