"""The owner of the tables changes leaves with the guards off: `fsck --log` names the first index that is wrong."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import fsck, fsck_tree, merkle, restart, rollback
from audit.models import Leaf, LogTile
from audit.notes import Checkpoint, SignedNote
from poolfund.database import roles
from tests.audit.conftest import Signer
from tests.factories import accounts
from tests.factories import committees as panel
from tests.factories.log import leaves

ORIGIN = "poolfund.example/1"


class Undone(Exception):
    """Ends a tampering."""


@contextmanager
def tampered(*statements: str, tables: tuple[str, ...] = ("audit_leaf",)) -> Iterator[list[str]]:
    """As the owner, with the triggers off: what fsck then finds. Everything is undone afterwards."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for statement in statements:
                cursor.execute(statement)
            yield [line for line in fsck.findings(log_only=True) if "is missing or switched off" not in line]
            raise Undone
    except Undone:
        pass


def at(index: int, epoch: int = 1) -> str:
    return f"WHERE epoch_id = {epoch} AND seq = {index}"


def forge(index: int) -> str:
    """Another body with its right hash."""
    body = f"forged {index}".encode()
    return (
        f"UPDATE audit_leaf SET body = '\\x{body.hex()}', leaf_hash = '\\x{merkle.leaf_hash(body).hex()}' {at(index)}"
    )


def swap(one: int, other: int) -> tuple[str, ...]:
    return (
        f"UPDATE audit_leaf SET seq = 1000000 {at(one)}",
        f"UPDATE audit_leaf SET seq = {one} {at(other)}",
        f"UPDATE audit_leaf SET seq = {other} {at(1000000)}",
    )


