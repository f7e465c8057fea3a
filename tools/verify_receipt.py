"""Verifies what a fund's transparency log gives to people; needs Python >= 3.11 and `cryptography`, nothing of the fund.

    verify_receipt.py proof RECEIPT.tlog-proof POLICY      is this act in the log, under a checkpoint that witnesses saw?
    verify_receipt.py promise PROMISE.txt POLICY           did the fund promise to put this act into the log?
    verify_receipt.py evidence ONE [OTHER] POLICY          did the log sign two different trees of one size?

A receipt is a C2SP tlog-proof whose extra data hold the leaf's body and, for its owner, the record and the nonce that open
the leaf's commitment: record -> commitment -> body -> leaf -> root -> signature of the log -> quorum of witnesses.
POLICY is a C2SP tlog-policy: the keys of log and witnesses that *you* trust, and how many must have signed. Get it from
somebody you trust, not with the receipt. Every line of a receipt counts: signatures of keys that the policy does not name are
refused (--ignore-unknown passes over them, as the note format alone would). With --document FILE the record must name that
file's SHA-256: an agreement, minutes. Exit status: 0 it holds, 1 it does not.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

HEADER = "c2sp.org/tlog-proof@v1"
PROMISE = "log-promise/v1"
ED25519, COSIGNATURE, MLDSA_COSIGNATURE = 0x01, 0x04, 0x06
MOST_BYTES = 4 * 1024 * 1024
_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Refused(Exception):
    """What was given does not hold; the message says what is wrong."""


def need(condition: object, otherwise: str) -> None:
    """Go on only if ``condition`` is true."""
    if not condition:
        raise Refused(otherwise)


def unbase64(text: str) -> bytes:
    """Standard base64 in its one canonical writing."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused(f"not base64: {text[:40]}") from None
    need(base64.b64encode(data).decode() == text, f"not canonical base64: {text[:40]}")
    return data


def number(text: str) -> int:
    """A whole number in its one ASCII writing, below 2^63."""
    need(_NUMBER.fullmatch(text) and int(text) < 2**63, f"not a number: {text[:40]}")
    return int(text)


def plain(value: object) -> str:
    """Text in which no line break, control character or mark of direction can draw on the reader's screen."""
    return "".join(one if one.isprintable() else f"\\u{{{ord(one):x}}}" for one in str(value))


def canonical(value: object) -> str:
    """RFC 8785 of what records are made of: no fractions, no numbers that some readers round."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    need(
        isinstance(value, str) or value is None or (isinstance(value, int) and abs(value) < 2**53), "not a whole number"
    )
    return json.dumps(value, ensure_ascii=False)


def from_json(text: str) -> dict[str, Any]:
    """An object from its one canonical writing: no name stands twice, nothing is left to the reader's parser."""
    value = json.loads(text)
    need(isinstance(value, dict) and canonical(value) == text, "JSON that is not in its canonical form")
    return dict(value)


# What the reader trusts ------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A verifier key: who signs, with which type of signature and which public key."""

    name: str
    id: bytes
    type: int
    public: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Key":
        """A key from ``name+id+key``."""
        name, ident, rest = [*vkey.split("+", 2), "", ""][:3]
        material = unbase64(rest)
        own = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        need(_NAME.fullmatch(name) and len(material) > 1 and ident == own.hex(), f"not a verifier key: {vkey[:60]}")
        return cls(name, own, material[0], material[1:])

    def verify(self, note: "Note", signature: bytes) -> int:
        """Check a signature of this key under ``note``; returns its time (POSIX seconds), 0 for none."""
        try:
            if self.type == ED25519:
                ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature, note.text.encode())
                return 0
            (at,) = struct.unpack(">Q", signature[:8])
            if self.type == COSIGNATURE:
                message = f"cosignature/v1\ntime {at}\n{note.text}".encode()
                ed25519.Ed25519PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
            else:
                need(self.type == MLDSA_COSIGNATURE, f"unknown type of key: {self.name}")
                tree = Checkpoint.parse(note)
                name, origin = self.name.encode(), tree.origin.encode()
                message = b"subtree/v1\n\0" + bytes([len(name)]) + name + struct.pack(">Q", at)
                message += bytes([len(origin)]) + origin + struct.pack(">QQ", 0, tree.size) + tree.root
                mldsa.MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
        except (InvalidSignature, ValueError, struct.error):
            raise Refused(f"the signature of {self.name} is wrong") from None
        return int(at)


