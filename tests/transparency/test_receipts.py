"""Who takes which receipt home, and that the stand-alone verifier accepts it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import events, holders, receipts
from audit.models import Leaf, RecordedEvent
from audit.witnesses import standing
from committees.states import VoteChoice
from tests.factories import accounts as people
from tests.factories import committees as committee
from tests.factories import disbursements, funds, grants
from tests.factories.sealing import cosign, seal, witnesses
from tests.factories.tlog import tool
from transparency.holders import audited_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


def last(kind: str, **which: Any) -> RecordedEvent:
    return RecordedEvent.objects.filter(type=kind, **which).order_by("-leaf_id")[0]


def address(name: str, event: RecordedEvent) -> str:
    return reverse(f"audit:{name}", args=[bytes(event.leaf.leaf_hash).hex()])


def receipt_code(event: RecordedEvent) -> str:
    return str(json.loads(bytes(event.leaf.opening.record))["event"]["receipt"])


def statuses(event: RecordedEvent, *users: Any) -> list[int]:
    answers = []
    for user in users:
        client = Client()
        if user is not None:
            people.sign_in(client, user)
        answers.append(client.get(address("promise", event)).status_code)
    return answers


def test_an_applicant_proves_submission_and_decision_without_trusting_the_fund(client: Client, tmp_path: Path) -> None:
    witnesses()
    application = grants.submitted_application()
    signatory = grants.signatory(application.organisation)
    submitted = last("grants.application.submitted", subject_id=application.pk)
    people.sign_in(client, signatory)
    before = client.get(address("proof", submitted)).content.decode()
    assert client.get(address("receipt", submitted)).status_code == 404  # nothing is sealed yet
    promise = client.get(address("promise", submitted)).content
    cosign(seal(tmp_path))
    answer = client.get(address("receipt", submitted))
    assert answer["Content-Disposition"].endswith('.tlog-proof"')
    assert answer["Cache-Control"] == "private, no-store"
    page = client.get(address("proof", submitted)).content.decode()
    assert "Take it home" not in before or "Download the receipt" not in before
    assert reverse("audit:receipt", args=[bytes(submitted.leaf.leaf_hash).hex()]) in page
    files = {"receipt": answer.content, "promise": promise, "policy": standing.policy().text().encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    proved = tool("verify_receipt.py", "proof", tmp_path / "receipt", tmp_path / "policy")
    assert proved.returncode == 0, proved.stderr
    assert f"object: grants.application/{application.pk}" in proved.stdout
    assert f'"receipt": "{receipt_code(submitted)}"' in proved.stdout
    promised = tool("verify_receipt.py", "promise", tmp_path / "promise", tmp_path / "policy")
    assert (promised.returncode, bytes(submitted.leaf.leaf_hash).hex() in promised.stdout) == (0, True)


def test_before_enough_witnesses_signed_the_verifier_says_so(tmp_path: Path) -> None:
    witnesses()
    application = grants.submitted_application()
    event = last("grants.application.submitted", subject_id=application.pk)
    cosign(seal(tmp_path), "donor.example")
    assert not receipts.is_witnessed(Leaf.objects.get(pk=event.leaf_id))
    (tmp_path / "receipt").write_text(receipts.receipt(Leaf.objects.get(pk=event.leaf_id)))
    (tmp_path / "policy").write_text(standing.policy().text())
    answer = tool("verify_receipt.py", "proof", tmp_path / "receipt", tmp_path / "policy")
    assert (answer.returncode, answer.stderr) == (1, "REFUSED: too few witnesses: donor.example signed\n")


def test_an_application_is_its_organisations(tmp_path: Path) -> None:
    application = grants.submitted_application()
    event = last("grants.application.submitted", subject_id=application.pk)
    colleague = grants.preparer(application.organisation)
    other = grants.signatory(grants.submitted_application(application.call).organisation)
    who = [grants.signatory(application.organisation), colleague, people.officer(Role.AUDITOR), other]
    assert statuses(event, *who, people.officer(Role.BOARD_MEMBER), None) == [200, 200, 200, 404, 404, 302]


def test_a_vote_and_a_score_are_their_authors_alone() -> None:
    case = committee.deliberating()
    meeting = committee.open_meeting(case)
    application = case.applications[0]
    item = committee.voting(meeting, application)
    committee.vote(item, dict.fromkeys(case.seats[:3], VoteChoice.APPROVE))
    auditor, applicant = people.officer(Role.AUDITOR), grants.signatory(application.organisation)
    for kind in ("committees.vote.cast", "committees.scorecard.submitted"):
        event = last(kind)
        others = [seat.user for seat in case.seats if seat.user_id != event.actor_id]
        assert statuses(event, event.actor, auditor, applicant, committee.presiding(item)) == [
            200, 404, 404, 200 if committee.presiding(item).pk == event.actor_id else 404,
        ]  # fmt: skip
        assert statuses(event, *others[:2]) == [404, 404]
        assert holders.grounds_of(kind) == ()


def test_nobody_holds_what_was_said_about_conflicts_or_readers() -> None:
    kinds = events.registered()
    private = [
        kind
        for kind in kinds
        if kind.startswith(
            (
                "committees.vote",
                "committees.scorecard",
                "committees.conflict",
                "committees.recusal",
                "accounts.",
                "grants.review_access",
                "committees.assignment",
                "charter.ratification",
            )
        )
    ]
    assert len(private) > 10
    assert [kind for kind in private if holders.grounds_of(kind) or kind in audited_kinds()] == []


def test_a_partner_takes_the_payment_and_a_donor_the_contribution() -> None:
    payment = disbursements.confirmed_payment()
    sent = last("disbursements.payment.sent", subject_id=payment.pk)
    partner = grants.signatory(payment.tranche.grant.organisation)
    stranger = grants.signatory(grants.submitted_application().organisation)
    assert statuses(sent, partner, stranger, people.officer(Role.AUDITOR)) == [200, 404, 200]
    contribution = funds.confirmed_contribution()
    confirmed = last("funds.contribution.confirmed", subject_id=contribution.pk)
    donor = funds.representative(contribution.donor)
    assert statuses(confirmed, donor, funds.representative(funds.donor()), partner) == [200, 404, 404]


def test_an_auditor_reads_what_is_audited_and_others_do_not(client: Client, tmp_path: Path) -> None:
    grants.submitted_application()
    seal(tmp_path)
    people.sign_in(client, people.officer(Role.AUDITOR))
    page = client.get(reverse("audit:record"), {"kind": "grants"}).content.decode()
    assert receipt_code(last("grants.application.submitted")) in page
    assert address("proof", last("grants.application.submitted")) in page
    assert "committees.vote" not in page
    # Of the log's new keys only the beginning is read out.
    assert not re.search(r"[A-Za-z0-9+/]{200}", client.get(reverse("audit:record"), {"kind": "audit"}).content.decode())
    people.sign_in(client, people.officer(Role.BOARD_MEMBER))
    assert client.get(reverse("audit:record")).status_code == 403


def test_addresses_of_leaves_that_are_none(client: Client) -> None:
    people.sign_in(client, people.user())
    for leaf in ("0" * 64, "0" * 63, "G" * 64, "٣" * 64, "0" * 64 + "0"):
        for name in ("proof", "receipt", "promise"):
            assert client.get(reverse(f"audit:{name}", args=[leaf])).status_code == 404
