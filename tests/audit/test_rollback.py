"""The signer refuses a tree that is not the published one; two people begin a new epoch; a real restore is one."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from audit import log, merkle, notes, publication, restart, rollback, sequencer, walls
from audit.models import Leaf, LogAlarm, LogCheckpoint, LogEpoch, LogKey, LogRestart, Opening
from audit.notes import Checkpoint, SignedNote, SigningKey, VerifierKey
from audit.proofs import Tree
from audit.rollback import MemoryLost, NotSigned, Seen
from audit.states import AlarmKind
from kernel import identity
from kernel.permissions import Refused
from organisations.models import BankAccount
from poolfund import embedded
from poolfund.database.testing import TestDatabases
from tests.audit.conftest import Signer
from tests.factories import accounts, organisations
from tests.factories.log import leaves

pytestmark = [pytest.mark.django_db, pytest.mark.waits]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


FIRST, SECOND = "poolfund.example/1", "poolfund.example/2"


def remember(signer: Signer, size: int, root: bytes, origin: str = FIRST) -> None:
    """Let the signer have signed this before."""
    note = notes.signed(Checkpoint(origin, size, root).text, [signer.keys[0].named(origin)], timestamp=1)
    signer.memory.remember(note, at=1)


def refusal(signer: Signer) -> LogAlarm:
    with pytest.raises(NotSigned) as caught:
        signer.sign()
    return caught.value.alarm


def test_a_shorter_tree_is_not_signed(signer: Signer) -> None:
    leaves(10)
    signer.sign()
    remember(signer, 100, b"r" * 32)
    leaves(5)
    alarm = refusal(signer)
    assert (alarm.kind, alarm.source, alarm.seen_size, alarm.own_size, alarm.agreed_size) == (
        AlarmKind.SMALLER, "memory", 100, 17, 12,
    )  # fmt: skip
    assert LogCheckpoint.objects.count() == 1
    assert refusal(signer) == alarm, "the same reason is one alarm"


def test_another_tree_of_the_same_size_is_not_signed(signer: Signer) -> None:
    leaves(10)
    signer.sign()
    remember(signer, 12, b"r" * 32)
    alarm = refusal(signer)
    assert (alarm.kind, alarm.seen_root, alarm.agreed_size) == (AlarmKind.DIFFERENT, b"r" * 32, 12)


def test_an_epoch_that_the_database_does_not_know_stops_the_signer(signer: Signer) -> None:
    leaves(10)
    signer.sign()
    remember(signer, 3, b"r" * 32, origin="poolfund.example/4")
    alarm = refusal(signer)
    assert (alarm.kind, alarm.seen_origin) == (AlarmKind.LATER_EPOCH, "poolfund.example/4")


def test_what_others_saw_counts_as_much(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    leaves(10)
    signer.sign()
    seen = [Seen("a witness", 12, Tree(1).root(12)), Seen("another witness", 7)]
    monkeypatch.setattr(rollback, "_views", [lambda epoch: seen])
    leaves(1)
    assert signer.sign() is not None
    seen.append(Seen("a third one", 1_000))
    assert refusal(signer).source == "a third one"


def test_a_lost_memory_stops_the_signer_until_it_is_begun_anew(signer: Signer) -> None:
    leaves(10)
    signer.sign()
    signer.memory.path.unlink()
    leaves(1)
    with pytest.raises(MemoryLost, match="log_memory begin"):
        signer.sign()
    call_command("log_memory", "begin")
    assert [line.checkpoint.size for line in signer.memory.lines()] == [12]
    assert signer.sign() is not None
    with pytest.raises(CommandError, match="is there"):
        call_command("log_memory", "begin")
    call_command("log_memory", "show")


def test_a_memory_is_not_begun_against_a_witness(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    leaves(10)
    signer.sign()
    signer.memory.path.unlink()
    monkeypatch.setattr(rollback, "_views", [lambda epoch: [Seen("a witness", 500)]])
    with pytest.raises(CommandError, match="a witness saw 500 leaves"):
        call_command("log_memory", "begin")
    assert not signer.memory.path.exists()


@pytest.fixture
def people() -> tuple[User, User]:
    return accounts.officer(Role.FUND_MANAGER), accounts.officer(Role.AUDITOR)


def rolled_back(signer: Signer) -> LogAlarm:
    """A log whose published tree had 100 leaves; this database agrees up to its first checkpoint and went on."""
    leaves(10)
    signer.sign()
    remember(signer, 100, b"r" * 32)
    leaves(5)
    return refusal(signer)


def test_two_people_begin_a_new_epoch(signer: Signer, people: tuple[User, User]) -> None:
    leaves(10 - Leaf.objects.count() % 10)
    alarm = rolled_back(signer)
    agreed, own = alarm.agreed_size, alarm.own_size
    carried = [bytes(leaf.leaf_hash) for leaf in Leaf.objects.filter(seq__gte=agreed).order_by("seq")]
    proposal = restart.propose(alarm, actor=people[0], reason="restored from the backup of noon", lost=["ab" * 32])
    with pytest.raises(Refused, match="yourself"):
        restart.confirm(proposal, actor=people[0], reason="yes")
    with pytest.raises(Refused):
        restart.confirm(proposal, actor=accounts.officer(Role.FINANCE_OFFICER), reason="yes")
    refusal(signer)
    epoch = restart.confirm(proposal, actor=people[1], reason="I was there")
    assert (epoch.number, epoch.origin, epoch.previous_size) == (2, SECOND, agreed)

    checkpoint = signer.sign()
    assert checkpoint is not None
    said = Checkpoint.parse(SignedNote.parse(checkpoint.note).text)
    assert said.origin == SECOND
    keys = [VerifierKey.parse(key.verifier_key) for key in LogKey.objects.filter(epoch=epoch, state="active")]
    assert SignedNote.parse(checkpoint.note).opened_by(keys) == keys
    assert Tree(1).size() == agreed, "what was published stays where it was"
    first, *others = Leaf.objects.filter(epoch=epoch).order_by("seq")
    assert first == epoch.first_leaf
    assert [bytes(leaf.leaf_hash) for leaf in others[: own - agreed]] == carried
    assert [leaf.seq for leaf in (first, *others)] == list(range(said.size))
    assert said.root == merkle.root([bytes(leaf.leaf_hash) for leaf in (first, *others)])
    record = log.opened(Opening.objects.get(leaf=first))["event"]
    assert Checkpoint.parse(SignedNote.parse(record["previous_note"]).text).size == 100
    assert (record["seen_size"], record["agreed_size"], record["lost"]) == (100, agreed, ["ab" * 32])
    leaves(3)
    assert signer.sign() is not None


def test_a_new_epoch_has_its_own_address_and_the_old_one_stays(
    signer: Signer, people: tuple[User, User], client: Any
) -> None:
    alarm = rolled_back(signer)
    old = client.get("/log/checkpoint").content
    restart.confirm(restart.propose(alarm, actor=people[0], reason="restored"), actor=people[1], reason="yes")
    signer.sign()
    assert client.get("/log/1/checkpoint").content == old
    assert client.get("/log/checkpoint").content == client.get("/log/2/checkpoint").content != old
    assert client.get("/log/tile/0/000.p/2").headers["Location"] == "/log/2/tile/0/000.p/2"
    size = publication.newest_checkpoint().size
    path = client.get(f"/log/2/tile/0/000.p/{size}").content
    assert merkle.root([path[at : at + 32] for at in range(0, len(path), 32)]) == Tree(2).root(size)


def test_a_proposal_can_be_taken_back(signer: Signer, people: tuple[User, User]) -> None:
    alarm = rolled_back(signer)
    proposal = restart.propose(alarm, actor=people[0], reason="restored")
    assert restart.open_alarm() == alarm
    restart.withdraw(proposal, actor=people[1], reason="the newer disk was found")
    with pytest.raises(Refused):
        restart.confirm(proposal, actor=people[1], reason="yes")
    again = restart.propose(alarm, actor=people[1], reason="it was not")
    restart.confirm(again, actor=people[0], reason="right")
    with pytest.raises(Refused, match="newer epoch"):
        restart.propose(alarm, actor=people[0], reason="once more")


@pytest.mark.parametrize("lost", [["AB" * 32], ["ab"], ["g" * 64], [""]])
def test_a_proposal_needs_a_reason_and_hashes(signer: Signer, people: tuple[User, User], lost: list[str]) -> None:
    alarm = rolled_back(signer)
    with pytest.raises(Refused, match="64"):
        restart.propose(alarm, actor=people[0], reason="restored", lost=lost)
    with pytest.raises(Refused, match="Say why"):
        restart.propose(alarm, actor=people[0], reason=" ")


def test_the_database_knows_no_epoch_without_two_people(signer: Signer, people: tuple[User, User]) -> None:
    alarm = rolled_back(signer)
    proposal = restart.propose(alarm, actor=people[0], reason="restored")
    leaf = Leaf.objects.order_by("-id").first()
    with pytest.raises(DatabaseError, match="acknowledged rollback"), transaction.atomic():
        LogEpoch.objects.create(number=2, origin=SECOND, previous_size=0, first_leaf=leaf)
    with pytest.raises(DatabaseError), transaction.atomic():
        LogRestart.objects.filter(pk=proposal.pk).update(state="confirmed", confirmed_by=people[1])


# A real backup ----------------------------------------------------------------------------------------------------------


def run(databases: TestDatabases, program: str, *arguments: str, user: str = "", refused: str = "") -> None:
    """Run a program of PostgreSQL as ``user`` (its administrator); it does its work, or is ``refused`` with these words."""
    conninfo = psycopg.conninfo.conninfo_to_dict(databases.administrator(settings.DATABASES["default"]["NAME"]))
    environ = os.environ | {
        "PGHOST": str(conninfo["host"]), "PGPORT": str(conninfo["port"]), "PGUSER": user or str(conninfo["user"]),
    }  # fmt: skip
    path = settings.EMBEDDED_SERVER.programs / program if settings.EMBEDDED_SERVER else program
    result = subprocess.run(
        [str(path), *arguments], env=environ, capture_output=True, text=True, check=False, timeout=120
    )
    assert (result.returncode == 0) == (not refused), result.stderr
    assert refused in result.stderr


@pytest.fixture
def backup_role(databases: TestDatabases) -> Iterator[str]:
    """The role of `docs/how-to/restore-a-backup.md`, made with the words that stand there."""
    guide = (settings.BASE_DIR / "docs/how-to/restore-a-backup.md").read_text(encoding="utf-8")
    statements = re.findall(
        r"^(CREATE ROLE poolfund_backup.*?;)$.*?^(GRANT CONNECT.*?;)$", guide, re.DOTALL | re.MULTILINE
    )
    (words,) = statements
    role, name = f"backup_{os.getpid()}", settings.DATABASES["default"]["NAME"]
    with psycopg.connect(databases.administrator(), autocommit=True) as administrator:
        for statement in words:
            own = statement.replace("poolfund_backup", role).replace("DATABASE poolfund", f'DATABASE "{name}"')
            administrator.execute(own.encode())
        yield role
        administrator.execute(f'DROP OWNED BY "{role}"; DROP ROLE "{role}"'.encode())


@pytest.mark.django_db(transaction=True)
def test_a_database_restored_from_an_hour_ago_is_not_signed_until_two_people_acknowledge(
    signer: Signer, databases: TestDatabases, tmp_path: Path, backup_role: str
) -> None:
    name = settings.DATABASES["default"]["NAME"]
    organisations.verified_bank_account(organisations.eligible_organisation())
    walled = {model: model._default_manager.count() for model in walls.walled_models()}
    assert walled[BankAccount] == 1
    manager, auditor = accounts.officer(Role.FUND_MANAGER), accounts.officer(Role.AUDITOR)
    leaves(300)
    backed_up = signer.sign()
    assert backed_up is not None
    # Whom row-level security holds back makes no dump at all, rather than one without the walled rows.
    dump = ("pg_dump", "--format=custom", f"--file={tmp_path / 'backup'}", name)
    for role in (embedded.OWNER, embedded.APP):
        run(databases, *dump, user=role, refused="row-level security")
    run(databases, *dump, user=backup_role)

    leaves(50)
    lost = signer.sign()
    assert lost is not None
    published = publication.note_of(lost)
    gone = [bytes(hash_).hex() for hash_ in Leaf.objects.order_by("-seq").values_list("leaf_hash", flat=True)[:50]]

    connections.close_all()
    with psycopg.connect(databases.administrator(), autocommit=True) as administrator:
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
        embedded.create_database(administrator, name, owner=embedded.OWNER)
        administrator.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{embedded.APP}"'.encode())
    run(databases, "pg_restore", "--exit-on-error", f"--dbname={name}", str(tmp_path / "backup"))

    assert {model: model._default_manager.count() for model in walled} == walled
    assert list(walls.missing()) == []
    with identity.person(accounts.user().pk):
        assert BankAccount.objects.count() == 0

    # The fund went on, and the tree is as long as it was, with other leaves.
    accounts.officer(Role.FINANCE_OFFICER)
    Leaf.objects.bulk_create(
        Leaf(kind="a.b.c", body=b"new %d" % number, leaf_hash=merkle.leaf_hash(b"new %d" % number))
        for number in range(80)
    )
    alarm = refusal(signer)
    assert (alarm.kind, alarm.seen_size, alarm.agreed_size) == (AlarmKind.DIFFERENT, lost.size, backed_up.size)
    with pytest.raises(CommandError, match="two people acknowledge"):
        call_command("log_signer", "--once")
    proposal = restart.propose(alarm, actor=manager, reason="the disk of the server died", lost=gone)
    refusal(signer)
    restart.confirm(proposal, actor=auditor, reason="I saw the disk")
    checkpoint = signer.sign()
    assert checkpoint is not None
    assert checkpoint.epoch.origin == SECOND
    assert Tree(1).root(backed_up.size) == bytes(backed_up.root)
    record = log.opened(Opening.objects.get(leaf=checkpoint.epoch.first_leaf))["event"]
    assert SignedNote.parse(record["previous_note"]).text == SignedNote.parse(published).text
    assert record["lost"] == sorted(gone)


def test_a_key_of_the_fund_signs_under_its_own_name_only(signer: Signer) -> None:
    signer.sign()
    line = json.loads(signer.memory.path.read_text())
    assert line["signature"].startswith(f"— {FIRST} ")
    assert isinstance(signer.keys[0], SigningKey)
    assert sequencer.current_epoch().origin == FIRST