class Policy:
    """Trusted keys of logs and witnesses, and the quorum of witnesses (c2sp.org/tlog-policy)."""

    def __init__(self, text: str) -> None:
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, list[str]]] = {}
        self.quorum = ""
        for line in text.split("\n"):
            match line.split():
                case []:
                    pass
                case [word, *_] if word.startswith("#"):
                    pass
                case ["log", vkey, *_]:
                    self.logs.append(self._new(vkey))
                case ["witness", name, vkey, *_]:
                    self._is_free(name)
                    self.witnesses[name] = self._new(vkey)
                case ["group", name, threshold, *members]:
                    self._is_free(name)
                    count = {"any": 1, "all": len(members)}.get(threshold) or number(threshold)
                    need(all(one in self.witnesses or one in self.groups for one in members), f"{name}: unknown member")
                    need(
                        0 < count <= len(set(members)) == len(members), f"{name}: a number that its members do not give"
                    )
                    self.groups[name] = count, members
                case ["quorum", name] if not self.quorum:
                    need(name == "none" or name in self.witnesses or name in self.groups, f"unknown quorum {name}")
                    self.quorum = name
                case _:
                    raise Refused(f"not a line of a policy: {line[:60]}")

    def _new(self, vkey: str) -> Key:
        """A key that stands in the policy once, so that nobody counts twice."""
        key = Key.parse(vkey)
        need(key not in {*self.logs, *self.witnesses.values()}, f"a key stands twice: {vkey[:60]}")
        return key

    def _is_free(self, name: str) -> None:
        need(name != "none" and name not in {*self.witnesses, *self.groups}, f"a name stands twice: {name}")

    def signers(self, *, of_promises: bool) -> list[Key]:
        """The keys that count: those for promises, held by a web server, sign no tree, and the others no promise."""
        return [key for key in self.logs if key.name.endswith("/promise") == of_promises]

    def met(self, name: str, signers: Iterable[str]) -> bool:
        """Whether ``signers`` satisfy the witness, group or quorum called ``name``."""
        if name not in self.groups:
            return name == "none" or name in signers
        threshold, members = self.groups[name]
        return sum(self.met(one, signers) for one in members) >= threshold


# What is read ----------------------------------------------------------------------------------------------------


class Note(NamedTuple):
    """A signed note: its text, and who signed it with what."""

    text: str
    signatures: list[tuple[str, bytes, bytes]]

    @classmethod
    def parse(cls, content: str) -> "Note":
        """Read a note strictly."""
        need(not any(ord(sign) < 0x20 and sign != "\n" for sign in content), "a control character")
        text, blank, tail = content.rpartition("\n\n")
        need(blank and tail.endswith("\n"), "not a signed note (cut off?)")
        signatures = []
        for line in tail[:-1].split("\n"):
            words = line.split(" ")
            need(len(words) == 3 and words[0] == "—" and _NAME.fullmatch(words[1]), "not a signature line")
            data = unbase64(words[2])
            need(len(data) > 4, "not a signature")
            signatures.append((words[1], data[:4], data[4:]))
        need(len({one[:2] for one in signatures}) == len(signatures), "a key has signed twice")
        return cls(text + "\n", signatures)

    def opened(self, keys: Iterable[Key], *, ignore_unknown: bool) -> dict[Key, int]:
        """Keys that signed, with the times of their signatures; every signature of a known key must hold."""
        known = {(key.name, key.id): key for key in keys}
        times = {}
        for name, ident, signature in self.signatures:
            key = known.get((name, ident))
            need(key or ignore_unknown, f"the policy does not know the key of {name}")
            if key:
                times[key] = key.verify(self, signature)
        return times


