"""Verifies a signed passport of due diligence offline; needs Python >= 3.11 and `joserfc`, nothing of the fund that signed.

    verify_passport.py PASSPORT KEYS.json --issuer https://fund.example [--document FILE ...] [--json]

PASSPORT is the file that the organisation gave you; KEYS.json the public keys of the fund that signed it (a JWK set), which
you fetched once from its address `/organisations/passport-keys.json` and compared by their ids with somebody you know
there. The passport is an SD-JWT (RFC 9901): a JWS over salted digests, and the claims that the organisation chose to
disclose. Nothing is fetched. With --document FILE the SHA-256 of that file must stand in what is disclosed: it is the very
document that the fund saw. Exit status: 0 it holds, 1 it does not.

A passport is no proof of who carries it: compare its names with who stands before you.
"""

import argparse
import base64
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

MOST_BYTES = 256 * 1024
PARTS = 3
PLAIN = {"iss", "iat", "exp", "jti", "passport", "name_ar", "name_latin", "_sd_alg", "_sd"}


class Refused(Exception):
    """What was given does not hold; the message says what is wrong."""


def need(condition: object, otherwise: str) -> None:
    """Go on only if ``condition`` is true."""
    if not condition:
        raise Refused(otherwise)


def unbase64(text: str) -> bytes:
    """base64url without padding, in its one canonical writing."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Refused("not base64url") from None
    need(base64.urlsafe_b64encode(data).rstrip(b"=").decode() == text, "not canonical base64url")
    return data


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no name stands twice."""
    need(len(dict(pairs)) == len(pairs), "a name stands twice in an object")
    return dict(pairs)


def parsed(data: bytes) -> Any:
    """JSON that says one thing to every reader."""
    try:
        return json.loads(data.decode(), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None


def payload_of(signed: str, keys: Any) -> dict[str, Any]:
    """The payload under a signature of one of ``keys``."""
    need(signed.count(".") == PARTS - 1, "not a signed passport")
    header = parsed(unbase64(signed.split(".", maxsplit=1)[0]))
    need(isinstance(header, dict) and set(header) == {"alg", "typ", "kid"}, "unknown header")
    need(header["alg"] == "Ed25519", "not an Ed25519 signature")
    need(header["typ"] == "due-diligence-passport+sd-jwt", "not a passport of due diligence")
    need(isinstance(keys, dict) and isinstance(keys.get("keys"), list), "KEYS is no JWK set")
    found = [key for key in keys["keys"] if isinstance(key, dict) and key.get("kid") == header["kid"]]
    need(len(found) == 1, f"the key {header['kid']!a} is not among the keys: revoked, or newer than your copy")
    need("d" not in found[0], "KEYS holds a private key: tell that fund at once")
    try:
        opened = jws.deserialize_compact(signed, KeySet([OKPKey.import_key(found[0])]), algorithms=["Ed25519"])
    except (JoseError, ValueError, TypeError):
        raise Refused("the signature does not hold") from None
    payload = parsed(opened.payload)
    need(isinstance(payload, dict) and set(payload) == PLAIN, "unknown claims")
    return dict(payload)


def disclosed(parts: list[str], digests: list[str]) -> dict[str, Any]:
    """What the organisation tells, each part signed by its digest."""
    claims: dict[str, Any] = {}
    for part in parts:
        claim = parsed(unbase64(part))
        need(isinstance(claim, list) and len(claim) == PARTS and isinstance(claim[1], str), "a malformed disclosure")
        digest = base64.urlsafe_b64encode(hashlib.sha256(part.encode()).digest()).rstrip(b"=").decode()
        need(digest in digests, f"{claim[1]!a} was not signed")
        need(claim[1] not in claims and claim[1] not in PLAIN, f"{claim[1]!a} stands twice")
        claims[claim[1]] = claim[2]
    return claims


def verify(text: str, keys: Any, issuer: str, now: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The plain payload and the disclosed claims; raises `Refused`."""
    need(len(text.encode()) <= MOST_BYTES, "too large")
    text = text.strip()
    need(text.endswith("~"), "not a signed passport, or cut off")
    signed, *parts = text.split("~")[:-1]
    payload = payload_of(signed, keys)
    need(payload["iss"] == issuer.rstrip("/"), f"issued by {payload['iss']!a}, not by {issuer}")
    need(payload["passport"] == 1 and payload["_sd_alg"] == "sha-256", "an unknown version of passports")
    need(isinstance(payload["_sd"], list) and all(isinstance(one, str) for one in payload["_sd"]), "malformed digests")
    times = [payload["iat"], payload["exp"]]
    need(all(isinstance(one, int) and not isinstance(one, bool) for one in times), "malformed times")
    need(max(times) < 2**40, "malformed times")
    need(payload["iat"] <= now + 300, "begins in the future")
    need(payload["exp"] > now, "past its end")
    return payload, disclosed(parts, payload["_sd"])


def fingerprints(value: Any) -> set[str]:
    """Every document's SHA-256 in what is disclosed."""
    if not isinstance(value, dict):
        return set()
    return {str(one) for name, one in value.items() if name == "document_sha256" and one}


def read(path: Path) -> bytes:
    """A file of a sensible size."""
    need(path.stat().st_size <= MOST_BYTES, f"{path} is too large")
    return path.read_bytes()


def main(arguments: list[str] | None = None) -> int:
    """Verify and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passport", type=Path)
    parser.add_argument("keys", type=Path)
    parser.add_argument("--issuer", required=True, help="the fund that must have signed")
    parser.add_argument("--document", type=Path, action="append", default=[], help="a document that must be meant")
    parser.add_argument("--json", action="store_true", help="print what is disclosed as JSON")
    options = parser.parse_args(arguments)
    try:
        text = read(options.passport).decode("ascii")
        payload, claims = verify(text, parsed(read(options.keys)), options.issuer, time.time())
        known = {one for value in claims.values() for one in fingerprints(value)}
        for document in options.document:
            digest = hashlib.sha256(document.read_bytes()).hexdigest()
            need(digest in known, f"{document} is not a document of this passport")
    except (Refused, OSError, UnicodeDecodeError) as refused:
        print(f"refused: {refused}", file=sys.stderr)
        return 1
    if options.json:
        print(
            json.dumps(
                {**{name: payload[name] for name in sorted(PLAIN - {"_sd", "_sd_alg"})}, "claims": claims}, indent=1
            )
        )
        return 0
    print(f"holds: signed by {payload['iss']} for {payload['name_latin']!a}")
    print(f"valid until {time.strftime('%Y-%m-%d', time.gmtime(payload['exp']))}; serial {payload['jti']!a}")
    for name, value in claims.items():
        print(f"  {name}: {json.dumps(value, ensure_ascii=True)}")
    print(f"{len(payload['_sd']) - len(claims)} more claims are signed and not disclosed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
