"""A small log of its own, made of the pure modules: for the stand-alone tools, which know nothing of the project."""

import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from audit import merkle, notes
from audit.tiles import Tile

TOOLS = Path(__file__).resolve().parents[2] / "tools"
ORIGIN = "fund.example/log"


def key(name: str = ORIGIN, kind: int = notes.ED25519, seed: str = "") -> notes.SigningKey:
    """A signing key that is the same in every run."""
    return notes.SigningKey(name, kind, hashlib.sha256(f"{name} {kind} {seed}".encode()).digest())


class TinyLog:
    """A log over invented leaf bodies; ``forked_at`` makes it differ from its twin from that leaf on."""

    def __init__(self, size: int, *, forked_at: int | None = None, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.bodies = [
            b"leaf %d" % n + (b"'" if forked_at is not None and n >= forked_at else b"") for n in range(size)
        ]
        self._hashes = [merkle.leaf_hash(body) for body in self.bodies]
        self.keys = [key(origin), key(origin, notes.COSIGNATURE_MLDSA44)]
        self.received: list[bytes] = []

    @property
    def vkeys(self) -> list[str]:
        """The log's verifier keys."""
        return [str(one.verifier) for one in self.keys]

    def replace(self, index: int, body: bytes) -> None:
        """Let the leaf ``index`` be another."""
        self.bodies[index] = body
        self._hashes[index] = merkle.leaf_hash(body)

    def hashes(self, size: int) -> list[bytes]:
        """Hashes of the first ``size`` leaves."""
        return self._hashes[:size]

    def hash_of(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        return merkle.root(self._hashes[index << level : (index + 1) << level])

    def checkpoint(self, size: int | None = None, *, root: bytes | None = None) -> notes.SignedNote:
        """The signed checkpoint of the first ``size`` leaves."""
        size = len(self.bodies) if size is None else size
        text = notes.Checkpoint(self.origin, size, root or merkle.root(self.hashes(size))).text
        return notes.signed(text, self.keys, timestamp=1_800_000_000)

    def request(self, old: int, new: int | None = None) -> bytes:
        """A request to a witness that has seen ``old`` leaves."""
        new = len(self.bodies) if new is None else new
        proof = merkle.consistency_proof(old, new, self.hash_of)
        lines = "".join(notes.to_base64(one) + "\n" for one in proof)
        return f"old {old}\n{lines}\n{self.checkpoint(new).serialise()}".encode()

    def file(self, path: str) -> bytes | None:
        """What the log publishes under ``path``."""
        if path == "checkpoint":
            return self.checkpoint().serialise().encode()
        tile = Tile.parse(path.removeprefix("tile/"))
        if tile is None or not tile.exists_at(len(self.bodies)):
            return None
        first = tile.number * 256
        return b"".join(self.hash_of(8 * tile.level, first + n) for n in range(tile.width))


@contextmanager
def published(log: TinyLog) -> Iterator[str]:
    """The log on a loopback address; yields its prefix."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = log.file(self.path.removeprefix("/log/"))
            self.send_response(200 if content is not None else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def do_POST(self) -> None:
            log.received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/log"
        server.shutdown()


def tool(name: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run one of the stand-alone tools as a process of its own, without the project on its path."""
    command = [sys.executable, "-I", str(TOOLS / name), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def witness_process(folder: Path) -> Iterator[str]:
    """``fund_witness.py serve`` on a free port; yields its address."""
    command = [sys.executable, "-I", str(TOOLS / "fund_witness.py"), str(folder), "serve", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield "http://" + line.split()[-1]
        finally:
            process.kill()


def witness_keys() -> list[notes.SigningKey]:
    """Three witnesses: a donor's and two networks'."""
    return [key(f"{name}.example", notes.COSIGNATURE_ED25519) for name in ("donor", "network1", "network2")]


def policy(log: TinyLog, witnesses: list[notes.SigningKey]) -> str:
    """Any donor and two networks, in the words of c2sp.org/tlog-policy."""
    return "\n".join(
        [
            *(f"log {vkey}" for vkey in log.vkeys),
            f"log {key(f'{log.origin}/promise').verifier}",
            *(f"witness {one.name.removesuffix('.example')} {one.verifier}" for one in witnesses),
            "group donors any donor",
            "group networks 2 network1 network2",
            "group both all donors networks",
            "quorum both",
        ]
    )


def cosigned(note: notes.SignedNote, witnesses: list[notes.SigningKey]) -> notes.SignedNote:
    """The note with the cosignatures of ``witnesses`` beneath."""
    lines = (one.sign(note.text, timestamp=1_800_000_100) for one in witnesses)
    return notes.SignedNote(note.text, (*note.signatures, *lines))


def receipt(log: TinyLog, index: int, note: notes.SignedNote, *, extra: bytes, size: int | None = None) -> str:
    """The C2SP tlog-proof of a leaf."""
    path = merkle.inclusion_proof(index, size or len(log.bodies), log.hash_of)
    lines = ["c2sp.org/tlog-proof@v1", f"extra {notes.to_base64(extra)}", f"index {index}"]
    return "\n".join([*lines, *(notes.to_base64(one) for one in path), "", note.serialise()])
