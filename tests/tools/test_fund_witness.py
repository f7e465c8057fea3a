"""The stand-alone witness as a real process: the protocol's answers, its memory, cron, USB stick, and evidence."""

import base64
import hashlib
import http.client
import importlib.util
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from audit import merkle, notes
from tests.factories.tlog import ORIGIN, TOOLS, TinyLog, key, published, tool, witness_process
from tests.threads import Beside

pytestmark = pytest.mark.waits
LOG = TinyLog(600)
NAME = "witness.example/w1"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("witness")
    new = tool("fund_witness.py", made / "witness", "new", NAME)
    (made / "vkeys").write_text(new.stdout)
    assert tool("fund_witness.py", made / "witness", "trust", *LOG.vkeys).returncode == 0
    return made


@pytest.fixture
def folder(fresh: Path, tmp_path: Path) -> Path:
    return shutil.copytree(fresh, tmp_path, dirs_exist_ok=True) / "witness"


@pytest.fixture
def witness(folder: Path) -> Iterator[str]:
    with witness_process(folder) as address:
        yield address


def keys(folder: Path) -> list[notes.VerifierKey]:
    return [notes.VerifierKey.parse(line) for line in (folder.parent / "vkeys").read_text().split()]


def ask(address: str, body: bytes, method: str = "POST", path: str = "/add-checkpoint") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request(method, path, body)
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


def cosigned(size: int, lines: str, log: TinyLog = LOG) -> notes.SignedNote:
    return notes.SignedNote.parse(log.checkpoint(size).text + "\n" + lines)


def test_it_cosigns_with_both_keys_and_then_only_what_continues(witness: str, folder: Path) -> None:
    status, _, lines = ask(witness, LOG.request(0, 300))
    assert status == 200
    assert cosigned(300, lines).opened_by(keys(folder)) == keys(folder)
    assert [one.timestamp > 1_700_000_000 for one in cosigned(300, lines).signatures] == [True, True]
    assert ask(witness, LOG.request(300, 600))[0] == 200
    assert ask(witness, LOG.request(600, 600))[0] == 200  # the same tree again: a fresher time


def test_its_memory_is_on_the_disk_before_it_answers(folder: Path) -> None:
    with witness_process(folder) as first:
        assert ask(first, LOG.request(0, 100))[0] == 200  # the process is killed right after the answer
    with witness_process(folder) as second:
        assert ask(second, LOG.request(0, 100))[::2] == (409, "100\n")
        assert ask(second, LOG.request(100, 200))[0] == 200


def replaced(body: bytes, old: bytes, new: bytes) -> bytes:
    assert old in body
    return body.replace(old, new, 1)


MALFORMED = {
    "nothing": b"",
    "no size": replaced(LOG.request(0, 9), b"old 0\n", b""),
    "leading zero": replaced(LOG.request(0, 9), b"old 0", b"old 00"),
    "negative size": replaced(LOG.request(0, 9), b"old 0", b"old -1"),
    "other word": replaced(LOG.request(0, 9), b"old 0", b"new 0"),
    "size too large": replaced(LOG.request(0, 9), b"old 0", b"old 9999999999999999999"),
    "old above new": replaced(LOG.request(0, 9), b"old 0", b"old 10"),
    "no empty line": replaced(LOG.request(0, 9), b"old 0\n\n", b"old 0\n"),
    "short hash": replaced(LOG.request(0, 9), b"old 0\n", b"old 0\nAAAA\n"),
    "no base64": replaced(LOG.request(0, 9), b"old 0\n", b"old 0\n!\n"),
    "64 hashes": replaced(LOG.request(0, 9), b"old 0\n", b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64),
    "no signature": LOG.request(0, 9).split(b"\xe2\x80\x94")[0],
    "no last newline": LOG.request(0, 9)[:-1],
    "a tab": replaced(LOG.request(0, 9), b"fund.example", b"fund\t.example"),
    "not UTF-8": replaced(LOG.request(0, 9), b"fund.example", b"fund\xff.example"),
    "too long": LOG.request(0, 9) + b"x" * 300_000,
    "another script's digits": replaced(LOG.request(0, 9), b"old 0", "old ٠".encode()),
    "lines of another system": LOG.request(0, 9).replace(b"\n", b"\r\n"),
    "base64 with bits behind": replaced(LOG.request(0, 9), b"old 0\n", b"old 0\n" + b"A" * 42 + b"B=\n"),
    "a line of an extension that says nothing": replaced(LOG.request(0, 9), b"\n9\n", b"\n9\n\n"),
    "more signatures than anybody needs": LOG.request(0, 9) + LOG.request(0, 9).split(b"\n\n")[2] * 40,
    "a name with a plus": replaced(LOG.request(0, 9), "— fund".encode(), "— fu+nd".encode()),
}
FOREIGN = TinyLog(9, origin="other.example/log")
STRANGER = notes.signed(LOG.checkpoint(9).text, [key(ORIGIN, seed="stranger")], timestamp=1)
FORGED = notes.SignedNote(LOG.checkpoint(9).text, LOG.checkpoint(8).signatures)
HALF_FORGED = notes.SignedNote(
    LOG.checkpoint(9).text, (LOG.checkpoint(9).signatures[0], LOG.checkpoint(8).signatures[1])
)
EMPTY = notes.signed(notes.Checkpoint(ORIGIN, 0, bytes(32)).text, LOG.keys, timestamp=1)


