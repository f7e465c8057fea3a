"""Signed notes, checkpoints and cosignatures as C2SP writes them, read strictly. Plain Python with `cryptography`.

Sources: c2sp.org/signed-note@v1.0.0, c2sp.org/tlog-checkpoint@v1.0.0, c2sp.org/tlog-cosignature. A key knows by its type
what it signs: the note's text (Ed25519), or a checkpoint with the time of signing (cosignatures).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

ED25519 = 0x01
"""An Ed25519 signature over the note's text."""
COSIGNATURE_ED25519 = 0x04
"""A timestamped Ed25519 cosignature of a checkpoint."""
COSIGNATURE_MLDSA44 = 0x06
"""A timestamped ML-DSA-44 cosignature of a checkpoint, safe against quantum computers."""
PUBLIC_BYTES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_MLDSA44: 1312}
SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE_ED25519: 8 + 64, COSIGNATURE_MLDSA44: 8 + 2420}
SEED_BYTES = 32
KEY_ID_BYTES = 4
MOST_SIGNATURES = 64
MOST_BYTES = 1 << 20
LARGEST = 2**63 - 1
DASH = "—"
PRIVATE_PREFIX = "PRIVATE+KEY+"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class Malformed(ValueError):
    """A text is not a note, checkpoint, signature or key; the message says why."""


