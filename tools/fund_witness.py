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
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

ED25519, COSIGNATURE, MLDSA44 = 0x01, 0x04, 0x06
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_BYTES, MOST_LINES, MOST_PROOF = 256 * 1024, 64, 63
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Refused(Exception):
    """Answered instead of a cosignature: an HTTP status and a short text."""


def need(condition: object, otherwise: str, status: int = 0) -> None:
    """Go on only if ``condition`` is true; else `Refused` with the HTTP status, or ValueError without one."""
    if not condition:
        raise Refused(status, otherwise) if status else ValueError(otherwise)


def unbase64(text: str) -> bytes:
    """Standard base64 with exactly one spelling for every value."""
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "not canonical base64")
    return data


def number(text: str) -> int:
    """A tree size: ASCII decimal without leading zeroes, below 2^63."""
    need(_SIZE.fullmatch(text) and int(text) < 2**63, "not a size")
    return int(text)


class Checkpoint(NamedTuple):
    """A signed checkpoint: its text is what was signed, its lines are (name, key id, signature)."""

    text: bytes
    origin: str
    size: int
    root: bytes
    lines: list[tuple[str, bytes, bytes]]

    @classmethod
    def parse(cls, note: bytes) -> "Checkpoint":
        """A checkpoint from a signed note; ValueError when it is malformed."""
        content = note.decode()
        text, blank, tail = content.rpartition("\n\n")
        need(blank and tail.endswith("\n"), "not a signed note")
        need(all(ord(sign) >= 0x20 or sign == "\n" for sign in content), "a control character")
        lines: list[tuple[str, bytes, bytes]] = []
        for line in tail[:-1].split("\n"):
            mark, name, encoded = line.split(" ")
            data = unbase64(encoded)
            right = mark == "—" and _NAME.fullmatch(name) and len(data) > 4
            need(right and len(lines) < MOST_LINES, "not a signature line, or too many")
            lines.append((name, data[:4], data[4:]))
        origin, size, root, *extensions = text.split("\n")
        need(origin and len(unbase64(root)) == 32 and all(extensions), "not a checkpoint")
        return cls(text.encode() + b"\n", origin, number(size), unbase64(root), lines)

    def subtree(self, cosigner: str, at: bytes) -> bytes:
        """What an ML-DSA-44 cosignature signs: the whole tree, as seen at the time ``at`` (eight bytes)."""
        name, log = cosigner.encode(), self.origin.encode()
        names = bytes([len(name)]) + name + at + bytes([len(log)]) + log
        return b"subtree/v1\n\0" + names + bytes(8) + self.size.to_bytes(8) + self.root

    def note(self, lines: bytes) -> bytes:
        """The signed note with these signature lines."""
        return self.text + b"\n" + lines


class Key(NamedTuple):
    """A verifier key: who signs, and the type of signature followed by the public key."""

    name: str
    data: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Key":
        """A key from ``<name>+<id>+<type || public key>``; ValueError when it is none."""
        name, _, encoded = [*vkey.split("+", 2), "", ""][:3]
        key = cls(name, unbase64(encoded))
        right = str(key) == vkey and _NAME.fullmatch(name) and len(name.encode()) < 256 and len(key.data) > 1
        need(right, f"not a verifier key: {vkey[:60]}")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.data).decode()}"

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, type, public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.data).digest()[:4]

    def line(self, signature: bytes) -> bytes:
        """A signature line of a note."""
        return f"— {self.name} {base64.b64encode(self.id + signature).decode()}\n".encode()

    def holds(self, checkpoint: Checkpoint, signature: bytes) -> bool:
        """Whether a signature of this log's key holds."""
        kind, public = self.data[0], self.data[1:]
        try:
            if kind == ED25519:
                ed25519.Ed25519PublicKey.from_public_bytes(public).verify(signature, checkpoint.text)
            elif kind == MLDSA44:
                signed = checkpoint.subtree(self.name, signature[:8])
                mldsa.MLDSA44PublicKey.from_public_bytes(public).verify(signature[8:], signed)
        except (InvalidSignature, ValueError):
            return False
        return kind in {ED25519, MLDSA44}


def joined(*hashes: bytes) -> bytes:
    """RFC 6962 hash over a power of two of equal subtrees."""
    while len(hashes) > 1:
        hashes = tuple(hashlib.sha256(b"\x01" + hashes[i] + hashes[i + 1]).digest() for i in range(0, len(hashes), 2))
    return hashes[0]


