"""Pages of people and offices, in every language."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import selectors, services
from accounts.models import Appointment, User
from accounts.roles import Role
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

LANGUAGES = ("ar", "en", "ku")


@pytest.fixture
def admin(client: Client) -> User:
    person = make.administrator()
    make.sign_in(client, person, second_factor=True)
    return person


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["office_list", "me", "appoint", "staff_session", "invitation_list", "invite", "person_list"]
)
def test_administrators_pages_open(client: Client, admin: User, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(reverse(f"accounts:{name}"))
    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


def test_appointing_through_the_page(client: Client, admin: User) -> None:
    person = make.user()
    data = {"email": person.email.upper(), "role": Role.AUDITOR, "starts_on": timezone.localdate().isoformat()}
    response = client.post(reverse("accounts:appoint"), data)
    assert "reason" in response.context["form"].errors
    response = client.post(reverse("accounts:appoint"), {**data, "reason": "يبدأ التدقيق"})
    assert response["Location"] == reverse("accounts:office_list")
    assert selectors.has_role(person, Role.AUDITOR)
    page = client.get(reverse("accounts:office_list")).content.decode()
    assert person.full_name in page


def test_ending_through_the_page_takes_effect_at_the_next_request(client: Client, admin: User) -> None:
    officer = make.officer(Role.FUND_MANAGER)
    theirs = Client()
    make.sign_in(theirs, officer)
    assert theirs.get(reverse("accounts:office_list")).status_code == 200
    appointment = Appointment.objects.get(user=officer)
    page = reverse("accounts:end_appointment", args=[appointment.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"reason": "انتهت المدة"})
    assert theirs.get(reverse("accounts:office_list")).status_code == 403


def test_a_closed_account_is_signed_out_at_the_next_request(client: Client, admin: User) -> None:
    person = make.user()
    theirs = Client()
    make.sign_in(theirs, person)
    assert theirs.get(reverse("accounts:me")).status_code == 200
    client.post(reverse("accounts:switch_person", args=[person.pk]), {"reason": "هاتف مسروق"})
    assert theirs.get(reverse("accounts:me"))["Location"].startswith(reverse("account_login"))
    client.post(reverse("accounts:switch_person", args=[person.pk]), {"reason": "عاد"})
    assert User.objects.get(pk=person.pk).is_active


def test_an_account_with_an_office_is_not_closed(client: Client, admin: User) -> None:
    officer = make.officer(Role.CASE_HANDLER)
    response = client.post(reverse("accounts:switch_person", args=[officer.pk]), {"reason": "x"})
    assert response.context["form"].non_field_errors()
    assert User.objects.get(pk=officer.pk).is_active


def test_without_a_staff_session_acts_lead_to_opening_one(client: Client, admin: User) -> None:
    session = selectors.open_staff_session(admin)
    assert session is not None
    services.close_staff_session(session, actor=admin)
    response = client.get(reverse("accounts:appoint"))
    assert response["Location"].startswith(reverse("accounts:staff_session"))
    opened = client.post(response["Location"], {"reason": "تعيين المدقق", "next": reverse("accounts:appoint")})
    assert opened["Location"] == reverse("accounts:appoint")
    assert selectors.open_staff_session(admin) is not None
    client.post(reverse("accounts:close_staff_session"))
    assert selectors.open_staff_session(admin) is None


def test_a_staff_session_ends_by_time_and_by_signing_out(client: Client, admin: User, settings: Any) -> None:
    settings.STAFF_SESSION_MINUTES = 0
    services.open_staff_session(admin, reason="x")
    assert selectors.open_staff_session(admin) is None
    assert services.close_expired() == 1
    settings.STAFF_SESSION_MINUTES = 10
    services.open_staff_session(admin, reason="y")
    client.post(reverse("account_logout"))
    assert selectors.open_staff_session(admin) is None


@pytest.mark.parametrize("name", ["office_list", "appoint", "staff_session", "invite", "person_list"])
def test_applicants_see_none_of_it(client: Client, name: str) -> None:
    make.sign_in(client, make.user(), second_factor=True)
    assert client.get(reverse(f"accounts:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["appointment_detail"])
def test_appointments_of_others_do_not_exist_for_applicants(client: Client, name: str) -> None:
    make.officer(Role.AUDITOR)
    make.sign_in(client, make.user())
    pk = Appointment.objects.filter(role=Role.AUDITOR).get().pk
    assert client.get(reverse(f"accounts:{name}", args=[pk])).status_code == 404


def test_the_list_of_offices_costs_the_same_for_any_number(client: Client, admin: User) -> None:
    costs = []
    for number in (1, 3):
        for _ in range(number):
            make.officer(Role.PROGRAMME_OFFICER)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("accounts:office_list"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_language_is_kept_for_pages_and_mail(client: Client) -> None:
    person = make.user()
    make.sign_in(client, person)
    client.post(reverse("accounts:me"), {"language": "ku"})
    person.refresh_from_db()
    assert person.language == "ku"
    assert 'lang="ku"' in client.get(reverse("accounts:me")).content.decode()


def test_anybody_may_create_an_account(client: Client) -> None:
    data = {
        "full_name": "سلمى الأمين",
        "email": "Salma@NGO.example",
        "password1": make.PASSWORD,
        "password2": make.PASSWORD,
    }
    response = client.post(reverse("account_signup"), data, headers={"accept-language": "ku"})
    assert response.status_code == 302, response.context["form"].errors
    person = User.objects.get(email="salma@ngo.example")
    assert person.full_name == "سلمى الأمين"
    assert person.language == "ku"
    assert mail.outbox[-1].to == ["salma@ngo.example"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("full_name", "Ali \u202eecila"), ("full_name", "\u0410li Hassan"), ("email", "sаlma@ngo.example")],
)
def test_names_and_addresses_that_look_like_others_are_refused(client: Client, field: str, value: str) -> None:
    data = {
        "full_name": "Ali Hassan",
        "email": "ali@ngo.example",
        "password1": make.PASSWORD,
        "password2": make.PASSWORD,
    }
    response = client.post(reverse("account_signup"), {**data, field: value})
    assert field in response.context["form"].errors
    assert not User.objects.exists()


def test_my_work_says_when_nothing_waits(client: Client) -> None:
    make.sign_in(client, make.user())
    response = client.get(reverse("work"))
    assert response.status_code == 200
    assert response.context["number"] == 0