def test_it_answers_as_the_specification_says(witness: str) -> None:
    def status(body: bytes) -> int:
        return ask(witness, body)[0]

    def first(note: notes.SignedNote) -> bytes:
        return b"old 0\n\n" + note.serialise().encode()

    assert {name: status(body) for name, body in MALFORMED.items()} == dict.fromkeys(MALFORMED, 400)
    assert status(FOREIGN.request(0, 9)) == 404
    assert status(TinyLog(9, origin=ORIGIN.replace("e", "е")).request(0, 9)) == 404  # a letter of another script
    assert status(TinyLog(9, origin=ORIGIN.upper()).request(0, 9)) == 404
    named_like_it = notes.signed(notes.Checkpoint("other.example/log", 9, bytes(32)).text, LOG.keys, timestamp=1)
    assert status(first(named_like_it)) == 404
    assert [status(first(note)) for note in (STRANGER, FORGED, HALF_FORGED)] == [403, 403, 403]
    assert status(first(EMPTY)) == 422
    assert status(replaced(LOG.request(0, 9), b"old 0\n", b"old 0\n" + base64.b64encode(bytes(32)) + b"\n")) == 422
    assert status(LOG.request(0, 0)) == 200
    assert status(LOG.request(0, 300)) == 200
    assert ask(witness, LOG.request(0, 400)) == (409, "text/x.tlog.size", "300\n")
    assert ask(witness, LOG.request(200, 400)) == (409, "text/x.tlog.size", "300\n")
    good = LOG.request(300, 400)
    proof = good.split(b"\n")[1]
    assert status(replaced(good, proof, base64.b64encode(bytes(32)))) == 422
    assert status(replaced(good, proof + b"\n", b"")) == 422
    assert status(TinyLog(400, forked_at=299).request(300, 400)) == 422
    assert status(TinyLog(300, forked_at=299).request(300, 300)) == 422
    assert status(good) == 200
    assert ask(witness, b"", "POST", "/elsewhere")[0] == 404


def test_lengths_that_are_none(witness: str) -> None:
    for length in ("", "-1", "+9", "9" * 5000, "٩", "0x10", "1e3"):
        connection = http.client.HTTPConnection(urlsplit(witness).netloc, timeout=20)
        connection.putrequest("POST", "/add-checkpoint")
        connection.putheader("Content-Length", length.encode())
        connection.endheaders()
        assert connection.getresponse().status == 400, length
        connection.close()
    assert ask(witness, LOG.request(0, 9))[0] == 200


