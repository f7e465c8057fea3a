"""A witness of a transparency log: remembers what the log has shown, and cosigns only what continues it.

Needs Python >= 3.11 and `cryptography` >= 48, and nothing else of this project. One folder holds the keys, the logs that are
trusted, the last checkpoint of each, and evidence. Four ways to work, which may share the folder:

    fund_witness.py FOLDER new NAME             make keys; prints the verifier keys that the log's operator needs
    fund_witness.py FOLDER trust VKEY...        trust the verifier keys of a log
    fund_witness.py FOLDER serve HOST:PORT      answer a log's requests (c2sp.org/tlog-witness)
    fund_witness.py FOLDER visit URL [OUT]      for cron: fetch checkpoint and tiles, check, cosign, send back (or into OUT)
    fund_witness.py FOLDER sign IN OUT          offline (mail, USB stick): request file in, cosigned checkpoint out
    fund_witness.py FOLDER status               the last checkpoint of every log

A checkpoint is on the disk before its cosignature leaves this program. Exit status: 0 cosigned, 1 refused, 2 not asked.
Formats: c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-witness, tlog-tiles.
"""

import argparse
import base64
import fcntl
import hashlib
import json
import os
import re
import struct
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

ED25519, COSIGNATURE, MLDSA_COSIGNATURE = 0x01, 0x04, 0x06
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_BYTES = 256 * 1024
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Refused(Exception):
    """The request is answered with an HTTP status and a short text instead of a cosignature."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class Key(NamedTuple):
    """A verifier key: ``<name>+<id>+<type || public key>``."""

    name: str
    id: bytes
    type: int
    public: bytes


class Checkpoint(NamedTuple):
    """A signed checkpoint: its text is what was signed, its lines are (name, key id, signature)."""

    text: bytes
    origin: str
    size: int
    root: bytes
    lines: list[tuple[str, bytes, bytes]]


def unbase64(text: str) -> bytes:
    """Standard base64 with exactly one spelling for every value."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def note_line(name: str, ident: bytes, signature: bytes) -> bytes:
    """One signature line of a note."""
    return f"— {name} {base64.b64encode(ident + signature).decode()}\n".encode()


def number(text: str) -> int:
    """A tree size: ASCII decimal without leading zeroes, below 2^63."""
    if not _SIZE.fullmatch(text) or int(text) >= 2**63:
        raise ValueError("not a size")
    return int(text)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first four bytes of SHA-256(name, newline, type, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def parse_key(vkey: str) -> Key:
    """A verifier key from its text; ValueError when it is none."""
    name, ident, rest = vkey.split("+", 2)
    material = unbase64(rest)
    key = Key(name, bytes.fromhex(ident), material[0], material[1:])
    if not _NAME.fullmatch(name) or key.id != key_id(name, key.type, key.public):
        raise ValueError("the key's name, id and material do not belong together")
    return key


def parse_checkpoint(note: bytes) -> Checkpoint:
    """A checkpoint from a signed note; ValueError when it is malformed."""
    content = note.decode()
    text, blank, tail = content.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or any(ord(sign) < 0x20 and sign != "\n" for sign in content):
        raise ValueError("not a signed note")
    lines = []
    for line in tail[:-1].split("\n"):
        mark, name, encoded = line.split(" ")
        data = unbase64(encoded)
        if mark != "—" or not _NAME.fullmatch(name) or len(data) <= 4:
            raise ValueError("not a signature line")
        lines.append((name, data[:4], data[4:]))
    origin, size, root, *extensions = text.split("\n")
    if not origin or len(unbase64(root)) != 32 or not all(extensions):
        raise ValueError("not a checkpoint")
    return Checkpoint(text.encode() + b"\n", origin, number(size), unbase64(root), lines)


def cosigned_message(cosigner: str, at: int, origin: str, size: int, root: bytes) -> bytes:
    """What an ML-DSA-44 cosignature signs: the whole tree of ``size`` leaves, as seen at ``at``."""
    name, log = cosigner.encode(), origin.encode()
    prefixed = bytes([len(name)]) + name + struct.pack(">Q", at) + bytes([len(log)]) + log
    return b"subtree/v1\n\0" + prefixed + struct.pack(">QQ", 0, size) + root


def verify(key: Key, checkpoint: Checkpoint, signature: bytes) -> None:
    """Check one signature line; InvalidSignature or ValueError when it does not hold."""
    if key.type == ED25519:
        ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature, checkpoint.text)
        return
    (at,) = struct.unpack(">Q", signature[:8])
    if key.type == COSIGNATURE:
        message = b"cosignature/v1\ntime %d\n" % at + checkpoint.text
        ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature[8:], message)
    elif key.type == MLDSA_COSIGNATURE:
        message = cosigned_message(key.name, at, checkpoint.origin, checkpoint.size, checkpoint.root)
        mldsa.MLDSA44PublicKey.from_public_bytes(key.public).verify(signature[8:], message)
    else:
        raise ValueError("unknown type of key")