class Checkpoint(NamedTuple):
    """Origin, size and root that a log signed."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, note: Note) -> "Checkpoint":
        """The checkpoint in a note's text."""
        lines = note.text[:-1].split("\n")
        need(len(lines) >= 3 and all(lines), "not a checkpoint")
        root = unbase64(lines[2])
        need(len(root) == 32, "the root is no SHA-256 hash")
        return cls(lines[0], number(lines[1]), root)


def log_signed(note: Note, policy: Policy, *, ignore_unknown: bool) -> tuple[Checkpoint, dict[Key, int]]:
    """The checkpoint in ``note`` and its signers; the log of its origin must be among them."""
    checkpoint, logs = Checkpoint.parse(note), policy.signers(of_promises=False)
    signers = note.opened([*logs, *policy.witnesses.values()], ignore_unknown=ignore_unknown)
    need(any(key in logs and key.name == checkpoint.origin for key in signers), "no trusted log signed this")
    return checkpoint, signers


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which ``path`` leads from a leaf (RFC 9162, 2.1.3.2)."""
    need(index < size, "the index lies outside the tree")
    place, last, found = index, size - 1, leaf
    for sibling in path:
        need(last, "the path is too long")
        if place & 1 or place == last:
            found = hashlib.sha256(b"\x01" + sibling + found).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + sibling).digest()
        place, last = place >> 1, last >> 1
    need(last == 0, "the path is too short")
    return found


def opened(extra: bytes) -> tuple[bytes, dict[str, Any], str | None]:
    """Leaf body as bytes and as data, and the record if the receipt opens it."""
    try:
        given = from_json(extra.decode())
        need(set(given) in ({"body"}, {"body", "nonce", "record"}), "the extra data are not a receipt's")
        body = from_json(given["body"])
        if "record" not in given:
            return given["body"].encode(), body, None
        need(re.fullmatch("[0-9a-f]{64}", given["nonce"]), "the nonce is not 32 bytes")
        commit = hmac.new(bytes.fromhex(given["nonce"]), given["record"].encode(), hashlib.sha256).hexdigest()
        need(hmac.compare_digest(commit, body["commit"]), "the record is not the one that the leaf commits to")
        from_json(given["record"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("the extra data are not a receipt's") from None
    return given["body"].encode(), body, given["record"]


# The three questions ---------------------------------------------------------------------------------------------


def moment(seconds: int) -> str:
    """A time of the log, in UTC."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s"


def proof(content: str, policy: Policy, *, ignore_unknown: bool, document: bytes | None = None) -> list[str]:
    """Verify a receipt, and that its record names ``document`` if one is given; what it proves, in lines."""
    need(policy.quorum, "the policy does not say which witnesses are enough (quorum)")
    head, blank, rest = content.partition("\n\n")
    lines = head.split("\n")
    need(blank and lines[0] == HEADER and len(lines) >= 3, "not a tlog-proof with extra data")
    need(lines[1].startswith("extra ") and lines[2].startswith("index "), "not a tlog-proof with extra data")
    body, leaf, record = opened(unbase64(lines[1][6:]))
    index, path = number(lines[2][6:]), [unbase64(line) for line in lines[3:]]
    need(len(path) <= 63 and all(len(one) == 32 for one in path), "a hash of the path is not 32 bytes")
    checkpoint, signers = log_signed(Note.parse(rest), policy, ignore_unknown=ignore_unknown)
    reached = root_of(hashlib.sha256(b"\0" + body).digest(), index, checkpoint.size, path)
    need(reached == checkpoint.root, "the leaf is not in the signed tree at this index")
    names = [name for name, key in policy.witnesses.items() if key in signers]
    need(policy.met(policy.quorum, names), f"too few witnesses: {', '.join(names) or 'none'} signed")
    digest = hashlib.sha256(document or b"").hexdigest()
    need(document is None or f'"{digest}"' in (record or ""), "the record does not name this document")
    shown = "not opened" if record is None else json.dumps(json.loads(record), ensure_ascii=False, indent=2)
    return [
        f"leaf {index} of {checkpoint.size} of {checkpoint.origin}",
        *(f"seen by {name} at {moment(signers[policy.witnesses[name]])}" for name in names),
        *(f"{word}: {leaf.get(word)}" for word in ("kind", "object", "actor_ref", "at")),
        *f"record: {shown}".split("\n"),
        *([f"the record names the document: SHA-256 {digest}"] if document is not None else []),
    ]


