"""What can be erased of a person across the house, what stays as a role, and that the log is whole afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from accounts.services import offices
from audit import erasure, fsck, merkle, receipts
from audit.models import Leaf, Opening, RecordedEvent
from audit.proofs import Tree
from committees.rules import facts
from committees.services import conflicts
from tests.factories import accounts as people
from tests.factories import committees as committee
from tests.factories import funds, grants
from tests.factories.sealing import seal

pytestmark = pytest.mark.django_db


def kinds(person: Any) -> set[str]:
    return {event.type for event in erasure.records_about(person)}


def erase(person: Any) -> list[Leaf]:
    leaves = [event.leaf for event in erasure.records_about(person)]
    act = erasure.propose(person, leaves, ground="danger", reason="خطر", actor=people.administrator())
    erasure.carry_out(act, actor=people.officer(Role.FUND_MANAGER))
    return leaves


def test_a_member_a_representative_and_an_organisations_person(tmp_path: Path) -> None:
    case = committee.opened()
    holder, other = case.seats[:2]
    member, application = holder.user, case.applications[0]
    conflicts.declare(
        holder, application, kind="hard", ground="family", explanation="ابن عمي يدير المنظمة", actor=member
    )
    committee.declare(other, application)
    successor = people.user()
    offices.appoint(
        successor, Role.BOARD_MEMBER, starts_on=timezone.localdate(), actor=people.administrator(),
        reason=f"خلفاً لـ {member.full_name} بعد استقالته",
    )  # fmt: skip
    donor = funds.donor()
    representative = funds.representative(donor)
    signatory = grants.signatory(application.organisation)
    before = seal(tmp_path)
    assert kinds(member) >= {
        "committees.seat.filled", "committees.conflict.declared", "committees.recusal.recorded", "accounts.appointment.made",
    }  # fmt: skip
    assert "funds.representative.added" in kinds(representative)
    assert any(kind.startswith("organisations.") for kind in kinds(signatory))
    kept = receipts.receipt(Leaf.objects.get(event__subject_id=application.pk, kind="grants.application.submitted"))
    gone = [leaf for person in (member, representative, signatory) for leaf in erase(person)]
    assert len(gone) > 5
    for word in (member.full_name, member.email, representative.email, str(signatory.pk), "ابن عمي"):
        left = [one for one in Opening.objects.exclude(leaf__kind__startswith="audit.") if word in record(one)]
        assert left == [], word
    # What stays is the role: the seat, that it was recused, by which pseudonym.
    holder.refresh_from_db()
    assert holder.state == "filled"
    assert facts.is_recused(member, application)
    acts = RecordedEvent.objects.filter(leaf__in=gone)
    assert {one.type for one in acts} >= {"committees.conflict.declared", "funds.representative.added"}
    assert all(json.loads(bytes(one.leaf.body))["actor_ref"] for one in acts)
    # Another member's declaration on the same application is untouched.
    assert Opening.objects.filter(leaf__event__type="committees.conflict.declared").count() == 1
    after = seal(tmp_path)
    tree = Tree(1)
    path = tree.consistency(before.size, after.size)
    assert merkle.verify_consistency(before.size, bytes(before.root), after.size, bytes(after.root), path)
    assert str(kept).split("\n")[1].startswith("extra ")
    assert list(fsck.findings(log_only=True)) == []


def record(opening: Opening) -> str:
    return bytes(opening.record).decode()
