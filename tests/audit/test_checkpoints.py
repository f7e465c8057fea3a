"""Signing: what a checkpoint says, who can sign, how keys change, and what the signer remembers."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from audit import checkpoints, keys, notes, sequencer
from audit.management.commands.log_signer import next_turn
from audit.memory import Memory, MemoryBroken
from audit.models import Leaf, LogCheckpoint, LogKey, RecordedEvent
from audit.notes import Checkpoint, SignedNote, VerifierKey
from audit.proofs import Tree
from tests.audit.conftest import Signer
from tests.factories.log import leaves

pytestmark = pytest.mark.django_db
ORIGIN = "poolfund.example/1"


def verifiers(state: str = "active") -> list[VerifierKey]:
    rows = LogKey.objects.filter(state=state).order_by("leaf_id")
    return [VerifierKey.parse(key.verifier_key) for key in rows]


def test_a_checkpoint_is_signed_by_both_keys(signer: Signer) -> None:
    leaves(300)
    checkpoint = signer.sign()
    assert checkpoint is not None
    note = SignedNote.parse(checkpoint.note)
    said = Checkpoint.parse(note.text)
    # 300 leaves, and one for each key that begins to sign.
    assert (said.origin, said.size, said.root) == (ORIGIN, 302, Tree(1).root(302))
    assert [key.kind for key in note.opened_by(verifiers())] == [notes.ED25519, notes.COSIGNATURE_MLDSA44]
    assert {key.name for key in verifiers()} == {ORIGIN}
    assert RecordedEvent.objects.filter(type="audit.log_key.introduced", actor=None).count() == 2


def test_nothing_new_is_not_signed_again(signer: Signer) -> None:
    assert signer.sign() is not None
    assert signer.sign() is None
    leaves(1)
    assert signer.sign() is not None
    assert list(LogCheckpoint.objects.order_by("size").values_list("size", flat=True)) == [2, 3]


def test_the_memory_has_a_checkpoint_before_the_database(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(checkpoint: LogCheckpoint) -> None:
        raise RuntimeError("power cut")

    signer.sign()
    leaves(1)
    monkeypatch.setattr(checkpoints, "_hooks", [fail])
    with pytest.raises(RuntimeError):
        signer.sign()
    assert LogCheckpoint.objects.count() == 1
    assert [line.checkpoint.size for line in signer.memory.of(ORIGIN)] == [2, 3]
    monkeypatch.setattr(checkpoints, "_hooks", [])
    again = signer.sign()
    assert again is not None
    assert again.size == 3


def test_a_line_of_the_memory_is_evidence(signer: Signer) -> None:
    signer.sign()
    line = signer.memory.lines()[-1]
    assert SignedNote.parse(line.note).opened_by(verifiers()) == verifiers()[:1]


def test_a_line_that_a_power_cut_broke_off_is_passed_over(signer: Signer) -> None:
    signer.sign()
    with signer.memory.path.open("a") as file:
        file.write('{"origin": "pool')
    leaves(1)
    signer.sign()
    assert [line.checkpoint.size for line in signer.memory.lines()] == [2, 3]


def test_a_damaged_memory_stops_the_signer(signer: Signer) -> None:
    signer.sign()
    record = json.loads(signer.memory.path.read_text())
    signer.memory.path.write_text(json.dumps(record | {"root": "AAAA="}) + "\n")
    with pytest.raises(MemoryBroken, match="line 1"):
        signer.sign()


def test_keys_are_rotated_with_an_overlap_and_their_history_stays(signer: Signer) -> None:
    first = signer.sign()
    old = verifiers()
    keys.rotate(signer.key_file)
    both = signer.sign()
    assert first is not None
    assert both is not None
    assert len(SignedNote.parse(both.note).opened_by(verifiers())) == 4
    assert SignedNote.parse(both.note).opened_by(old) == old
    keys.retire(signer.key_file)
    last = signer.sign()
    assert last is not None
    assert SignedNote.parse(last.note).opened_by(old) == []
    assert set(verifiers("retired")) == set(old)
    assert SignedNote.parse(first.note).opened_by(verifiers("retired")) == old


def test_a_retired_key_does_not_come_back(signer: Signer) -> None:
    signer.sign()
    before = signer.key_file.read_bytes()
    keys.rotate(signer.key_file)
    keys.retire(signer.key_file)
    signer.sign()
    signer.key_file.write_bytes(before)
    with pytest.raises(checkpoints.KeyRetired):
        signer.sign()


def test_a_key_file_is_for_its_owner_only(signer: Signer) -> None:
    assert signer.key_file.stat().st_mode & 0o777 == 0o600
    signer.key_file.chmod(0o640)
    with pytest.raises(keys.NoKeys, match="others may read"):
        keys.load(signer.key_file)


def test_a_missing_or_damaged_key_file_is_said_without_showing_it(signer: Signer, tmp_path: Path) -> None:
    with pytest.raises(keys.NoKeys, match="log_key new"):
        keys.load(tmp_path / "nothing")
    secret = signer.keys[0].serialise()
    signer.key_file.write_text(secret[:-3] + "\n")
    with pytest.raises(keys.NoKeys) as caught:
        keys.load(signer.key_file)
    assert secret[-40:-4] not in str(caught.value)
    signer.key_file.write_text(secret + "\n")
    with pytest.raises(keys.NoKeys, match="ML-DSA-44"):
        keys.load(signer.key_file)


def test_keys_are_never_overwritten(signer: Signer) -> None:
    with pytest.raises(CommandError, match="never overwritten"):
        call_command("log_key", "new")


@pytest.mark.parametrize("act", ["show", "rotate", "retire"])
def test_the_command_prints_the_public_side_only(signer: Signer, act: str) -> None:
    out = io.StringIO()
    call_command("log_key", act, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[0] == f"origin: {ORIGIN}"
    held = keys.load(signer.key_file)
    assert [VerifierKey.parse(line) for line in lines[1:]] == [key.named(ORIGIN).verifier for key in held]
    assert "PRIVATE" not in out.getvalue()


def test_the_signer_signs_once_and_says_why_not(signer: Signer) -> None:
    leaves(3)
    out = io.StringIO()
    call_command("log_signer", "--once", stdout=out)
    assert out.getvalue() == f"signed {ORIGIN} at 5 leaves\n"
    signer.key_file.unlink()
    with pytest.raises(CommandError, match="there is no key file"):
        call_command("log_signer", "--once")


def test_the_signer_needs_to_know_its_files(settings: Any) -> None:
    settings.LOG_KEYS_PATH = ""
    with pytest.raises(CommandError, match="LOG_KEYS_PATH"):
        call_command("log_signer", "--once")
    with pytest.raises(CommandError, match="LOG_KEYS_PATH"):
        call_command("log_key", "show")


def test_the_cadence_does_not_follow_the_acts() -> None:
    assert [next_turn(now, 30) for now in (0.0, 0.1, 29.9, 30.0, 1_000_000_019.5)] == [30, 30, 30, 60, 1_000_000_020]


def test_a_checkpoint_is_kept_for_ever(signer: Signer) -> None:
    signer.sign()
    with pytest.raises(DatabaseError), transaction.atomic():
        LogCheckpoint.objects.update(size=7)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_logcheckpoint")


def test_placing_leaves_does_not_need_the_keys() -> None:
    leaves(5)
    assert sequencer.integrate() == 5
    assert sequencer.waiting() == 0
    assert Leaf.objects.filter(seq__isnull=True).count() == 0


def test_a_memory_of_a_root_only_grows(signer: Signer) -> None:
    """The file is opened for appending: what stands there is never written again."""
    signer.sign()
    before = signer.memory.path.read_bytes()
    leaves(2)
    signer.sign()
    assert signer.memory.path.read_bytes().startswith(before)
    assert signer.memory.path.stat().st_mode & 0o077 == 0
    assert len(Memory(signer.memory.path).lines()) == 2