def node(left: bytes, right: bytes) -> bytes:
    """RFC 6962 hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``old`` leaves is the beginning of the tree of ``new`` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof
    path = [old_root, *proof] if old & (old - 1) == 0 else proof
    if not proof or old > new:
        return False
    first, second = old - 1, new - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    was = now = path[0]
    for sibling in path[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            was, now = node(sibling, was), node(sibling, now)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            now = node(now, sibling)
        first, second = first >> 1, second >> 1
    return second == 0 and was == old_root and now == new_root


class Tiles:
    """The hashes of a published tree of ``size`` leaves; none is believed before it leads to the signed root."""

    def __init__(self, read: Callable[[str], bytes], size: int, root: bytes) -> None:
        self.read, self.size, self.tiles = read, size, dict[tuple[int, int], list[bytes]]()
        self.levels = [level for level in range(8) if size >> 8 * level]
        if self.root_of(size) != root:
            raise Refused(422, "the published tiles do not lead to the signed root")

    def root_of(self, size: int) -> bytes:
        """The root of the first ``size`` leaves of this tree."""
        peaks = [peak for level in reversed(self.levels) for peak in self._peaks(level, size)]
        root = peaks.pop() if peaks else EMPTY_ROOT
        for peak in reversed(peaks):
            root = node(peak, root)
        return root

    def _peaks(self, level: int, size: int) -> Iterator[bytes]:
        """The roots of the largest full subtrees within the last, partial tile of ``level``."""
        start, end = size >> 8 * (level + 1) << 8, size >> 8 * level
        while start < end:
            width = 1 << (end - start).bit_length() - 1
            yield self._fold(self._tile(level, start >> 8)[start & 255 : (start & 255) + width])
            start += width

    def _fold(self, hashes: list[bytes]) -> bytes:
        while len(hashes) > 1:
            hashes = [node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self.tiles:
            width = min(256, (self.size >> 8 * level) - index * 256)
            groups = re.findall("...", str(index).zfill(-(-len(str(index)) // 3) * 3))
            path = f"tile/{level}/" + "/".join(["x" + group for group in groups[:-1]] + groups[-1:])
            data = self.read(path if width == 256 else f"{path}.p/{width}")
            hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
            if len(data) != 32 * width:
                raise Refused(422, f"{path} is not {width} hashes")
            if width == 256 and self._fold(hashes) != self._tile(level + 1, index >> 8)[index & 255]:
                raise Refused(422, f"{path} is not part of the signed tree")
            self.tiles[level, index] = hashes
        return self.tiles[level, index]


class Witness:
    """Keys, trusted logs and memory of a witness, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = json.loads((folder / "witness.key").read_text())
        self.name: str = kept["name"]
        self.ed25519 = ed25519.Ed25519PrivateKey.from_private_bytes(unbase64(kept["ed25519"]))
        self.mldsa = mldsa.MLDSA44PrivateKey.from_seed_bytes(unbase64(kept["mldsa44"]))

    @classmethod
    def make(cls, folder: Path, name: str) -> "Witness":
        """New keys under ``name`` (a web address without https://); never over old ones."""
        if not _NAME.fullmatch(name) or len(name.encode()) > 255:
            raise SystemExit("A witness is named like a web address, without spaces and plus signs.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(folder / "witness.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            seeds = {kind: base64.b64encode(os.urandom(32)).decode() for kind in ("ed25519", "mldsa44")}
            json.dump({"name": name, **seeds}, file)
        return cls(folder)

    def vkeys(self) -> list[str]:
        """The verifier keys of this witness: Ed25519, ML-DSA-44."""
        publics = (COSIGNATURE, self.ed25519.public_key()), (MLDSA_COSIGNATURE, self.mldsa.public_key())
        raw = [(kind, key.public_bytes_raw()) for kind, key in publics]
        encoded = [base64.b64encode(bytes([kind]) + public).decode() for kind, public in raw]
        return [f"{self.name}+{key_id(self.name, *one).hex()}+{text}" for one, text in zip(raw, encoded, strict=True)]

    def trusted(self) -> list[Key]:
        """The verifier keys of the logs that this witness serves."""
        path = self.folder / "logs"
        return [parse_key(line) for line in path.read_text().split()] if path.exists() else []

    def memory(self, origin: str) -> Path:
        """Where the last cosigned checkpoint of a log is kept."""
        return self.folder / (hashlib.sha256(origin.encode()).hexdigest() + ".checkpoint")

    def last(self, origin: str) -> Checkpoint | None:
        """The last checkpoint of a log that this witness cosigned."""
        path = self.memory(origin)
        return parse_checkpoint(path.read_bytes()) if path.exists() else None

    def add_checkpoint(self, body: bytes) -> bytes:
        """Answer an ``add-checkpoint`` request with cosignature lines; `Refused` carries the status otherwise."""
        try:
            head, _, note = body.partition(b"\n\n")
            word, *hashes = head.decode().split("\n")
            old = number(word.removeprefix("old ")) if word.startswith("old ") else number("")
            proof = [unbase64(line) for line in hashes]
            new = parse_checkpoint(note)
            if len(proof) > 63 or any(len(one) != 32 for one in proof):
                raise ValueError("not a proof")
        except ValueError as error:
            raise Refused(400, f"malformed request: {error}") from None

        def check(size: int, root: bytes) -> None:
            if old > new.size:
                raise Refused(400, "the old size is greater than the checkpoint's")
            if old != size:
                raise Refused(409, str(size))
            if not consistent(size, root, new.size, new.root, proof):
                raise Refused(422, "the checkpoint does not continue what this witness has seen")

        return self.cosign(new, note, check)

    def visit(self, read: Callable[[str], bytes]) -> bytes:
        """Fetch a log's checkpoint and tiles with ``read``, check and cosign them; the cosigned checkpoint."""
        note = read("checkpoint")
        try:
            new = parse_checkpoint(note)
        except ValueError as error:
            raise Refused(400, f"malformed checkpoint: {error}") from None

        def check(size: int, root: bytes) -> None:
            if size > new.size:
                raise Refused(409, f"the log shows {new.size} leaves, this witness has seen {size}")
            if Tiles(read, new.size, new.root).root_of(size) != root:
                raise Refused(422, "the log does not continue what this witness has seen")

        return new.text + b"\n" + self.cosign(new, note, check)

    def cosign(self, new: Checkpoint, note: bytes, check: Callable[[int, bytes], None]) -> bytes:
        """Let ``check`` compare ``new`` with the size and root in memory; remember it, and only then hand out the lines."""
        log_lines = self._authenticate(new)
        with self._alone():
            last = self.last(new.origin)
            try:
                check(*((last.size, last.root) if last else (0, EMPTY_ROOT)))
                if new.size == 0 and new.root != EMPTY_ROOT:
                    raise Refused(422, "the empty tree has another root")
            except Refused as refusal:
                if refusal.status == 422 and last:
                    self._keep_evidence(new, note)
                raise
            lines = self._sign(new)
            self._persist(self.memory(new.origin), new.text + b"\n" + log_lines + lines)
        return lines

    def _authenticate(self, checkpoint: Checkpoint) -> bytes:
        keys = {(key.name, key.id): key for key in self.trusted() if key.name == checkpoint.origin}
        if not keys:
            raise Refused(404, "this witness does not know the log")
        lines = [line for line in checkpoint.lines if line[:2] in keys]
        try:
            for name, ident, signature in lines:
                verify(keys[name, ident], checkpoint, signature)
        except (InvalidSignature, ValueError, struct.error):
            lines = []
        if not lines:
            raise Refused(403, "the checkpoint carries no valid signature of the log")
        return b"".join(note_line(*line) for line in lines)

    def _sign(self, checkpoint: Checkpoint) -> bytes:
        at = int(time.time())
        stamp = struct.pack(">Q", at)
        short = self.ed25519.sign(b"cosignature/v1\ntime %d\n" % at + checkpoint.text)
        message = cosigned_message(self.name, at, checkpoint.origin, checkpoint.size, checkpoint.root)
        identities = [parse_key(vkey).id for vkey in self.vkeys()]
        signatures = [short, self.mldsa.sign(message)]
        return b"".join(note_line(self.name, one, stamp + sig) for one, sig in zip(identities, signatures, strict=True))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process reads and writes the memory meanwhile."""
        with (self.folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _persist(self, path: Path, content: bytes) -> None:
        """All or nothing, and on the disk when this returns."""
        path.parent.mkdir(exist_ok=True)
        with path.with_suffix(".new").open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".new").replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _keep_evidence(self, new: Checkpoint, note: bytes) -> None:
        seen = self.memory(new.origin)
        if seen.exists():
            name = hashlib.sha256(new.text).hexdigest()[:16]
            self._persist(self.folder / "evidence" / f"{name}.txt", seen.read_bytes() + b"=====\n" + note)


def serve(witness: Witness, host: str, port: int) -> None:
    """Answer ``POST /add-checkpoint`` and ``GET /<origin hash>/checkpoint`` until interrupted."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not length.isdecimal() or int(length) > MOST_BYTES:
                self.close_connection = True
                return self.answer(404 if self.path != "/add-checkpoint" else 400, b"")
            try:
                return self.answer(200, witness.add_checkpoint(self.rfile.read(int(length))))
            except Refused as refusal:
                kind = "text/x.tlog.size" if refusal.status == 409 else "text/plain; charset=utf-8"
                return self.answer(refusal.status, refusal.text.encode() + b"\n", kind)

        def do_GET(self) -> None:
            found = re.fullmatch("/([0-9a-f]{64})/checkpoint", self.path)
            path = witness.folder / f"{found[1] if found else ''}.checkpoint"
            self.answer(200, path.read_bytes()) if found and path.exists() else self.answer(404, b"")

        def answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer((host, port), Handler) as server:
        print(f"{witness.name} listens on {host}:{server.server_port}", flush=True)
        server.serve_forever()


def reader(url: str) -> Callable[[str], bytes]:
    """Reads the files of a log that is published under ``url``."""

    def read(path: str) -> bytes:
        with urllib.request.urlopen(f"{url.rstrip('/')}/{path}", timeout=30) as answer:
            return bytes(answer.read(MOST_BYTES))

    return read


def send(url: str, cosigned: bytes) -> None:
    """Hand a cosigned checkpoint back to the log that is published under ``url``."""
    request = urllib.request.Request(f"{url.rstrip('/')}/cosignatures", cosigned, {"Content-Type": "text/plain"})
    urllib.request.urlopen(request, timeout=30).close()


def run(folder: Path, act: str, *words: str) -> None:
    """Do what the command line says; `Refused` when the log is not cosigned, OSError when it cannot be reached."""
    witness = Witness.make(folder, words[0]) if act == "new" else Witness(folder)
    if act == "new":
        print(*witness.vkeys(), sep="\n")
    elif act == "trust":
        with (folder / "logs").open("a") as file:
            for vkey in words:
                parse_key(vkey)
                file.write(f"{vkey}\n")
    elif act == "serve":
        host, _, port = words[0].rpartition(":")
        serve(witness, host, int(port))
    elif act == "visit":
        cosigned = witness.visit(reader(words[0]))
        Path(words[1]).write_bytes(cosigned) if words[1:] else send(words[0], cosigned)
    elif act == "sign":
        body = Path(words[0]).read_bytes()
        lines = witness.add_checkpoint(body)
        Path(words[1]).write_bytes(parse_checkpoint(body.partition(b"\n\n")[2]).text + b"\n" + lines)
    else:
        for origin in sorted({key.name for key in witness.trusted()}):
            last = witness.last(origin)
            print(f"{origin}: {last.size} leaves, root {last.root.hex()}" if last else f"{origin}: nothing seen yet")


WORDS = {"new": (1, 1), "trust": (1, 99), "serve": (1, 1), "visit": (1, 2), "sign": (2, 2), "status": (0, 0)}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("act", choices=WORDS)
    parser.add_argument("words", nargs="*")
    given = parser.parse_args()
    fewest, most = WORDS[given.act]
    if not fewest <= len(given.words) <= most:
        parser.error(f"{given.act} takes {fewest} to {most} words")
    try:
        run(given.folder, given.act, *given.words)
    except Refused as refusal:
        sys.exit(f"REFUSED ({refusal.status}): {refusal.text}")
    except (OSError, ValueError) as error:
        print(f"NOT ASKED: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
