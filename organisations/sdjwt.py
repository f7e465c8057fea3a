"""Signed passports as selectively disclosable tokens (SD-JWT, RFC 9901): plain Python, no Django.

The issuer signs digests of salted claims; the holder hands over the signed part with the claims that it chooses, each as
one ``~``-parted disclosure. What is left out stays a digest, from which nothing can be guessed. Signatures are Ed25519
(RFC 9864) by joserfc; other algorithms, also "none", are refused.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM: Final = "Ed25519"
TYPE: Final = "due-diligence-passport+sd-jwt"
FORMAT: Final = 1
SALT_BYTES: Final = 16
MOST_BYTES: Final = 256 * 1024
MOST_CLAIMS: Final = 200
MOST_AHEAD: Final = 300
"""Seconds by which the issuer's clock may be ahead of ours."""
_DIGESTS: Final = "_sd"
_PLAIN: Final = frozenset({"iss", "iat", "exp", "jti", "passport", "name_ar", "name_latin", "_sd_alg", _DIGESTS})


class BadPassport(Exception):
    """The file is no passport that can be believed; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """A passport whose signature holds: who issued it when, for whom, and what it discloses."""

    issuer: str
    issued_at: datetime
    ends_at: datetime
    serial: str
    name_ar: str
    name_latin: str
    key_id: str
    claims: dict[str, Any]
    hidden: int
    """How many signed claims the holder kept to itself."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One claim as it is handed over."""

    name: str
    text: str

    @property
    def digest(self) -> str:
        return _b64(hashlib.sha256(self.text.encode("ascii")).digest())


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise BadPassport("malformed") from None
    if _b64(data) != text:
        raise BadPassport("malformed")
    return data


def disclose(claims: Mapping[str, Any]) -> list[Disclosure]:
    """Each claim with a fresh salt, so that the digest of "yes" tells nobody that it is "yes"."""
    return [
        Disclosure(name, _b64(json.dumps([_b64(secrets.token_bytes(SALT_BYTES)), name, value]).encode()))
        for name, value in claims.items()
    ]


def sign(plain: Mapping[str, Any], disclosures: Iterable[Disclosure], key: OKPKey, *, key_id: str) -> str:
    """The signed part: ``plain`` claims that everybody reads, and the digests of the rest in no telling order."""
    payload = {**plain, "passport": FORMAT, "_sd_alg": "sha-256", _DIGESTS: sorted(one.digest for one in disclosures)}
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key_id}
    return jws.serialize_compact(header, json.dumps(payload).encode(), key, algorithms=[ALGORITHM])


def bundle(signed: str, disclosures: Iterable[Disclosure]) -> str:
    """The file that the holder hands over."""
    return "~".join([signed, *(one.text for one in disclosures), ""])


def read_disclosures(text: str) -> list[Disclosure]:
    """The disclosures of a bundle that we made ourselves."""
    return [Disclosure(_claim(one)[0], one) for one in text.split("~")[1:-1]]


def issuer_of(text: str) -> str:
    """Who says to have issued it, unverified: to find the keys with which `verify` looks at it."""
    payload = _object(_unb64(_signed_part(text).split(".")[1]))
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or not issuer:
        raise BadPassport("malformed")
    return issuer


def _signed_part(text: str) -> str:
    if len(text.encode()) > MOST_BYTES:
        raise BadPassport("size")
    signed = text.strip().split("~", 1)[0]
    if signed.count(".") != 2 or not text.strip().endswith("~"):
        raise BadPassport("malformed")
    return signed


def verify(text: str, keys: Mapping[str, Any], *, issuer: str, now: datetime) -> Opened:
    """Open a passport of ``issuer`` with its published ``keys`` (a JWK set); raises `BadPassport`.

    Refused are: other algorithms and types, unknown keys, broken signatures, what is past its end or not begun, disclosures
    that were not signed or stand twice, claims that would cover a plain one.
    """
    signed = _signed_part(text)
    key_id, payload = _checked(signed, keys)
    if payload.get("iss") != issuer or payload.get("passport") != FORMAT or payload.get("_sd_alg") != "sha-256":
        raise BadPassport("malformed")
    digests = payload.get(_DIGESTS)
    if not isinstance(digests, list) or len(digests) > MOST_CLAIMS or set(payload) - _PLAIN:
        raise BadPassport("malformed")
    claims = _claims(text.strip().split("~")[1:-1], set(map(str, digests)))
    issued, ends = _moment(payload, "iat"), _moment(payload, "exp")
    if issued.timestamp() > now.timestamp() + MOST_AHEAD:
        raise BadPassport("early")
    if ends <= now:
        raise BadPassport("ended")
    texts = [payload.get(name) for name in ("jti", "name_ar", "name_latin")]
    if not all(isinstance(one, str) and one for one in texts):
        raise BadPassport("malformed")
    serial, name_ar, name_latin = map(str, texts)
    return Opened(issuer, issued, ends, serial, name_ar, name_latin, key_id, claims, len(set(digests)) - len(claims))


def _checked(signed: str, keys: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    header = _object(_unb64(signed.split(".", maxsplit=1)[0]))
    if header.get("alg") != ALGORITHM or header.get("typ") != TYPE or set(header) != {"alg", "typ", "kid"}:
        raise BadPassport("algorithm")
    found = [one for one in public_keys(keys) if one.get("kid") == header["kid"]]
    if len(found) != 1:
        raise BadPassport("key")
    try:
        key = OKPKey.import_key(found[0])
        opened = jws.deserialize_compact(signed, KeySet([key]), algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError):
        raise BadPassport("signature") from None
    return str(header["kid"]), _object(opened.payload)


def public_keys(keys: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The Ed25519 keys of a JWK set that carry an id; a private one makes the set unusable."""
    listed = keys.get("keys")
    if not isinstance(listed, list):
        raise BadPassport("keys")
    found = [one for one in listed if isinstance(one, dict) and one.get("kty") == "OKP" and one.get("crv") == "Ed25519"]
    if any("d" in one for one in found):
        raise BadPassport("private")
    return [one for one in found if isinstance(one.get("kid"), str) and isinstance(one.get("x"), str)]


def _claims(disclosures: list[str], digests: set[str]) -> dict[str, Any]:
    if len(disclosures) > MOST_CLAIMS:
        raise BadPassport("size")
    claims: dict[str, Any] = {}
    for text in disclosures:
        name, value = _claim(text)
        if Disclosure(name, text).digest not in digests:
            raise BadPassport("unsigned")
        if name in claims or name in _PLAIN:
            raise BadPassport("malformed")
        claims[name] = value
    return claims


def _claim(text: str) -> tuple[str, Any]:
    value = _parsed(_unb64(text))
    if not isinstance(value, list) or len(value) != 3 or not all(isinstance(one, str) for one in value[:2]):
        raise BadPassport("malformed")
    return value[1], value[2]


def _object(data: bytes) -> dict[str, Any]:
    value = _parsed(data)
    if not isinstance(value, dict):
        raise BadPassport("malformed")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadPassport("malformed")
    return found


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode(), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadPassport("malformed") from None


def _moment(payload: Mapping[str, Any], name: str) -> datetime:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadPassport("malformed")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadPassport("malformed") from None
