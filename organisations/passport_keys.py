"""The file with the private keys that sign passports: read by the signer's process alone, as the log's keys are.

A JWK set, the newest key first: that one signs. Older ones stay until they are dropped; their public sides stay published
while passports signed by them run.
"""

import json
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from audit.keys import OTHERS, NoKeys, replace_private, write_private


def load(path: Path) -> list[OKPKey]:
    """The keys of the file; raises `NoKeys` when there are none, or when others than its owner may read them."""
    try:
        if path.stat().st_mode & OTHERS:
            raise NoKeys(f"others may read the key file {path}: `chmod 600` it, and think of the keys as known to them")
        listed = json.loads(path.read_text(encoding="utf-8"))["keys"]
        keys = [OKPKey.import_key(one) for one in listed]
    except FileNotFoundError:
        raise NoKeys(f"there is no key file at {path}: make one with `manage.py passport_key new`") from None
    except (OSError, ValueError, KeyError, TypeError, JoseError) as error:
        raise NoKeys(f"the key file {path} cannot be read: {type(error).__name__}") from None
    if not keys or not all(key.is_private for key in keys):
        raise NoKeys(f"the key file {path} holds no private key")
    return keys


def create(path: Path) -> list[OKPKey]:
    """A new file with a new key; raises `FileExistsError` rather than overwrite one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = [OKPKey.generate_key("Ed25519")]
    write_private(path, _text(keys))
    return keys


def rotate(path: Path) -> list[OKPKey]:
    """Put a new key before the old ones: it signs from now on; raises `NoKeys`."""
    keys = [OKPKey.generate_key("Ed25519"), *load(path)]
    replace_private(path, _text(keys))
    return keys


def drop_old(path: Path) -> list[OKPKey]:
    """Forget all but the newest key; raises `NoKeys`."""
    keys = load(path)[:1]
    replace_private(path, _text(keys))
    return keys


def id_of(key: OKPKey) -> str:
    """The key's name in passports and in the published set: its thumbprint (RFC 7638)."""
    return key.thumbprint()


def public_side(key: OKPKey) -> dict[str, Any]:
    """What the fund publishes of a key."""
    x = key.as_dict(private=False)["x"]
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": id_of(key), "use": "sig", "alg": "Ed25519"}


def _text(keys: list[OKPKey]) -> str:
    return json.dumps({"keys": [key.as_dict(private=True) for key in keys]}, indent=1)