def roots(old: int, new: int, seen: bytes | None, proof: Iterator[bytes]) -> tuple[bytes, bytes]:
    """To which roots of ``old`` and ``new`` leaves a proof leads (RFC 6962, 2.1.2); ``seen`` while old is the whole left part."""
    if old == new:
        both = next(proof) if seen is None else seen
        return both, both
    middle = 1 << (new - 1).bit_length() - 1
    if old <= middle:
        was, now = roots(old, middle, seen, proof)
        return was, joined(now, next(proof))
    was, now = roots(old - middle, new - middle, None, proof)
    left = next(proof)
    return joined(left, was), joined(left, now)


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``old`` leaves is the beginning of the tree of ``new``."""
    if not 0 < old < new:
        return not proof and (old == 0 < new or (old == new and old_root == new_root))
    rest = iter(proof)
    try:
        return roots(old, new, old_root, rest) == (old_root, new_root) and not list(rest)
    except StopIteration:
        return False


class Tiles:
    """The hashes of a published tree of ``size`` leaves; none is believed before it leads to the signed root."""

    def __init__(self, read: Callable[[str], bytes], size: int, root: bytes) -> None:
        self.read, self.size, self.tiles = read, size, dict[tuple[int, int], list[bytes]]()
        need(self.root(0, size) == root, "the published tiles do not lead to the signed root", 422)

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves from ``start`` to ``end``."""
        height = max(end - start, 1).bit_length() - 1
        if end - start > 1 << height:
            return joined(self.root(start, start + (1 << height)), self.root(start + (1 << height), end))
        level, begin = height // 8, start >> height // 8 * 8
        return joined(*self._tile(level, begin >> 8)[begin & 255 :][: 1 << height % 8]) if end else EMPTY_ROOT

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self.tiles:
            width = min(256, (self.size >> 8 * level) - index * 256)
            digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
            path = f"tile/{level}/" + re.sub("(...)(?=.)", r"x\1/", digits)
            data = self.read(path if width == 256 else f"{path}.p/{width}")
            hashes = [data[i : i + 32] for i in range(0, len(data), 32)]
            need(len(data) == 32 * width, f"{path} is not {width} hashes", 422)
            above = self._tile(level + 1, index >> 8)[index & 255] if width == 256 else b""
            need(not above or joined(*hashes) == above, f"{path} is not part of the signed tree", 422)
            self.tiles[level, index] = hashes
        return self.tiles[level, index]


