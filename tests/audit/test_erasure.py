"""Destroying what the log says of a person: by two people, through one door, and nothing else breaks."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import erasure, fsck, merkle, receipts, selectors
from audit.models import Erasure, ErasureItem, Leaf, Opening
from audit.proofs import Tree
from kernel.permissions import Refused
from tests.factories import accounts as people
from tests.factories.sealing import seal

pytestmark = pytest.mark.django_db
WHY = "قد يعرّضه السجل للخطر"


@pytest.fixture
def person() -> Any:
    return people.officer(Role.TECHNICAL_REVIEWER)


def leaves_about(person: Any) -> list[Leaf]:
    return [event.leaf for event in erasure.records_about(person)]


def proposed(person: Any) -> Erasure:
    return erasure.propose(person, leaves_about(person), ground="danger", reason=WHY, actor=people.administrator())


def findings() -> list[str]:
    return [one for one in fsck.findings() if "record" in one]


def test_two_people_destroy_records_and_everything_else_stays(person: Any, tmp_path: Path, client: Client) -> None:
    before = seal(tmp_path)
    (leaf,) = leaves_about(person)
    leaf = Leaf.objects.get(pk=leaf.pk)
    kept = receipts.receipt(leaf)
    nonce, record = bytes(leaf.opening.nonce), bytes(leaf.opening.record)
    act = proposed(person)
    manager = people.officer(Role.FUND_MANAGER)
    assert Opening.objects.filter(leaf=leaf).exists()
    erasure.carry_out(act, actor=manager)
    assert not Opening.objects.filter(leaf=leaf).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_opening WHERE nonce = %s OR record = %s", [nonce, record])
        assert cursor.fetchone() == (0,)
    after = seal(tmp_path)
    tree = Tree(1)
    assert tree.root(before.size) == bytes(before.root)
    path = tree.consistency(before.size, after.size)
    assert merkle.verify_consistency(before.size, bytes(before.root), after.size, bytes(after.root), path)
    assert kept is not None
    assert nonce.hex() not in str(receipts.receipt(Leaf.objects.get(pk=leaf.pk)))
    assert findings() == []
    (entry,) = [
        one
        for one in selectors.timeline(*[_Subject(leaf.event.subject_id)])
        if one.proof == bytes(leaf.leaf_hash).hex()
    ]
    assert "مُحي" in entry.sentence or "erased" in entry.sentence
    page = client.get(reverse("audit:proof", args=[bytes(leaf.leaf_hash).hex()]))
    assert page.status_code == 200
    assert WHY not in page.content.decode()


class _Subject:
    def __init__(self, pk: Any) -> None:
        self.pk = pk


def test_never_by_one_person_or_about_oneself(person: Any) -> None:
    act = proposed(person)
    for actor in (people.administrator(), person, people.officer(Role.BOARD_MEMBER), None):
        with pytest.raises(Refused):
            erasure.carry_out(act, actor=actor)
    with pytest.raises(Refused):
        erasure.propose(
            person, leaves_about(person), ground="danger", reason=WHY, actor=people.officer(Role.FUND_MANAGER)
        )
    administrator = people.administrator()
    with pytest.raises(Refused):
        erasure.propose(
            administrator, leaves_about(administrator)[:1], ground="danger", reason=WHY, actor=administrator
        )
    assert Opening.objects.filter(leaf__in=leaves_about(person)).exists()
    withdrawn = erasure.withdraw(act, actor=people.administrator(), reason="ليس ضرورياً")
    with pytest.raises(Refused):
        erasure.carry_out(withdrawn, actor=people.officer(Role.FUND_MANAGER))


def test_only_records_about_the_person(person: Any) -> None:
    other = people.officer(Role.FINANCE_OFFICER)
    for leaves in ([], leaves_about(other), [*leaves_about(person), *leaves_about(other)]):
        with pytest.raises(Refused):
            erasure.propose(person, leaves, ground="request", reason=WHY, actor=people.administrator())
    erasure.carry_out(proposed(person), actor=people.officer(Role.AUDITOR))
    assert erasure.records_about(person) == []


def test_postgresql_knows_no_other_door(person: Any) -> None:
    act = proposed(person)
    leaf = ErasureItem.objects.get(erasure=act).leaf
    for statement in (
        "DELETE FROM audit_opening WHERE leaf_id = %(leaf)s",
        "UPDATE audit_opening SET nonce = ''::bytea WHERE leaf_id = %(leaf)s",
        "UPDATE audit_erasure SET state = 'carried_out', carried_out_by_id = proposed_by_id WHERE id = %(act)s",
        "DELETE FROM audit_erasureitem WHERE leaf_id = %(leaf)s",
        "TRUNCATE audit_opening CASCADE",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {"leaf": leaf.pk, "act": act.pk})
    done = erasure.carry_out(act, actor=people.officer(Role.FUND_MANAGER))
    other = leaves_about(people.officer(Role.FINANCE_OFFICER))[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        ErasureItem.objects.create(erasure=done, leaf=other)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        Opening.objects.filter(leaf=other).delete()
