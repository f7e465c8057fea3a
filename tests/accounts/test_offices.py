"""Who may appoint whom, and what an office gives."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import selectors, services
from accounts.models import Appointment
from accounts.roles import Role
from kernel.permissions import Refused
from tests.factories import accounts as make
from tests.threads import together

pytestmark = pytest.mark.django_db


def test_an_office_counts_from_its_first_day_to_its_last() -> None:
    today, told = timezone.localdate(), {"actor": make.administrator(), "reason": "needed in this test"}
    coming, last_day, gone = make.user(), make.user(), make.user()
    for person, first, last in ((coming, 1, 9), (last_day, -3, 0), (gone, -3, -1)):
        begin, end = today + timedelta(days=first), today + timedelta(days=last)
        services.appoint(person, Role.FINANCE_OFFICER, starts_on=begin, ends_on=end, **told)
    assert not selectors.has_role(coming, Role.FINANCE_OFFICER)
    assert list(selectors.users_with_role(Role.FINANCE_OFFICER)) == [last_day]


def test_offices_are_asked_once_for_each_request(django_assert_num_queries: Any) -> None:
    person = make.officer(Role.AUDITOR)
    with django_assert_num_queries(1):
        assert selectors.has_role(person, Role.AUDITOR, Role.BOARD_MEMBER)
        assert not selectors.has_role(person, Role.FUND_MANAGER)


def test_an_ended_office_gives_nothing_from_that_moment() -> None:
    person = make.user()
    appointment = make.appointment(person, Role.BOARD_MEMBER)
    assert selectors.has_role(person, Role.BOARD_MEMBER)

    services.end_appointment(appointment, actor=make.administrator(), reason="term is over")

    person = type(person).objects.get(pk=person.pk)
    assert not selectors.has_role(person, Role.BOARD_MEMBER)


def test_the_first_administrator_comes_from_the_server_and_only_once() -> None:
    first, second = make.user(email="first@fund.example"), make.user(email="second@fund.example")

    call_command("appoint", first.email, "administrator")

    assert selectors.has_role(first, Role.ADMINISTRATOR)
    with pytest.raises(CommandError):
        call_command("appoint", second.email, "administrator")
    assert not selectors.has_role(second, Role.ADMINISTRATOR)


def test_the_command_names_an_unknown_address() -> None:
    with pytest.raises(CommandError, match=r"nobody@fund\.example"):
        call_command("appoint", "nobody@fund.example", "administrator")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_officers_of_every_other_kind_appoint_nobody(role: Role) -> None:
    officer, person = make.officer(role), make.user()
    with pytest.raises(Refused):
        services.appoint(person, Role.TECHNICAL_REVIEWER, starts_on=timezone.localdate(), actor=officer, reason="x")


def test_an_administrator_without_a_staff_session_appoints_nobody() -> None:
    admin, person = make.administrator(), make.user()
    session = selectors.open_staff_session(admin)
    assert session is not None
    services.close_staff_session(session, actor=admin)
    with pytest.raises(Refused) as refused:
        services.appoint(person, Role.AUDITOR, starts_on=timezone.localdate(), actor=admin, reason="x")
    assert "staff session" in str(refused.value.reason) or "جلسة" in str(refused.value.reason)


def test_nobody_appoints_themselves() -> None:
    admin = make.administrator()
    with pytest.raises(Refused):
        services.appoint(admin, Role.FUND_MANAGER, starts_on=timezone.localdate(), actor=admin, reason="x")


def test_the_system_appoints_nobody_once_there_is_an_administrator() -> None:
    make.administrator()
    with pytest.raises(Refused):
        services.appoint(make.user(), Role.ADMINISTRATOR, starts_on=timezone.localdate(), actor=None, reason="x")
    with pytest.raises(Refused):
        services.appoint(make.user(), Role.FINANCE_OFFICER, starts_on=timezone.localdate(), actor=None, reason="x")


def test_an_auditor_holds_no_other_office() -> None:
    auditor, officer = make.officer(Role.AUDITOR), make.officer(Role.FINANCE_OFFICER)
    with pytest.raises(Refused):
        make.appointment(auditor, Role.FINANCE_OFFICER)
    with pytest.raises(Refused):
        make.appointment(officer, Role.AUDITOR)


def test_no_office_twice() -> None:
    officer = make.officer(Role.CASE_HANDLER)
    with pytest.raises(Refused):
        make.appointment(officer, Role.CASE_HANDLER)


def test_the_only_administrator_stays() -> None:
    admin = make.administrator()
    own = Appointment.objects.get(user=admin, role=Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        services.end_appointment(own, actor=admin, reason="tired")
    make.officer(Role.ADMINISTRATOR)
    assert services.end_appointment(own, actor=admin, reason="tired").state == "ended"


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_other_at_once_leave_one() -> None:
    first = make.administrator()
    second = make.officer(Role.ADMINISTRATOR)
    services.open_staff_session(second, reason="x")
    held = {person: Appointment.objects.get(user=person) for person in (first, second)}
    end = services.end_appointment
    outcomes = together(
        [partial(end, held[second], actor=first, reason="x"), partial(end, held[first], actor=second, reason="x")],
        Refused,
    )
    assert [isinstance(one, Refused) for one in outcomes].count(True) == 1
    assert selectors.users_with_role(Role.ADMINISTRATOR).count() == 1