def from_base64(text: str) -> bytes:
    """Bytes of standard base64 in its one canonical writing; raises `Malformed` for every other."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not base64: {text[:40]!r}") from error
    if base64.b64encode(value).decode() != text:
        raise Malformed(f"not the canonical base64: {text[:40]!r}")
    return value


def to_base64(value: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(value).decode()


def decimal(text: str) -> int:
    """A whole number in ASCII without leading zeroes, at most 2^63 - 1; raises `Malformed` for anything else."""
    if not _NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise Malformed(f"not a decimal number: {text[:40]!r}")
    return int(text)


def _key_name(name: str) -> str:
    if not name or "+" in name or _CONTROL.search(name) or any(character.isspace() for character in name):
        raise Malformed(f"not a key name: {name[:80]!r}")
    return name


# Checkpoints ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of its tree: its origin, how many leaves, and their root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the note, with its last newline."""
        return "\n".join([self.origin, str(self.size), to_base64(self.root), *self.extensions]) + "\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a note's text; raises `Malformed`."""
        if not text.endswith("\n"):
            raise Malformed("a checkpoint ends with a newline")
        lines = text[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            raise Malformed("a checkpoint has three lines or more, and none is empty")
        origin, size, root, *extensions = lines
        if _CONTROL.search(text):
            raise Malformed("a checkpoint has no control characters")
        hash_ = from_base64(root)
        if len(hash_) != hashlib.sha256().digest_size:
            raise Malformed("the root is not a SHA-256 hash")
        return cls(origin, decimal(size), hash_, tuple(extensions))


# Signatures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note; ``blob`` is what follows the key's id."""

    name: str
    key_id: bytes
    blob: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{DASH} {self.name} {to_base64(self.key_id + self.blob)}\n"

    @property
    def timestamp(self) -> int:
        """POSIX seconds of a cosignature (of a plain Ed25519 signature the number means nothing)."""
        return int.from_bytes(self.blob[:8], "big")

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its newline; raises `Malformed`."""
        dash, name, encoded = _three(line, " ", "signature line")
        if dash != DASH:
            raise Malformed("a signature line begins with an em dash")
        value = from_base64(encoded)
        if len(value) <= KEY_ID_BYTES:
            raise Malformed("a signature is longer than the id of its key")
        return cls(_key_name(name), value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])


def _three(text: str, separator: str, what: str) -> tuple[str, str, str]:
    parts = text.split(separator, 2)
    if len(parts) != 3 or (separator == " " and " " in parts[2]):
        raise Malformed(f"not a {what}: {text[:80]!r}")
    return parts[0], parts[1], parts[2]


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and the signatures under it; nothing is trusted before `opened_by`."""

    text: str
    signatures: tuple[Signature, ...]

    def serialise(self) -> str:
        """The note as it is published."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    @classmethod
    def parse(cls, note: str | bytes) -> Self:
        """Read a note strictly; raises `Malformed`."""
        note = _readable(note)
        text, separator, lines = note.rpartition("\n\n")
        if not separator or not lines.endswith("\n"):
            raise Malformed("a note is a text, an empty line and signature lines")
        signatures = [Signature.parse(line) for line in lines[:-1].split("\n")]
        if len(signatures) > MOST_SIGNATURES:
            raise Malformed("too many signatures")
        return cls(text + "\n", tuple(signatures))

    def opened_by(self, keys: Iterable["VerifierKey"]) -> "list[VerifierKey]":
        """Those of the trusted ``keys`` that signed this text; unknown signatures are ignored.

        Raises `Malformed` when a signature claims to be of a trusted key and is not.
        """
        known = {(key.name, key.key_id): key for key in keys}
        signers = []
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None:
                continue
            if not key.verify(self.text, signature):
                raise Malformed(f"the signature of {key.name} is wrong")
            if key not in signers:
                signers.append(key)
        return signers


def _readable(note: str | bytes) -> str:
    if len(note) > MOST_BYTES:
        raise Malformed("too long for a note")
    try:
        text = note.decode() if isinstance(note, bytes) else note
        text.encode()
    except UnicodeError as error:
        raise Malformed("a note is UTF-8") from error
    if _CONTROL.search(text):
        raise Malformed("a note has no control characters but newlines")
    return text


# Keys ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs and the type of its signatures."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that name the key in its signatures."""
        encoded = bytes([self.kind]) + self.public
        return hashlib.sha256(self.name.encode() + b"\n" + encoded).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``name+id+key`` (a vkey); raises `Malformed`, also when the id is not that of the key."""
        name, key_id, encoded = _three(text, "+", "verifier key")
        material = from_base64(encoded)
        kind, public = material[0] if material else 0, material[1:]
        if len(public) != PUBLIC_BYTES.get(kind, -1):
            raise Malformed("not a key of a known type")
        key = cls(_key_name(name), kind, public)
        if key.key_id.hex() != key_id:
            raise Malformed("the id is not that of the key")
        return key

    def verify(self, text: str, signature: Signature) -> bool:
        """Whether ``signature`` is this key's on the note text ``text``."""
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            return False
        if len(signature.blob) != SIGNATURE_BYTES[self.kind]:
            return False
        timed = self.kind != ED25519
        blob = signature.blob[8:] if timed else signature.blob
        if timed and signature.timestamp > LARGEST:
            return False
        try:
            message = signed_message(self.kind, self.name, text, signature.timestamp if timed else 0)
            self._public_key().verify(blob, message)
        except (InvalidSignature, Malformed):
            return False
        return True

    def _public_key(self) -> Ed25519PublicKey | MLDSA44PublicKey:
        if self.kind == COSIGNATURE_MLDSA44:
            return MLDSA44PublicKey.from_public_bytes(self.public)
        return Ed25519PublicKey.from_public_bytes(self.public)


def signed_message(kind: int, name: str, text: str, timestamp: int) -> bytes:
    """The bytes that a key of type ``kind`` signs for the note text ``text``; raises `Malformed` for no checkpoint."""
    if kind == ED25519:
        return text.encode()
    checkpoint = Checkpoint.parse(text)
    if kind == COSIGNATURE_ED25519:
        return f"cosignature/v1\ntime {timestamp}\n{text}".encode()
    start = 0
    return b"".join(
        [
            b"subtree/v1\n\x00",
            _counted(name),
            timestamp.to_bytes(8, "big"),
            _counted(checkpoint.origin),
            start.to_bytes(8, "big"),
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        ]
    )


def _counted(text: str) -> bytes:
    value = text.encode()
    if not 1 <= len(value) <= 255:
        raise Malformed("a name has 1 to 255 bytes")
    return bytes([len(value)]) + value


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key: the 32 bytes from which Ed25519 or ML-DSA-44 derive everything. Never shown by ``repr``."""

    name: str
    kind: int
    seed: bytes

    def __repr__(self) -> str:
        return f"<SigningKey of {self.verifier}>"

    @property
    def verifier(self) -> VerifierKey:
        """Its public side."""
        return VerifierKey(self.name, self.kind, self._private_key().public_key().public_bytes_raw())

    def named(self, name: str) -> "SigningKey":
        """The same key signing under another name."""
        return SigningKey(_key_name(name), self.kind, self.seed)

    def serialise(self) -> str:
        """One line for a key file, as Go's ``sumdb/note`` writes it."""
        key_id = self.verifier.key_id.hex()
        return f"{PRIVATE_PREFIX}{self.name}+{key_id}+{to_base64(bytes([self.kind]) + self.seed)}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line of a key file; raises `Malformed` (which never repeats the line)."""
        try:
            name, key_id, encoded = _three(line.removeprefix(PRIVATE_PREFIX), "+", "private key")
            material = from_base64(encoded)
        except Malformed:
            raise Malformed("not a private key") from None
        if not line.startswith(PRIVATE_PREFIX) or len(material) != 1 + SEED_BYTES or material[0] not in PUBLIC_BYTES:
            raise Malformed("not a private key")
        key = cls(_key_name(name), material[0], material[1:])
        if key.verifier.key_id.hex() != key_id:
            raise Malformed("the id is not that of the private key")
        return key

    def sign(self, text: str, *, timestamp: int = 0) -> Signature:
        """Sign a note text; cosignatures carry ``timestamp`` (POSIX seconds)."""
        blob = self._private_key().sign(signed_message(self.kind, self.name, text, timestamp))
        if self.kind != ED25519:
            blob = timestamp.to_bytes(8, "big") + blob
        return Signature(self.name, self.verifier.key_id, blob)

    def _private_key(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        if self.kind == COSIGNATURE_MLDSA44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def signed(text: str, keys: Sequence[SigningKey], *, timestamp: int) -> SignedNote:
    """``text`` signed by every one of ``keys``."""
    return SignedNote(text, tuple(key.sign(text, timestamp=timestamp) for key in keys))
