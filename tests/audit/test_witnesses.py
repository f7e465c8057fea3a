"""Witnesses: registered by people, asked by the log, and what they signed shown with its age and quorum."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import notes, tasks
from audit.merkle import EMPTY_ROOT
from audit.models import LogCheckpoint, LogCosignature, LogWitness, RecordedEvent
from audit.sequencer import current_epoch
from audit.witnesses import asking, registry, standing
from kernel.permissions import Refused
from poolfund.demo import witnesses as demo_witnesses
from tests.factories import accounts as people
from tests.factories.log import leaves
from tests.factories.sealing import cosign, seal, witness_key, witnesses
from tests.factories.tlog import tool, witness_process

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("real")
    (made / "vkeys").write_text(tool("fund_witness.py", made / "witness", "new", "real.example").stdout)
    return made


def real(folder: Path, tmp_path: Path, checkpoint: LogCheckpoint, url: str = "http://127.0.0.1:1") -> LogWitness:
    """The stand-alone witness, trusting this log, registered with its Ed25519 key."""
    shutil.copytree(folder, tmp_path / "real")
    vkeys = [key.verifier_key for key in checkpoint.epoch.keys.all()]
    assert tool("fund_witness.py", tmp_path / "real/witness", "trust", *vkeys).returncode == 0
    vkey = (folder / "vkeys").read_text().split()[0]
    return registry.register(
        name="real", group="donors", verifier_key=vkey, url=url, actor=people.officer("administrator")
    )


def test_a_real_witness_signs_grown_logs_and_is_remembered(folder: Path, tmp_path: Path) -> None:
    leaves(300)
    first = seal(tmp_path)
    witness = real(folder, tmp_path, first)
    with witness_process(tmp_path / "real/witness") as url:
        LogWitness.objects.filter(pk=witness.pk).update(url=url)
        tasks.ask_witness(str(witness.pk))
        leaves(50)
        second = seal(tmp_path)
        assert asking.to_ask() == [witness]
        tasks.ask_witness(str(witness.pk))
        assert asking.to_ask() == []
        assert list(asking.seen_by(second.epoch)) == [(witness, second.size, bytes(second.root))]
        # A lost answer: the witness is ahead of what is known here, and says so.
        leaves(50)
        third = seal(tmp_path)
        ahead = tmp_path / "ahead.txt"
        ahead.write_text(asking.request(third, old=second.size))
        assert tool("fund_witness.py", tmp_path / "real/witness", "sign", ahead, tmp_path / "lost.txt").returncode == 0
        tasks.ask_witness(str(witness.pk))
    assert set(LogCosignature.objects.values_list("checkpoint", "witness")) == {
        (one.pk, witness.pk) for one in (first, second, third)
    }
    witness.refresh_from_db()
    assert (witness.last_size, bytes(witness.last_root), witness.failures) == (third.size, bytes(third.root), 0)


def test_a_witness_refuses_a_log_that_was_rolled_back_and_the_signer_learns_of_it(folder: Path, tmp_path: Path) -> None:
    leaves(20)
    now = seal(tmp_path)
    witness = real(folder, tmp_path, now)
    with witness_process(tmp_path / "real/witness") as url:
        LogWitness.objects.filter(pk=witness.pk).update(url=url)
        # What it signed lies in the future of this database, as after a restore.
        tree = notes.Checkpoint(now.epoch.origin, now.size + 5, EMPTY_ROOT)
        from tests.factories.tlog import key

        keys = [
            key("poolfund.example", kind).named(now.epoch.origin) for kind in (notes.ED25519, notes.COSIGNATURE_MLDSA44)
        ]
        later = notes.signed(tree.text, keys, timestamp=1)
        request = tmp_path / "later.txt"
        request.write_text(f"old 0\n\n{later.serialise()}")
        assert tool("fund_witness.py", tmp_path / "real/witness", "sign", request, tmp_path / "x").returncode == 0
        witness.refresh_from_db()
        assert asking.ask(witness) is False
        witness.refresh_from_db()
        assert "it has seen" in witness.last_error
        LogWitness.objects.update(not_before=None)
        assert list(asking.seen_by(now.epoch)) == [(witness, now.size + 5, EMPTY_ROOT)]


def test_one_that_is_away_waits_longer_each_time_and_delays_nobody(tmp_path: Path) -> None:
    leaves(1)
    seal(tmp_path)
    first, *others = witnesses(url="http://127.0.0.1:9")
    for failures in (1, 2, 3):
        first.refresh_from_db()
        assert asking.ask(first) is False
        first.refresh_from_db()
        assert first.failures == failures
        assert first.not_before - timezone.now() > timedelta(minutes=2 ** (failures - 1) - 0.1)
    assert asking.to_ask() == others
    with time_machine.travel(timezone.now() + timedelta(hours=7)):
        assert asking.to_ask() == [first, *others]


@pytest.mark.parametrize(
    ("status", "kind", "text"),
    [
        (200, "text/plain", "hello\n"),
        (200, "text/plain", "— stranger.example AAAAAAAA\n"),
        (409, "text/plain", "3\n"),
        (409, "text/x.tlog.size", "three\n"),
        (409, "text/x.tlog.size", "999999\n"),
        (302, "text/plain", ""),
        (500, "text/plain", "x" * 100_000),
    ],
)
def test_nothing_that_a_witness_answers_does_harm(
    tmp_path: Path, monkeypatch: Any, status: int, kind: str, text: str
) -> None:
    from audit.witnesses import protocol

    leaves(3)
    seal(tmp_path)
    one = witnesses(url="http://127.0.0.1:9")[0]
    monkeypatch.setattr(protocol, "add_checkpoint", lambda *_: protocol.Answer(status, kind, text))
    assert asking.ask(one) is False
    one.refresh_from_db()
    assert (one.failures, LogCosignature.objects.count()) == (1, 0)


def test_what_comes_by_itself_is_kept_only_with_a_registered_signature(tmp_path: Path) -> None:
    leaves(3)
    checkpoint = seal(tmp_path)
    note = notes.SignedNote.parse(checkpoint.note)
    for text in (
        "nonsense",
        checkpoint.note,
        notes.SignedNote(note.text, (witness_key("stranger.example").sign(note.text, timestamp=1),)).serialise(),
    ):
        with pytest.raises(Refused):
            asking.accept(text)
    witnesses()
    other = notes.Checkpoint(checkpoint.epoch.origin, checkpoint.size, bytes(32)).text
    wrong = witness_key("donor.example").sign(other, timestamp=1)
    for text in (notes.SignedNote(other, (wrong,)).serialise(), notes.SignedNote(note.text, (wrong,)).serialise()):
        with pytest.raises(Refused):
            asking.accept(text)
    assert len(cosign(checkpoint, "donor.example")) == 1
    cosign(checkpoint, "donor.example", at=1_900_000_000)
    assert LogCosignature.objects.get().timestamp == 1_800_000_000


def test_a_quorum_is_what_the_charter_says(tmp_path: Path) -> None:
    leaves(3)
    checkpoint = seal(tmp_path)
    assert standing.witnessed() is None  # the default charter asks for a donor and two networks, and nobody is there
    witnesses()
    for names, met in (
        (["donor.example"], False),
        (["network1.example"], False),
        (["network2.example"], True),
    ):
        cosign(checkpoint, *names)
        assert (standing.witnessed() == checkpoint) is met
    leaves(3)
    newer = seal(tmp_path)
    now = standing.standing()
    assert (now.newest, now.witnessed) == (newer, checkpoint)
    assert [(group.needed, group.signed, group.met) for group in now.groups] == [(1, 1, True), (2, 2, True)]
    assert now.age >= timedelta(0)


def test_a_retired_witness_is_known_but_no_longer_counts(tmp_path: Path) -> None:
    leaves(3)
    checkpoint = seal(tmp_path)
    donor, *_others = witnesses()
    cosign(checkpoint)
    assert standing.witnessed() == checkpoint
    registry.retire(donor, actor=people.officer("administrator"), reason="it moved")
    assert standing.witnessed() is None
    assert f"witness donor.example {donor.verifier_key}\n" in standing.policy().text()
    assert "group donors 1\n" in standing.policy().text()
    assert asking.to_ask() == []


def test_registering_is_recorded_and_only_for_administrators() -> None:
    key = str(witness_key("w.example").verifier)
    with pytest.raises(Refused):
        registry.register(name="w", group="donors", verifier_key=key, url="", actor=people.officer("auditor"))
    actor = people.officer("administrator")
    made = registry.register(name="w", group="donors", verifier_key=f" {key}\n", url="", actor=actor)
    assert RecordedEvent.objects.filter(subject_id=made.pk, type="audit.witness.registered", actor=actor).exists()
    for wrong in (key, "nonsense", str(current_key())):
        with pytest.raises(Refused):
            registry.register(name="w", group="donors", verifier_key=wrong, url="", actor=actor)


def current_key() -> notes.VerifierKey:
    return notes.SigningKey(current_epoch().origin, notes.ED25519, bytes(32)).verifier


def test_cron_hands_in_over_http(client: Client, tmp_path: Path) -> None:
    leaves(3)
    checkpoint = seal(tmp_path)
    witnesses()
    text = notes.SignedNote.parse(checkpoint.note).text
    good = notes.SignedNote(text, (witness_key("donor.example").sign(text, timestamp=5),)).serialise()
    url = reverse("audit:cosignatures")

    def post(body: bytes) -> int:
        return client.post(url, body, content_type="text/plain").status_code

    assert [post(b"x"), post(b"\xff"), post(b"x" * 2_000_000), post(good.encode())] == [422, 400, 413, 200]
    assert client.get(reverse("audit:checkpoint")).content.decode().count("donor.example") == 1
    assert client.get(url).status_code == 405


def test_the_demonstration_shows_a_log_that_was_witnessed(tmp_path: Path) -> None:
    person = people.user(email="administrator@demo.example")
    people.appointment(person, "administrator")
    assert demo_witnesses.cosign() == []
    demo_witnesses.register()
    checkpoint = seal(tmp_path)
    assert len(demo_witnesses.cosign()) == 3
    assert standing.witnessed() == checkpoint