BEGIN = f"{ORIGIN}, index"
CASES = [
    ("an edited body", (f"UPDATE audit_leaf SET body = 'x' {at(100)}",), f"{BEGIN} 100: the body"),
    ("a forged leaf", (forge(100),), f"{BEGIN} 100: the leaf is not the one in the published tile"),
    ("a forged leaf at the edge", (forge(600),), f"{BEGIN} 600: the leaf is not the one that was signed"),
    ("a forged last leaf", (forge(701),), f"{BEGIN} 701: the leaf is not the one that was signed"),
    ("two forged leaves", (forge(650), forge(3)), f"{BEGIN} 3: "),
    ("a deleted leaf", (f"DELETE FROM audit_leaf {at(300)}",), f"{BEGIN} 300: no leaf has this place"),
    ("the first leaf deleted", (f"DELETE FROM audit_leaf {at(0)}",), f"{BEGIN} 0: no leaf has this place"),
    ("a deleted end", ("DELETE FROM audit_leaf WHERE seq >= 690",), f"{BEGIN} 690: to 701 no leaf has this place"),
    ("swapped leaves", swap(10, 20), f"{BEGIN} 10: "),
    ("leaves swapped at the edge", swap(600, 650), f"{BEGIN} 600: "),
    ("leaves swapped across tiles", swap(255, 256), f"{BEGIN} 255: "),
]
DEEPER = [
    (
        "a leaf and its tile",
        (forge(100), "UPDATE audit_logtile SET data = set_byte(data, 0, get_byte(data, 0) # 1) WHERE number = 0"),
        ("audit_leaf", "audit_logtile"),
        f"{BEGIN} 0: ",
    ),
    ("a tile taken away", ("DELETE FROM audit_logtile WHERE number = 1",), ("audit_logtile",), f"{BEGIN} 256: the full tile"),
    (
        "a tile's hash", ("UPDATE audit_logtile SET hash = decode(repeat('00', 32), 'hex') WHERE number = 1",),
        ("audit_logtile",), f"{ORIGIN}, tile 0/1: its hash",
    ),
    (
        "a checkpoint's root", ("UPDATE audit_logcheckpoint SET root = decode(repeat('00', 32), 'hex') WHERE size = 302",),
        ("audit_logcheckpoint",), f"{ORIGIN}, the checkpoint of 302 leaves: its root",
    ),
    (
        "a signature", ("UPDATE audit_logcheckpoint SET note = overlay(note placing CASE substr(note, length(note) - 40, 1) WHEN 'A' THEN 'B' ELSE 'A' END from length(note) - 40) WHERE size = 302",),
        ("audit_logcheckpoint",), f"{ORIGIN}, the checkpoint of 302 leaves: ",
    ),
    (
        "a signature taken away",
        ("UPDATE audit_logcheckpoint SET note = regexp_replace(note, '[^' || chr(10) || ']+.$', '') WHERE size = 702",),
        ("audit_logcheckpoint",), f"{ORIGIN}, the checkpoint of 702 leaves: a signature",
    ),
    (
        "the checkpoint beside the memory", ("DELETE FROM audit_logcheckpoint WHERE size = 702", forge(600)),
        ("audit_logcheckpoint", "audit_leaf"), f"{BEGIN} 302: to 701 a leaf is not the one under the signer's memory",
    ),
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_every_tampering_is_found_at_its_first_index(signer: Signer) -> None:
    leaves(300)
    signer.sign()
    leaves(400)
    signer.sign()
    with roles.as_owner():
        with tampered() as found:
            assert found == []
        for name, statements, expected in CASES:
            with tampered(*statements) as found:
                assert found[0].startswith(expected), (name, found[:3])
        for name, statements, tables, expected in DEEPER:
            with tampered(*statements, tables=tables) as found:
                assert found[0].startswith(expected), (name, found[:3])
    assert list(fsck.findings(log_only=True)) == []


@pytest.mark.django_db(transaction=True)
def test_rows_that_say_something_else_than_their_leaves_are_found(signer: Signer) -> None:
    case = panel.deliberating()
    meeting = panel.open_meeting(case)
    panel.decided(meeting, case.applications[1], "approve")
    item = panel.voting(meeting, case.applications[0])
    panel.vote(item, dict.fromkeys(case.seats[:3], "approve"))
    signer.sign()
    changes = {
        "committees_vote": ("UPDATE committees_vote SET choice = 'reject'", "shows another “choice”"),
        "committees_score": ("UPDATE committees_score SET points = 5 - points % 4", "shows other points"),
        "committees_score ": ("UPDATE committees_score SET sentence = sentence || '.'", "shows other sentences"),
        "committees_decision": ("UPDATE committees_decision SET advice = 'لا شيء'", "shows another “advice”"),
        "grants_feedback": ("UPDATE grants_feedback SET strengths = strengths || '.'", "shows another “strengths”"),
        "committees_conflictdeclaration": (
            "UPDATE committees_conflictdeclaration SET explanation = 'x'", "shows another “explanation”",
        ),
        "committees_seat": ("UPDATE committees_seat SET voting = NOT voting", "shows another “voting”"),
        "audit_recordedevent": (
            "UPDATE audit_recordedevent SET actor_id = NULL WHERE type = 'committees.vote.cast'", "says something else (actor_ref)",
        ),
        "audit_opening": ("UPDATE audit_opening SET record = record || ' '", "its record is not the one it commits to"),
    }  # fmt: skip
    with roles.as_owner():
        with tampered() as found:
            assert found == []
        for table, (statement, expected) in changes.items():
            with tampered(statement, tables=(table.strip(),)) as found:
                assert found, table
                assert expected in found[0], (table, found[:3])
                assert "epoch 1, index " in found[0]


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_and_fails(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    leaves(3)
    signer.sign()
    out = io.StringIO()
    call_command("fsck", "--log", stdout=out)
    assert out.getvalue() == "no findings: the log is whole\n"
    monkeypatch.setattr(fsck_tree, "_note_is_wrong", lambda *_: "it is not")
    with pytest.raises(CommandError, match="1 findings"):
        call_command("fsck", "--log", stdout=out)


@pytest.mark.django_db
def test_a_log_that_went_on_in_a_new_epoch_is_whole(signer: Signer) -> None:
    leaves(600)
    first = signer.sign()
    assert first is not None
    note = SignedNote.parse(first.note)
    fork = Checkpoint(ORIGIN, 700, b"r" * 32).text
    signer.memory.remember(SignedNote(fork, (signer.keys[0].named(ORIGIN).sign(fork),)), at=1)
    leaves(250)
    with pytest.raises(rollback.NotSigned) as caught:
        signer.sign()
    people = accounts.officer("fund_manager"), accounts.officer("auditor")
    restart.confirm(
        restart.propose(caught.value.alarm, actor=people[0], reason="restored"), actor=people[1], reason="yes"
    )
    signer.sign()
    assert SignedNote.parse(first.note) == note
    # The full tile 2 of the first epoch covers leaves that moved to the second one.
    assert LogTile.objects.filter(epoch_id=1).count() == 3
    assert list(fsck.findings(log_only=True)) == []
    assert Leaf.objects.filter(seq__isnull=True).count() == 0
