"""What the owner of the tables can do with the guards switched off, and who notices."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.roles import Role
from audit import erasure, fsck_projection, merkle, notes, sequencer
from audit.keys import KINDS
from audit.models import Leaf, LogCheckpoint, LogWitness, Opening
from audit.proofs import Tree
from audit.witnesses import asking, registry
from tests.factories import accounts as people
from tests.factories.log import leaves
from tests.factories.sealing import seal
from tests.factories.tlog import key, tool, witness_process

pytestmark = pytest.mark.django_db(transaction=True)

Owner = Callable[..., None]


@pytest.fixture
def owner(databases: Any) -> Owner:
    """SQL of the tables' owner, who stepped round every trigger."""

    def run(*statements: str) -> None:
        with psycopg.connect(databases.owner(settings.DATABASES["default"]["NAME"]), autocommit=True) as connection:
            for table in ("audit_leaf", "audit_opening"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                connection.execute(statement)
            for table in ("audit_leaf", "audit_opening"):
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    return run


def dishonest_checkpoint() -> LogCheckpoint:
    """What the log's keys sign when nobody asks the signer's memory."""
    sequencer.integrate()
    tree, epoch = Tree(1), sequencer.current_epoch()
    size = tree.size()
    text = notes.Checkpoint(epoch.origin, size, tree.root(size)).text
    keys = [key("poolfund.example", kind).named(epoch.origin) for kind in KINDS]
    note = notes.signed(text, keys, timestamp=1_800_000_000).serialise()
    return LogCheckpoint.objects.create(
        epoch=epoch, size=size, root=tree.root(size), note=note, signed_at=timezone.now()
    )


def test_a_witness_refuses_what_follows_an_edit_a_deletion_and_a_swap(owner: Owner, tmp_path: Path) -> None:
    leaves(40)
    first = seal(tmp_path)
    vkeys = (tool("fund_witness.py", tmp_path / "witness", "new", "real.example").stdout).split()
    trusted = [one.verifier_key for one in first.epoch.keys.all()]
    assert tool("fund_witness.py", tmp_path / "witness", "trust", *trusted).returncode == 0
    actor = people.officer(Role.ADMINISTRATOR)
    with witness_process(tmp_path / "witness") as url:
        witness = registry.register(name="real", group="donors", verifier_key=vkeys[0], url=url, actor=actor)
        assert asking.ask(witness)
        hashes = {seq: bytes(one).hex() for seq, one in Leaf.objects.filter(seq__lt=8).values_list("seq", "leaf_hash")}
        edit = "UPDATE audit_leaf SET leaf_hash = sha256(leaf_hash) WHERE seq = 3"
        undo = f"UPDATE audit_leaf SET leaf_hash = '\\x{hashes[3]}' WHERE seq = 3"
        swap = (
            "UPDATE audit_leaf SET leaf_hash = sha256(leaf_hash) WHERE seq IN (4, 5)",
            f"UPDATE audit_leaf SET leaf_hash = '\\x{hashes[5]}' WHERE seq = 4",
            f"UPDATE audit_leaf SET leaf_hash = '\\x{hashes[4]}' WHERE seq = 5",
        )
        delete = (
            "DELETE FROM audit_leaf WHERE seq = 7",
            "UPDATE audit_leaf SET seq = -seq - 1000 WHERE seq > 7",
            "UPDATE audit_leaf SET seq = -seq - 1001 WHERE seq < -1000",
        )
        whole = "ALTER TABLE audit_leaf DROP CONSTRAINT leaf_seq_not_negative"
        for number, statements in enumerate([(edit,), (undo, *swap), (whole, *delete)]):
            owner(*statements)
            for body in (b"%d more" % number, b"%d still more" % number):
                Leaf.objects.create(kind="a.b.c", body=body, leaf_hash=merkle.leaf_hash(body))
            bad = dishonest_checkpoint()
            LogWitness.objects.update(not_before=None)
            witness.refresh_from_db()
            assert asking.ask(witness) is False, statements
            witness.refresh_from_db()
            assert "answered 422" in witness.last_error
            assert not bad.cosignatures.exists()
    evidence = list((tmp_path / "witness/evidence").iterdir())
    assert len(evidence) == 3  # the last checkpoint that was whole, and each that was not


def test_a_record_that_vanished_without_an_erasure_is_named(owner: Owner) -> None:
    person = people.officer(Role.TECHNICAL_REVIEWER)
    event = erasure.records_about(person)[0]
    assert list(fsck_projection.erased_records_have_their_erasure()) == []
    owner(f"DELETE FROM audit_opening WHERE leaf_id = {event.leaf_id}")
    (finding,) = fsck_projection.erased_records_have_their_erasure()
    assert finding.endswith("its record is gone, and no erasure names it")
    assert not Opening.objects.filter(leaf_id=event.leaf_id).exists()


def test_two_checkpoints_of_one_size_convict_the_log(tmp_path: Path) -> None:
    leaves(12)
    first = seal(tmp_path)
    other = notes.Checkpoint(first.epoch.origin, first.size, bytes(32)).text
    keys = [key("poolfund.example", kind).named(first.epoch.origin) for kind in KINDS]
    (tmp_path / "one").write_text(first.note)
    (tmp_path / "other").write_text(notes.signed(other, keys, timestamp=1).serialise())
    (tmp_path / "policy").write_text("".join(f"log {one.verifier_key}\n" for one in first.epoch.keys.all()))
    proof = tool("verify_receipt.py", "evidence", tmp_path / "one", tmp_path / "other", tmp_path / "policy")
    assert (proof.returncode, proof.stdout.startswith("PROOF OF MISBEHAVIOUR")) == (0, True)
