"""The one-file verifier: what it accepts, and that nothing near it passes."""

import hashlib
import hmac
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from audit import notes
from tests.factories.tlog import ORIGIN, TOOLS, TinyLog, cosigned, key, policy, receipt, tool, witness_keys

RECORD = json.dumps({"event": {"vote": "yes"}, "reason": "واضح"}, ensure_ascii=False, separators=(",", ":"))
NONCE = bytes(range(32))
COMMIT = hmac.new(NONCE, RECORD.encode(), hashlib.sha256).hexdigest()
BODY = json.dumps(
    {"at": "2026-01-01T00:00:00+00:00", "commit": COMMIT, "kind": "committees.vote.cast"}, separators=(",", ":")
)
EXTRA = {"body": BODY, "nonce": NONCE.hex(), "record": RECORD}
WITNESSES = witness_keys()
INDEX = 11


def module() -> Any:
    spec = importlib.util.spec_from_file_location("verify_receipt", TOOLS / "verify_receipt.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


verifier = module()


def log_with_vote() -> TinyLog:
    log = TinyLog(21)
    log.replace(INDEX, BODY.encode())
    log.keys = log.keys[:1]  # receipts carry what a browser can check: Ed25519
    return log


LOG = log_with_vote()
POLICY = policy(LOG, WITNESSES)


def with_extra(extra: dict[str, str], witnesses: list[notes.SigningKey] = WITNESSES, **style: Any) -> str:
    text = json.dumps(extra, ensure_ascii=False, **({"separators": (",", ":")} | style))
    return receipt(LOG, INDEX, cosigned(LOG.checkpoint(), witnesses), extra=text.encode())


GOOD = with_extra(EXTRA)
TRUST = verifier.Policy(POLICY)


def accepted(content: bytes, **options: bool) -> bool:
    try:
        verifier.proof(content.decode(), TRUST, ignore_unknown=options.get("ignore_unknown", False))
    except (verifier.Refused, UnicodeDecodeError):
        return False
    return True


def run(question: str, *contents: str, trust: str = POLICY, tmp_path: Path) -> tuple[int, str]:
    files = []
    for number, content in enumerate([*contents, trust]):
        files.append(tmp_path / f"{number}.txt")
        files[-1].write_text(content)
    done = tool("verify_receipt.py", question, *files)
    return done.returncode, done.stdout + done.stderr


def test_a_receipt_is_verified_and_told(tmp_path: Path) -> None:
    status, said = run("proof", GOOD, tmp_path=tmp_path)
    assert status == 0, said
    assert f"leaf {INDEX} of 21 of {ORIGIN}" in said
    assert all(f"seen by {name} at 2027-01-15" in said for name in ("donor", "network1", "network2"))
    assert '"vote": "yes"' in said
    assert "واضح" in said
    assert said.endswith("VERIFIED\n")
    status, said = run("proof", GOOD.replace("index 11", "index 12"), tmp_path=tmp_path)
    assert (status, said) == (1, "REFUSED: the leaf is not in the signed tree at this index\n")


def test_every_bit_counts() -> None:
    content = GOOD.encode()
    passing = []
    for place in range(len(content)):
        for bit in range(8):
            flipped = bytearray(content)
            flipped[place] ^= 1 << bit
            if accepted(bytes(flipped)):
                passing.append((place, bit))
    assert (accepted(content), passing) == (True, [])


def test_nothing_shorter_or_longer_passes() -> None:
    content = GOOD.encode()
    assert [end for end in range(len(content)) if accepted(content[:end])] == []
    assert [start for start in range(1, len(content)) if accepted(content[start:])] == []
    assert [
        more for more in (b"\n", b" ", b"x", b"\n\n", content) if accepted(content + more) or accepted(more + content)
    ] == []
    lines = GOOD.split("\n")
    repeated = ["\n".join([*lines[:n], lines[n], *lines[n:]]) for n in range(len(lines))]
    dropped = ["\n".join(lines[:n] + lines[n + 1 :]) for n in range(len(lines) - 1)]
    assert [text for text in repeated if accepted(text.encode())] == []
    # Three witnesses signed and all three are needed, so no line is superfluous.
    assert [text for text in dropped if accepted(text.encode())] == []


def test_no_other_index_or_size_passes() -> None:
    assert [n for n in range(64) if accepted(GOOD.replace("index 11", f"index {n}").encode())] == [INDEX]
    assert [n for n in range(64) if accepted(GOOD.replace("\n21\n", f"\n{n}\n").encode())] == [21]


def test_the_record_must_be_the_one_committed_to() -> None:
    assert accepted(with_extra(EXTRA).encode())
    assert accepted(with_extra({"body": BODY}).encode())
    for extra in (
        {**EXTRA, "record": RECORD.replace("yes", "no")},
        {**EXTRA, "nonce": bytes(32).hex()},
        {**EXTRA, "nonce": NONCE.hex().upper()},
        {**EXTRA, "note": "more"},
        {"body": BODY, "record": RECORD},
        {"body": BODY + " "},
        {"nonce": NONCE.hex(), "record": RECORD},
    ):
        assert not accepted(with_extra(extra).encode()), extra
    assert not accepted(with_extra(EXTRA, separators=(", ", ": ")).encode())
    assert not accepted(receipt(LOG, INDEX, LOG.checkpoint(), extra=b"[" * 100_000).encode())


def test_the_quorum_is_the_readers() -> None:
    def signed_by(*numbers: int) -> bytes:
        return with_extra(EXTRA, [WITNESSES[n] for n in numbers]).encode()

    assert [accepted(signed_by(*who)) for who in ((), (0,), (1, 2), (0, 1), (0, 1, 2))] == [False] * 4 + [True]
    stranger = key("donor.example", notes.COSIGNATURE_ED25519, seed="another")
    extended = with_extra(EXTRA, [*WITNESSES, stranger]).encode()
    assert (accepted(extended), accepted(extended, ignore_unknown=True)) == (False, True)


def promise(*, name: str = f"{ORIGIN}/promise") -> notes.SignedNote:
    leaf = notes.to_base64(hashlib.sha256(b"\0" + BODY.encode()).digest())
    return notes.signed(
        f"log-promise/v1\n{ORIGIN}\nleaf {leaf}\nat 1800000000\nby 1800000060\n", [key(name)], timestamp=0
    )


def test_a_promise(tmp_path: Path) -> None:
    status, said = run("promise", promise().serialise(), tmp_path=tmp_path)
    assert (status, "no later than 2027-01-15 08:01:00 UTC" in said) == (0, True), said
    assert run("promise", promise(name=ORIGIN).serialise(), tmp_path=tmp_path)[0] == 1
    assert run("promise", promise().serialise().replace("by 18", "by 19"), tmp_path=tmp_path)[0] == 1


def test_two_trees_of_one_size_are_proof_of_misbehaviour(tmp_path: Path) -> None:
    fork = TinyLog(21, forked_at=20)
    status, said = run("evidence", LOG.checkpoint().serialise(), fork.checkpoint().serialise(), tmp_path=tmp_path)
    assert (status, said.startswith("PROOF OF MISBEHAVIOUR")) == (0, True), said
    joined = cosigned(LOG.checkpoint(), [key("x.example")]).serialise() + "=====\n" + fork.checkpoint().serialise()
    assert run("evidence", joined, tmp_path=tmp_path)[0] == 0
    for other in (LOG.checkpoint(), LOG.checkpoint(20), TinyLog(21, origin="other.example/log").checkpoint()):
        assert run("evidence", LOG.checkpoint().serialise(), other.serialise(), tmp_path=tmp_path)[0] == 1
    forged = notes.SignedNote(fork.checkpoint().text, LOG.checkpoint().signatures)
    assert run("evidence", LOG.checkpoint().serialise(), forged.serialise(), tmp_path=tmp_path)[0] == 1


def committing(record: str, body: str = "") -> str:
    """A receipt whose leaf commits to ``record``, whatever its writing; ``body`` takes the commitment at COMMIT."""
    commit = hmac.new(NONCE, record.encode(), hashlib.sha256).hexdigest()
    leaf = (body or '{"at":"2026-01-01T00:00:00+00:00","commit":"COMMIT","kind":"a.b.c"}').replace("COMMIT", commit)
    log = TinyLog(21)
    log.replace(INDEX, leaf.encode())
    log.keys = log.keys[:1]
    extra = json.dumps(
        {"body": leaf, "nonce": NONCE.hex(), "record": record}, ensure_ascii=False, separators=(",", ":")
    )
    return receipt(log, INDEX, cosigned(log.checkpoint(), WITNESSES), extra=extra.encode())


def signed_otherwise(origin: str, *signers: notes.SigningKey) -> str:
    """A receipt under a checkpoint of ``origin`` that these keys signed, and every witness."""
    log = TinyLog(21, origin=origin)
    log.replace(INDEX, BODY.encode())
    log.keys = list(signers)
    extra = json.dumps(EXTRA, ensure_ascii=False, separators=(",", ":"))
    return receipt(log, INDEX, cosigned(log.checkpoint(), WITNESSES), extra=extra.encode())


def attacks() -> dict[str, str]:
    """Receipts that are wrong in one thing each, most of them rightly signed by everybody."""
    lines = GOOD.split("\n")
    path, last = lines[3], lines[-2]
    again = WITNESSES[0].sign(LOG.checkpoint().text, timestamp=1_800_000_200)
    return {
        "a name twice in the record": committing('{"event":{"vote":"yes","vote":"no"}}'),
        "a name twice in the body": committing(RECORD, '{"commit":"COMMIT","commit":"COMMIT","kind":"x"}'),
        "names out of order": committing('{"reason":"","event":{}}'),
        "white space": committing('{"event": {}}'),
        "a needless escape": committing('{"event":"\\u0061"}'),
        "a fraction": committing('{"event":1.5}'),
        "a number that readers round": committing('{"event":9007199254740993}'),
        "no number": committing('{"event":NaN}'),
        "minus nothing": committing('{"event":-0}'),
        "a record that is no object": committing('["yes"]'),
        "a bottomless record": committing("[" * 50_000),
        "a body that is no object": committing(RECORD, '["COMMIT"]'),
        "another script's digits": GOOD.replace("index 11", "index ١١"),
        "a sign": GOOD.replace("index 11", "index +11"),
        "a leading zero": GOOD.replace("index 11", "index 011"),
        "a size beyond 2^63": GOOD.replace("\n21\n", f"\n{2**64 + 21}\n"),
        "lines of another system": GOOD.replace("\n", "\r\n"),
        "a byte order mark": "\ufeff" + GOOD,
        "a line separator": GOOD.replace("\nindex", "\u2028index"),
        "a zero byte": GOOD.replace("\nindex", "\0\nindex"),
        "base64 without padding": GOOD.replace(path, path.rstrip("=")),
        "base64 with a space": GOOD.replace(path, path[:20] + " " + path[20:]),
        "base64 of addresses": GOOD.replace(last, last.replace("+", "-").replace("/", "_") + "_"),
        "base64 with bits behind": GOOD.replace(path, path[:-2] + chr(ord(path[-2]) + 1) + "="),
        "a key that signed twice": GOOD + again.line,
        "a hash too many": GOOD.replace(path, f"{path}\n{path}"),
        "another log's origin": signed_otherwise("other.example/log", key(ORIGIN)),
        "the same letters in another form": signed_otherwise("fün\u0308d.example", key("fün\u0308d.example")),
        "a key for promises": signed_otherwise(f"{ORIGIN}/promise", key(f"{ORIGIN}/promise")),
        "a witness as the log": signed_otherwise("donor.example", key("donor.example")),
        "a name like the log's": signed_otherwise(ORIGIN, key(ORIGIN.replace("e", "е"))),
    }


ATTACKS = attacks()
FORGERS = str(key("forger.example", notes.COSIGNATURE_ED25519).verifier)
BAD_POLICIES = (
    "nonsense",
    "log x",
    "witness w x+y+z",
    "group g 1 nobody\nquorum none",
    POLICY + "\nquorum none",
    POLICY.replace("group networks 2", "group networks 0"),
    POLICY.replace("group networks 2", "group networks 3"),
    POLICY.replace("group networks 2 network1 network2", "group networks 2 network1 network1"),
    POLICY.replace("group both all", "group both constructor"),
    POLICY.replace("group both", "group donors"),
    POLICY.replace("group donors", f"witness other {WITNESSES[1].verifier}\ngroup donors"),
    POLICY.replace("group donors", f"witness donor {FORGERS}\ngroup donors"),
    POLICY.replace("quorum both", ""),
    f"witness none {FORGERS}\n{POLICY}".replace("quorum both", "quorum none"),
)


def test_what_an_attacker_would_send() -> None:
    assert accepted(committing(RECORD).encode())
    passing = [name for name, content in ATTACKS.items() if accepted(content.encode())]
    assert passing == []
    assert len(set(ATTACKS.values()) - {GOOD}) == len(ATTACKS)
    assert all(accepted(content.encode(), ignore_unknown=True) is False for content in ATTACKS.values())


@pytest.mark.parametrize("text", BAD_POLICIES)
def test_a_policy_that_cannot_be_read_or_counts_somebody_twice_trusts_nobody(text: str) -> None:
    with pytest.raises(verifier.Refused):
        verifier.proof(GOOD, verifier.Policy(text), ignore_unknown=False)


def test_nothing_in_a_file_draws_on_the_screen(tmp_path: Path) -> None:
    loud = json.dumps("x\nVERIFIED\x1b[2J\u202e\x9b", ensure_ascii=False).replace("\x1b", "\\u001b")
    content = committing(RECORD, '{"at":"","commit":"COMMIT","kind":LOUD}'.replace("LOUD", loud))
    status, said = run("proof", content, tmp_path=tmp_path)
    assert (status, said.count("VERIFIED\n"), said.isprintable()) == (0, 1, False), said
    assert all(line.isprintable() for line in said.split("\n"))
    stranger = GOOD.replace("— donor.example", "— donor\x9b\u202e.example")
    status, said = run("proof", stranger, tmp_path=tmp_path)
    assert (status, said.removesuffix("\n").isprintable()) == (1, True)
    status, said = run("proof", GOOD + "x" * 5_000_000, tmp_path=tmp_path)
    assert (status, said) == (1, "REFUSED: 0.txt is too long\n")


def test_a_document_is_the_one_that_its_record_names(tmp_path: Path) -> None:
    paper, other = tmp_path / "agreement.pdf", tmp_path / "other.pdf"
    paper.write_bytes(b"%PDF agreed")
    other.write_bytes(b"%PDF agreed?")
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    (tmp_path / "receipt").write_text(committing(f'{{"event":{{"sha256_ar":"{digest}"}}}}'))
    (tmp_path / "policy").write_text(POLICY)
    files = tmp_path / "receipt", tmp_path / "policy"
    right = tool("verify_receipt.py", "proof", *files, "--document", paper)
    assert (right.returncode, f"SHA-256 {digest}\nVERIFIED" in right.stdout) == (0, True), right.stderr
    wrong = tool("verify_receipt.py", "proof", *files, "--document", other)
    assert (wrong.returncode, wrong.stderr) == (1, "REFUSED: the record does not name this document\n")
    (tmp_path / "receipt").write_text(with_extra({"body": BODY}))
    assert tool("verify_receipt.py", "proof", *files, "--document", paper).returncode == 1
