"""The log's pages as people use them: what the public reads, and what administrators do with a second factor."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import erasure, notes, receipts
from audit.models import Erasure, Leaf, LogWitness, Opening
from audit.witnesses import standing
from tests.factories import accounts as people
from tests.factories.log import leaves
from tests.factories.sealing import cosign, seal, witness_key, witnesses

pytestmark = pytest.mark.django_db
KEY = str(witness_key("donor.example").verifier)


@pytest.mark.parametrize(("language", "word"), [("ar", "الشهود"), ("en", "Witnesses"), ("ku", "Şahid")])
def test_anybody_reads_in_three_languages_how_the_log_stands(
    client: Client, tmp_path: Path, language: str, word: str
) -> None:
    client.cookies["django_language"] = language
    assert word in client.get(reverse("audit:about")).content.decode()
    leaves(3)
    checkpoint = seal(tmp_path)
    witnesses()
    cosign(checkpoint)
    page = client.get(reverse("audit:about")).content.decode()
    for shown in (checkpoint.epoch.origin, "Witness of donor.example", "network2.example", KEY[-20:]):
        assert shown in page.replace("&#x3D;", "=")
    assert client.get(reverse("audit:verify")).status_code == 200
    assert client.get(reverse("audit:policy")).content.decode() == standing.policy().text()


def test_only_the_two_tools_are_given(client: Client) -> None:
    for name, status in (("verify_receipt.py", 200), ("fund_witness.py", 200), ("get_uv.py", 404), ("..", 404)):
        assert client.get(reverse("audit:tool", args=[name])).status_code == status


def test_an_administrator_registers_a_witness_and_exchanges_files(client: Client, tmp_path: Path) -> None:
    leaves(3)
    checkpoint = seal(tmp_path)
    administrator = people.administrator()
    new, listed = reverse("audit:witness_new"), reverse("audit:witness_list")
    people.sign_in(client, administrator)
    assert client.get(new).status_code == 302  # first the second factor
    people.sign_in(client, administrator, second_factor=True)
    wrong = {"name": "شاهد", "group": "donors", "verifier_key": "nonsense", "url": ""}
    assert "verifier_key" in client.post(new, wrong).context["form"].errors
    assert client.post(new, {**wrong, "verifier_key": KEY}).status_code == 302
    witness = LogWitness.objects.get()
    asked = client.get(reverse("audit:witness_request", args=[witness.pk]))
    assert asked.content.decode() == f"old 0\n\n{checkpoint.note}"
    text = notes.SignedNote.parse(checkpoint.note).text
    answer = notes.SignedNote(text, (witness_key("donor.example").sign(text, timestamp=7),)).serialise()

    def hand_in(content: bytes) -> int:
        return client.post(listed, {"file": SimpleUploadedFile("answer.txt", content)}).status_code

    assert [hand_in(b"nonsense"), hand_in(b"\xff"), hand_in(answer.encode())] == [200, 200, 302]
    assert witness.cosignatures.get().timestamp == 7
    retire = reverse("audit:witness_retire", args=[witness.pk])
    assert client.post(retire, {"reason": "انتقل إلى جهة أخرى"}).status_code == 302
    assert client.get(retire).status_code == 404


def test_others_administer_no_witnesses(client: Client) -> None:
    people.sign_in(client, people.officer(Role.FUND_MANAGER), second_factor=True)
    for name in ("witness_list", "witness_new"):
        assert client.get(reverse(f"audit:{name}")).status_code == 403


def test_one_proposes_an_erasure_and_another_carries_it_out(client: Client) -> None:
    person = people.officer(Role.TECHNICAL_REVIEWER)
    people.sign_in(client, people.administrator(), second_factor=True)
    assert reverse("audit:erasure_new", args=[person.pk]) in client.get(
        reverse("accounts:person_detail", args=[person.pk])
    ).content.decode() or not erasure.records_about(person)
    url = reverse("audit:erasure_new", args=[person.pk])
    chosen = [str(event.leaf_id) for event in erasure.records_about(person)]
    assert client.post(url, {"records": ["1"], "ground": "danger", "reason": "خطر"}).status_code == 200
    assert client.post(url, {"records": chosen, "ground": "danger", "reason": "خطر"}).status_code == 302
    act = Erasure.objects.get()
    decide = reverse("audit:erasure_decide", args=[act.pk])
    refused = client.post(decide, {"carry_out": "", "reason": "خطر"})
    assert (refused.status_code, Opening.objects.filter(leaf__in=chosen).count()) == (200, len(chosen))
    second = Client()
    people.sign_in(second, people.officer(Role.AUDITOR), second_factor=True)
    assert second.get(decide).status_code == 200
    assert second.post(decide, {"carry_out": "", "reason": "خطر"}).status_code == 302
    assert not Opening.objects.filter(leaf__in=chosen).exists()
    assert second.get(decide).status_code == 404
    assert person.full_name in second.get(reverse("audit:erasure_list")).content.decode()
    stranger = Client()
    people.sign_in(stranger, person, second_factor=True)
    assert stranger.get(decide).status_code == 403


def test_a_new_key_for_promises_signs_them(settings: Any, capsys: Any) -> None:
    call_command("promise_key")
    settings.LOG_PROMISE_KEYS = [capsys.readouterr().out.strip()]
    leaves(1)
    promise = notes.SignedNote.parse(str(receipts.promise(Leaf.objects.get())))
    keys = [notes.VerifierKey.parse(line) for line in standing.promise_keys()]
    assert promise.opened_by(keys) == keys
    settings.LOG_PROMISE_KEYS = []
    assert receipts.promise(Leaf.objects.get()) is None