class Witness:
    """Keys, trusted logs and memory of a witness, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, kept = folder, json.loads((folder / "witness.key").read_text())
        self.name: str = kept["name"]
        self._short = ed25519.Ed25519PrivateKey.from_private_bytes(unbase64(kept["ed25519"]))
        self._long = mldsa.MLDSA44PrivateKey.from_seed_bytes(unbase64(kept["mldsa44"]))
        publics = (COSIGNATURE, self._short.public_key()), (MLDSA44, self._long.public_key())
        self.keys = [Key(self.name, bytes([kind]) + public.public_bytes_raw()) for kind, public in publics]

    @classmethod
    def make(cls, folder: Path, name: str) -> "Witness":
        """New keys under ``name`` (a web address without https://); never over old ones."""
        need(
            _NAME.fullmatch(name) and len(name.encode()) < 256, "a name is like a web address, without spaces and plus"
        )
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(folder / "witness.key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            seeds = {kind: base64.b64encode(os.urandom(32)).decode() for kind in ("ed25519", "mldsa44")}
            json.dump({"name": name, **seeds}, file)
        return cls(folder)

    def trusted(self) -> list[Key]:
        """The verifier keys of the logs that this witness serves."""
        path = self.folder / "logs"
        return [Key.parse(line) for line in path.read_text().split()] if path.exists() else []

    def last(self, origin: str) -> tuple[Path, Checkpoint | None]:
        """The last checkpoint of a log that this witness cosigned, and where it is kept."""
        path = self.folder / (hashlib.sha256(origin.encode()).hexdigest() + ".checkpoint")
        return path, Checkpoint.parse(path.read_bytes()) if path.exists() else None

    def add_checkpoint(self, body: bytes) -> bytes:
        """The cosigned checkpoint that answers an ``add-checkpoint`` request; `Refused` carries the status otherwise."""
        try:
            head, _, note = body.partition(b"\n\n")
            first, *hashes = head.decode().split("\n")
            old = number(first[4:] if first.startswith("old ") else "")
            proof = [unbase64(line) for line in hashes]
            new = Checkpoint.parse(note)
            need(len(proof) <= MOST_PROOF and all(len(one) == 32 for one in proof), "not a proof")
        except ValueError as error:
            raise Refused(400, f"malformed request: {error}") from None

        def check(size: int, root: bytes) -> None:
            need(old <= new.size, "the old size is greater than the checkpoint's", 400)
            need(old == size, str(size), 409)
            need(
                consistent(size, root, new.size, new.root, proof), "the checkpoint does not continue what was seen", 422
            )

        return new.note(self.cosign(new, check))

    def visit(self, read: Callable[[str], bytes]) -> bytes:
        """Fetch a log's checkpoint and tiles with ``read``, check and cosign them; the cosigned checkpoint."""
        new = Checkpoint.parse(read("checkpoint"))

        def check(size: int, root: bytes) -> None:
            need(size <= new.size, f"the log shows {new.size} leaves, this witness has seen {size}", 409)
            tiles = Tiles(read, new.size, new.root)
            need(tiles.root(0, size) == root, "the log does not continue what was seen", 422)

        return new.note(self.cosign(new, check))

    def cosign(self, new: Checkpoint, check: Callable[[int, bytes], None]) -> bytes:
        """Let ``check`` compare ``new`` with the size and root in memory; remember it, and only then hand out the lines."""
        log_lines = self._authenticate(new)
        with (self.folder / "lock").open("w") as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)  # no other thread or process reads and writes the memory meanwhile
            path, last = self.last(new.origin)
            try:
                check(*((last.size, last.root) if last else (0, EMPTY_ROOT)))
            except Refused as refusal:
                if refusal.args[0] == 422 and last:
                    name = hashlib.sha256(new.text).hexdigest()[:16]
                    both = path.read_bytes() + b"=====\n" + new.note(log_lines)
                    self._persist(self.folder / "evidence" / f"{name}.txt", both)
                raise
            lines = self._sign(new)
            self._persist(path, new.note(log_lines + lines))
        return lines

    def _authenticate(self, checkpoint: Checkpoint) -> bytes:
        """The lines of the log's keys, all of which must hold; lines of other keys are dropped."""
        keys = {(key.name, key.id): key for key in self.trusted() if key.name == checkpoint.origin}
        need(keys, "this witness does not know the log", 404)
        lines = {line: keys[line[:2]] for line in checkpoint.lines if line[:2] in keys}
        right = lines and all(key.holds(checkpoint, signature) for (_, _, signature), key in lines.items())
        need(right, "the checkpoint carries no valid signature of the log", 403)
        return b"".join(key.line(signature) for (_, _, signature), key in lines.items())

    def _sign(self, checkpoint: Checkpoint) -> bytes:
        at = int(time.time()).to_bytes(8)
        short = self._short.sign(b"cosignature/v1\ntime %d\n" % int.from_bytes(at) + checkpoint.text)
        signatures = short, self._long.sign(checkpoint.subtree(self.name, at))
        return b"".join(key.line(at + one) for key, one in zip(self.keys, signatures, strict=True))

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


def serve(witness: Witness, host: str, port: int) -> None:
    """Answer ``POST /add-checkpoint`` and ``GET /<origin hash>/checkpoint`` until interrupted."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version, timeout = "HTTP/1.1", 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint" or not _SIZE.fullmatch(length) or int(length) > MOST_BYTES:
                self.close_connection = True
                return self.answer(404 if self.path != "/add-checkpoint" else 400, b"")
            try:
                cosigned = witness.add_checkpoint(self.rfile.read(int(length)))
            except Refused as refusal:
                status, text = refusal.args
                kind = "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8"
                return self.answer(status, f"{text}\n".encode(), kind)
            return self.answer(200, cosigned.rpartition(b"\n\n")[2])

        def do_GET(self) -> None:
            found = re.fullmatch("/([0-9a-f]{64})/checkpoint", self.path)
            path = witness.folder / f"{found[1] if found else ''}.checkpoint"
            self.answer(200, path.read_bytes()) if found and path.exists() else self.answer(404, b"")

        def answer(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            for header in ("Content-Type", kind), ("Content-Length", str(len(body))):
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer((host, port), Handler) as server:
        print(f"{witness.name} listens on {host}:{server.server_port}", flush=True)
        server.serve_forever()


def fetch(url: str, data: bytes | None = None) -> bytes:
    """What is published under ``url``, or what it answers to ``data``."""
    request = urllib.request.Request(url, data, {"Content-Type": "text/plain"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read(MOST_BYTES))


def run(folder: Path, *words: str) -> None:
    """Do what the words say; `Refused` when the log is not cosigned, OSError when it is not reached, ValueError for nonsense."""
    match words:
        case "new", name:
            print(*Witness.make(folder, name).keys, sep="\n")
        case "trust", _, *_:
            keys = [Key.parse(vkey) for vkey in words[1:]]
            with (folder / "logs").open("a") as file:  # a key for promises signs no tree
                file.writelines(f"{key}\n" for key in keys if not key.name.endswith("/promise"))
        case "serve", address if address.rpartition(":")[2].isdecimal():
            serve(Witness(folder), address.rpartition(":")[0], int(address.rpartition(":")[2]))
        case "visit", url, *out if len(out) < 2:
            cosigned = Witness(folder).visit(lambda path: fetch(f"{url.rstrip('/')}/{path}"))
            Path(out[0]).write_bytes(cosigned) if out else fetch(f"{url.rstrip('/')}/cosignatures", cosigned)
        case "sign", request, answer:
            Path(answer).write_bytes(Witness(folder).add_checkpoint(Path(request).read_bytes()))
        case ("status",):
            witness = Witness(folder)
            for origin in sorted({key.name for key in witness.trusted()}):
                _, last = witness.last(origin)
                print(f"{origin}:", f"{last.size} leaves, root {last.root.hex()}" if last else "nothing seen yet")
        case _:
            raise ValueError("these words say nothing; see --help")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="+", help="the folder and what to do, as above")
    folder, *words = parser.parse_args().words
    try:
        run(Path(folder), *words)
    except Refused as refusal:
        sys.exit("REFUSED ({}): {}".format(*refusal.args))
    except (OSError, ValueError) as error:
        parser.exit(2, f"NOT ASKED: {error}\n")
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