def test_consistency_by_every_pair_of_sizes() -> None:
    spec = importlib.util.spec_from_file_location("fund_witness", TOOLS / "fund_witness.py")
    assert spec is not None
    assert spec.loader is not None
    tool_itself: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool_itself)
    log = TinyLog(34)
    roots = [merkle.root(log.hashes(size)) for size in range(35)]
    for new in range(1, 35):
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, log.hash_of)
            holds = tool_itself.consistent
            assert holds(old, roots[old], new, roots[new], proof)
            wrong = [[*proof, bytes(32)], [bytes(32), *proof], proof[1:], proof[:-1]]
            wrong += [[*proof[:n], bytes(32), *proof[n + 1 :]] for n in range(len(proof))]
            wrong += [[*proof[:n], *reversed(proof[n : n + 2]), *proof[n + 2 :]] for n in range(len(proof) - 1)]
            assert not any(holds(old, roots[old], new, roots[new], one) for one in wrong if one != proof)
            assert not holds(old, bytes(32), new, roots[new], proof)
            assert not holds(old, roots[old], new, bytes(32), proof)
            assert not holds(new, roots[old], old, roots[new], proof) or old == new


def test_it_shows_its_last_checkpoint(witness: str, folder: Path) -> None:
    path = f"/{hashlib.sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert ask(witness, b"", "GET", path)[0] == 404
    ask(witness, LOG.request(0, 300))
    status, _, shown = ask(witness, b"", "GET", path)
    trusted = [*(one.verifier for one in LOG.keys), *keys(folder)]
    assert (status, notes.SignedNote.parse(shown).opened_by(trusted)) == (200, trusted)
    assert ask(witness, b"", "GET", "/../witness.key")[0] == 404


def test_many_requests_at_once_never_roll_back_or_fork(witness: str, folder: Path) -> None:
    """Two dozen at a time, of two trees that part at the 120th leaf, each from where its sender believes the witness to be."""
    ask(witness, LOG.request(0, 100))
    other = TinyLog(200, forked_at=120)
    answers: list[tuple[int, notes.SignedNote]] = []
    seen = range(100, 160, 10)
    asked = [(log, old, new) for log in (LOG, other) for old in seen for new in (old + 10, old + 20)]

    def send(log: TinyLog, old: int, new: int) -> None:
        answers.append((ask(witness, log.request(old, new))[0], log.checkpoint(new)))

    for _round in range(4):
        for one in [Beside(partial(send, *each)) for each in asked]:
            one.come()
    assert {status for status, _ in answers} <= {200, 409, 422}
    signed = {note.text for status, note in answers if status == 200}
    sizes = sorted(notes.Checkpoint.parse(text).size for text in signed)
    assert len(sizes) == len(set(sizes)) >= 3  # of no size two trees
    chosen = [log for log in (LOG, other) if signed <= {log.checkpoint(size).text for size in sizes}]
    assert len(chosen) >= 1  # all of one and the same tree
    assert all(old < new for old, new in pairwise(sizes))
    assert tool("fund_witness.py", folder, "status").stdout.startswith(f"{ORIGIN}: {sizes[-1]} leaves")


def test_from_cron_it_fetches_checks_and_sends_back(folder: Path) -> None:
    small = TinyLog(3)
    with published(small) as url:
        assert tool("fund_witness.py", folder, "visit", url).returncode == 0
    answer = notes.SignedNote.parse(small.received[0])
    assert answer.opened_by(keys(folder)) == keys(folder)
    with published(TinyLog(300)) as url:
        assert tool("fund_witness.py", folder, "visit", url).returncode == 0
    grown = TinyLog(600)
    with published(grown) as url:
        out = folder.parent / "cosigned.txt"
        assert tool("fund_witness.py", folder, "visit", url, out).returncode == 0
        assert notes.SignedNote.parse(out.read_bytes()).opened_by(keys(folder)) == keys(folder)
        assert tool("fund_witness.py", folder, "status").stdout.startswith(f"{ORIGIN}: 600 leaves")
    with published(TinyLog(500)) as url:
        shrunk = tool("fund_witness.py", folder, "visit", url)
    assert (shrunk.returncode, "REFUSED (409)" in shrunk.stderr) == (1, True)
    assert tool("fund_witness.py", folder, "visit", url).returncode == 2  # nobody there any more


