"""The truth table of the accounts' rules, and the rule that other apps build on."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts import events, rules, selectors, services
from accounts.models import Appointment, Invitation, StaffSession, User
from accounts.roles import Role
from audit import rules as asked
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
KINDS = ["system", "applicant", "administrator_idle", *Role.values]


def person(kind: str) -> User | None:
    """Somebody of ``kind``; an idle administrator has no staff session open."""
    make.administrator()
    if kind == "system":
        return None
    if kind == "applicant":
        return make.user()
    if kind == "administrator":
        return make.administrator()
    return make.officer(Role.ADMINISTRATOR if kind == "administrator_idle" else kind)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_appoint(kind: str) -> None:
    actor = person(kind)
    appointment = Appointment(user=make.user(), role=Role.TECHNICAL_REVIEWER, starts_on=TODAY, made_by=actor)
    event = events.AppointmentMade(role="technical_reviewer", holder=appointment.user.pk, starts_on=TODAY)
    assert bool(asked.ask(appointment, event, actor=actor)) is (kind == "administrator")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_end_an_office(kind: str) -> None:
    actor = person(kind)
    appointment = make.appointment(make.user(), Role.TECHNICAL_REVIEWER)
    event = events.AppointmentEnded(role="technical_reviewer", ends_on=TODAY)
    assert bool(asked.ask(appointment, event, actor=actor)) is (kind == "administrator")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_close_an_account(kind: str) -> None:
    actor, account = person(kind), make.user()
    for event in (events.AccountClosed(), events.AccountReopened()):
        assert bool(asked.ask(account, event, actor=actor)) is (kind == "administrator")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_open_a_staff_session(kind: str) -> None:
    actor = person(kind)
    session = StaffSession(user=actor or make.user(), reason="x", expires_at=timezone.now())
    answer = asked.ask(session, events.StaffSessionOpened(minutes=1), actor=actor)
    assert bool(answer) is (kind in {"administrator", "administrator_idle"})
    assert not asked.ask(StaffSession(user=make.user()), events.StaffSessionOpened(minutes=1), actor=actor)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_close_a_staff_session(kind: str) -> None:
    owner = make.administrator()
    session = StaffSession(user=owner)
    answer = asked.ask(session, events.StaffSessionClosed(), actor=person(kind))
    assert bool(answer) is (kind in {"system", "administrator"})


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_invite_to_an_office(kind: str) -> None:
    actor = person(kind)
    invitation = Invitation(email="x@people.example", purpose=rules.OFFICE, details={"role": "auditor"})
    for event in (events.InvitationSent(purpose=rules.OFFICE), events.InvitationWithdrawn(purpose=rules.OFFICE)):
        assert bool(asked.ask(invitation, event, actor=actor)) is (kind == "administrator")


@pytest.mark.parametrize(
    ("mine", "valid", "open_account", "allowed"),
    [(True, True, True, True), (False, True, True, False), (True, False, True, False), (True, True, False, False)],
)
def test_who_may_accept(mine: bool, valid: bool, open_account: bool, allowed: bool) -> None:
    user = make.user()
    user.is_active = open_account
    expires_at = timezone.now() + timedelta(days=1 if valid else -1)
    email = user.email if mine else "other@people.example"
    invitation = Invitation(email=email, purpose=rules.OFFICE, expires_at=expires_at)
    event = events.InvitationAccepted(purpose=rules.OFFICE)
    assert bool(asked.ask(invitation, event, actor=user)) is allowed
    assert not asked.ask(invitation, event, actor=None)


def test_a_purpose_without_a_rule_is_an_error() -> None:
    invitation = Invitation(email="x@people.example", purpose="tests.unknown")
    with pytest.raises(LookupError):
        asked.ask(invitation, events.InvitationSent(purpose="tests.unknown"), actor=make.user())


def test_the_rule_of_an_office_consents_to_its_holders_alone() -> None:
    rule = rules.role_rule(Role.FINANCE_OFFICER, Role.FUND_MANAGER)
    event = events.AccountClosed()
    assert rule(None, actor=make.officer(Role.FINANCE_OFFICER), event=event)
    assert rule(None, actor=make.officer(Role.FUND_MANAGER), event=event)
    for other in (make.officer(Role.AUDITOR), make.user(), AnonymousUser(), None):
        answer = rule(None, actor=other, event=event)
        assert not answer
        assert str(answer.reason)


def test_a_closed_account_holds_nothing() -> None:
    officer = make.officer(Role.AUDITOR)
    officer.is_active = False
    rules.forget_offices(officer)
    assert not selectors.has_role(officer, Role.AUDITOR)
    assert selectors.roles_of(officer) == []


def test_the_database_and_the_instance_agree_on_who_holds_an_office() -> None:
    told: dict[str, Any] = {"actor": make.administrator(), "reason": "needed in this test"}
    for starts, ends in ((-2, None), (-2, -1), (-2, 0), (0, 0), (1, None), (1, 2)):
        begin, end = TODAY + timedelta(days=starts), None if ends is None else TODAY + timedelta(days=ends)
        held = services.appoint(make.user(), Role.BOARD_MEMBER, starts_on=begin, ends_on=end, **told)
        fresh = Appointment.objects.get(pk=held.pk)
        assert fresh.holds_on(TODAY) is Appointment.objects.filter(rules.held_on(TODAY), pk=held.pk).exists()
