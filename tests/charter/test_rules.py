"""The truth table of the charter's rules: each act, each kind of person."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit import events as recorded
from audit import rules as asked
from charter import events
from charter.models import CharterVersion, Network, NetworkRepresentative
from tests.factories import accounts
from tests.factories import charter as make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SHA = "0" * 64
WRITE = {"fund_manager", "administrator", "administrator_idle"}
ADMIN = {"administrator"}
NOBODY: set[str] = set()

TABLE = [
    (events.CharterDrafted(number=1), WRITE),
    (events.CharterRevised(number=1, rules_sha256=SHA), WRITE),
    (events.CharterProposed(number=1, rules_sha256=SHA), WRITE),
    (events.CharterWithdrawn(number=1), WRITE | {"system"}),
    (events.CharterRatified(number=1, consenting=3, networks=3), {"system"}),
    (events.CharterSuperseded(number=1, by=2), {"system"}),
    (events.NetworkJoined(joined_on=TODAY), ADMIN),
    (events.NetworkLeft(left_on=TODAY), ADMIN),
    (events.MandateEnded(person=uuid.uuid4(), ends_on=TODAY), ADMIN),
    (events.HolidayAdded(day=TODAY), ADMIN),
    (events.HolidayRemoved(day=TODAY), ADMIN),
]


def person(kind: str) -> User | None:
    """Somebody of ``kind``; an idle administrator has no staff session open."""
    if kind == "system":
        return None
    if kind == "applicant":
        return accounts.user()
    if kind == "representative":
        return make.network()[1]
    if kind == "administrator":
        return accounts.administrator()
    if kind == "administrator_idle":
        return accounts.officer(Role.ADMINISTRATOR)
    return accounts.officer(kind)


KINDS = ["system", "applicant", "representative", "administrator_idle", *Role.values]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("event", "allowed"), TABLE, ids=[type(event).__name__ for event, _allowed in TABLE])
def test_who_may(event: recorded.Event, allowed: set[str], kind: str) -> None:
    answer = asked.ask(CharterVersion(), event, actor=person(kind))
    assert bool(answer) is (kind in allowed)
    assert answer or str(answer.reason)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_give_a_mandate(kind: str) -> None:
    mandate = NetworkRepresentative(network=Network(), user=accounts.user(), starts_on=TODAY)
    event = events.MandateGiven(person=mandate.user.pk, starts_on=TODAY)
    assert bool(asked.ask(mandate, event, actor=person(kind))) is (kind == "administrator")


@pytest.mark.parametrize("role", [Role.FUND_MANAGER, Role.ADMINISTRATOR])
def test_who_writes_gets_no_mandate(role: Role) -> None:
    mandate = NetworkRepresentative(network=Network(), user=accounts.officer(role), starts_on=TODAY)
    event = events.MandateGiven(person=mandate.user.pk, starts_on=TODAY)
    answer: Any = asked.ask(mandate, event, actor=accounts.administrator())
    assert not answer