@pytest.mark.parametrize("forked_at", [0, 299])
def test_from_cron_it_notices_a_past_that_changed(folder: Path, forked_at: int) -> None:
    with published(TinyLog(300)) as url:
        assert tool("fund_witness.py", folder, "visit", url).returncode == 0
    with published(TinyLog(520, forked_at=forked_at)) as url:
        refused = tool("fund_witness.py", folder, "visit", url)
    assert (refused.returncode, "REFUSED (422)" in refused.stderr) == (1, True)
    assert tool("fund_witness.py", folder, "status").stdout.startswith(f"{ORIGIN}: 300 leaves")


def test_from_cron_it_believes_no_tile_that_does_not_lead_to_the_signed_root(folder: Path) -> None:
    class Lying(TinyLog):
        def file(self, path: str) -> bytes | None:
            content = super().file(path)
            return bytes([content[0] ^ 1]) + content[1:] if content and path == "tile/0/001.p/44" else content

    with published(Lying(300)) as url:
        refused = tool("fund_witness.py", folder, "visit", url)
    assert (refused.returncode, "do not lead to the signed root" in refused.stderr) == (1, True)


def test_by_mail_or_usb_stick(folder: Path) -> None:
    request, answer = folder.parent / "request.txt", folder.parent / "answer.txt"
    request.write_bytes(LOG.request(0, 40))
    assert tool("fund_witness.py", folder, "sign", request, answer).returncode == 0
    assert notes.SignedNote.parse(answer.read_bytes()).opened_by(keys(folder)) == keys(folder)
    answer.unlink()
    request.write_bytes(LOG.request(30, 60))
    refused = tool("fund_witness.py", folder, "sign", request, answer)
    assert (refused.returncode, refused.stderr, answer.exists()) == (1, "REFUSED (409): 40\n", False)


def test_a_fork_of_one_size_is_kept_as_evidence(witness: str, folder: Path) -> None:
    ask(witness, LOG.request(0, 300))
    assert ask(witness, TinyLog(300, forked_at=7).request(300, 300))[0] == 422
    (kept,) = (folder / "evidence").iterdir()
    one, other = (notes.SignedNote.parse(part) for part in kept.read_text().split("=====\n"))
    assert {one.text, other.text} == {LOG.checkpoint(300).text, TinyLog(300, forked_at=7).checkpoint().text}


def test_evidence_holds_what_the_log_signed_and_nothing_else(witness: str, folder: Path) -> None:
    ask(witness, LOG.request(0, 300))
    junk = notes.Signature("junk.example", b"junk", bytes(150_000)).line.encode()
    assert ask(witness, TinyLog(300, forked_at=7).request(300, 300) + junk)[0] == 422
    (kept,) = (folder / "evidence").iterdir()
    assert kept.stat().st_size < 20_000
    (folder.parent / "policy").write_text("".join(f"log {vkey}\n" for vkey in LOG.vkeys))
    assert tool("verify_receipt.py", "evidence", kept, folder.parent / "policy").returncode == 0


def test_a_key_for_promises_is_not_trusted_with_trees(folder: Path) -> None:
    promises = TinyLog(9, origin=f"{ORIGIN}/promise")
    assert tool("fund_witness.py", folder, "trust", *promises.vkeys).returncode == 0
    (folder.parent / "request").write_bytes(promises.request(0, 9))
    refused = tool("fund_witness.py", folder, "sign", folder.parent / "request", folder.parent / "answer")
    assert (refused.returncode, refused.stderr) == (1, "REFUSED (404): this witness does not know the log\n")
    assert tool("fund_witness.py", folder, "trust", LOG.vkeys[0], "nonsense").returncode == 2
    assert (folder / "logs").read_text().split() == LOG.vkeys  # all or none


def test_keys_are_private_and_never_overwritten(folder: Path) -> None:
    assert (folder / "witness.key").stat().st_mode & 0o077 == 0
    again = tool("fund_witness.py", folder, "new", NAME)
    assert (again.returncode, "File exists" in again.stderr) == (2, True)
    assert tool("fund_witness.py", folder, "trust", "nonsense").returncode == 2