def promise(content: str, policy: Policy, *, ignore_unknown: bool) -> list[str]:
    """Verify a promise; what was promised, in lines."""
    note = Note.parse(content)
    lines = note.text[:-1].split("\n")
    need(len(lines) == 5 and lines[0] == PROMISE, "not a promise")
    words = [line.partition(" ") for line in lines[2:]]
    need([word[0] for word in words] == ["leaf", "at", "by"], "not a promise")
    leaf, at, by = unbase64(words[0][2]), number(words[1][2]), number(words[2][2])
    need(len(leaf) == 32, "not a leaf's hash")
    signers = note.opened(policy.signers(of_promises=True), ignore_unknown=ignore_unknown)
    need(any(key.name == f"{lines[1]}/promise" for key in signers), "no trusted key signed this")
    return [f"{lines[1]} promised at {moment(at)}", f"to hold the leaf {leaf.hex()}", f"no later than {moment(by)}"]


def evidence(content: str, policy: Policy, *, ignore_unknown: bool) -> list[str]:
    """Verify evidence: two checkpoints of one origin and size with different roots, both signed by the log.

    Whoever else signed them never matters.
    """
    parts = content.split("=====\n")
    need(len(parts) == 2, "evidence is two checkpoints, parted by a line =====")
    (one, _), (other, _) = (log_signed(Note.parse(part), policy, ignore_unknown=True) for part in parts)
    need(one.origin == other.origin and one.size == other.size, "the two are not of one log and one size")
    need(one.root != other.root, "the two roots are equal: no contradiction")
    roots = [f"  root {tree.root.hex()}" for tree in (one, other)]
    return ["PROOF OF MISBEHAVIOUR", f"{one.origin} signed two different trees of {one.size} leaves:", *roots]


QUESTIONS = {"proof": proof, "promise": promise, "evidence": evidence}


def read(path: Path) -> str:
    """A text file of reasonable length."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    need(len(content) <= MOST_BYTES, f"{path.name} is too long")
    return content.decode()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("question", choices=QUESTIONS)
    parser.add_argument("files", nargs="+", type=Path, help="the receipt, promise or evidence, and at last the policy")
    parser.add_argument("--ignore-unknown", action="store_true", help="pass over signatures of unknown keys")
    parser.add_argument("--document", type=Path, help="proof: a file whose SHA-256 the record must name")
    given = parser.parse_args()
    *files, policy = given.files
    if not 1 <= len(files) <= (2 if given.question == "evidence" else 1) or (
        given.document and given.question != "proof"
    ):
        parser.error("give the file and the policy")
    options: dict[str, Any] = {"ignore_unknown": given.ignore_unknown}
    try:
        if given.document:
            options["document"] = given.document.read_bytes()
        lines = QUESTIONS[given.question]("=====\n".join(map(read, files)), Policy(read(policy)), **options)
    except (Refused, UnicodeDecodeError) as refusal:
        sys.exit(f"REFUSED: {plain(refusal)}")
    except OSError as error:
        parser.error(str(error))
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # an old terminal still gets its answer
    print(*map(plain, lines), "VERIFIED", sep="\n")


if __name__ == "__main__":
    main()
