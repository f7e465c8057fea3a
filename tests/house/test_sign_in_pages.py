"""The pages of sign-in and of one's own account: in the fund's look, whole in every language, without inline code."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.factories.accounts import appointment

INLINE = re.compile(r"\sstyle=|\son\w+=|<style|<script(?![^>]*( src=|type=\"application/json\"))")

STRANGER = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
OWN = ["email/", "password/change/", "2fa/", "2fa/webauthn/", "sessions/", "logout/", "reauthenticate/"]
PROTECTED = ["2fa/totp/activate/", "2fa/webauthn/add/"]


@pytest.fixture
def person(client: Client) -> User:
    user = User.objects.create(email="salma@example.org", full_name="سلمى الحداد")
    user.set_password("a long phrase for tests")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    answer = client.post("/account/login/", {"login": person.email, "password": "a long phrase for tests"})
    assert answer.status_code == 302
    return client


def shown(client: Client, address: str, language: str) -> str:
    # Signing in remembers the person's own language; a choice in the header of the page is remembered over it.
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(f"/account/{address}")
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en", "ku"])
@pytest.mark.parametrize("address", STRANGER)
def test_a_stranger_sees_the_funds_own_page(client: Client, address: str, language: str) -> None:
    page = shown(client, address, language)
    assert "fund.css" in page
    assert page.count("<h1>") == 1
    assert f'<html lang="{language}"' in page
    assert not INLINE.search(page)


@pytest.mark.django_db
@pytest.mark.parametrize("address", OWN)
def test_people_see_their_account_in_the_funds_look(signed_in: Client, address: str) -> None:
    page = shown(signed_in, address, "ar")
    assert page.count("<h1>") == 1
    assert "سلمى الحداد" in page
    assert not INLINE.search(page)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PROTECTED)
def test_a_second_factor_is_added_only_after_asking_again(signed_in: Client, address: str) -> None:
    asked = signed_in.get(f"/account/{address}", follow=True)
    assert "2fa" not in asked.request["PATH_INFO"]
    signed_in.post("/account/reauthenticate/", {"password": "a long phrase for tests"})
    page = shown(signed_in, address, "ar")
    assert page.count("<h1>") == 1
    assert not INLINE.search(page)


@pytest.mark.django_db
def test_the_header_says_who_i_am_and_in_which_office(signed_in: Client, person: User) -> None:
    appointment(person, Role.FINANCE_OFFICER)
    page = shown(signed_in, "email/", "en")
    assert "سلمى الحداد" in page
    assert "Finance officer" in page


@pytest.mark.django_db
def test_a_wrong_password_is_said_in_the_summary_and_the_address_is_kept(client: Client, person: User) -> None:
    answer = client.post(
        "/account/login/", {"login": person.email, "password": "wrong"}, headers={"accept-language": "ar"}
    )
    page = answer.content.decode()
    assert 'id="errors"' in page
    assert f'value="{person.email}"' in page


@pytest.mark.django_db
def test_inputs_have_labels_and_no_placeholders(client: Client) -> None:
    page = shown(client, "signup/", "ar")
    assert "placeholder=" not in page
    for name in ("email", "password1", "password2"):
        assert f'<label for="id_{name}">' in page


@pytest.mark.django_db
def test_the_language_is_changed_from_any_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "ku", "next": "/account/login/"}, follow=True)
    assert '<html lang="ku" dir="ltr">' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_a_page_that_is_not_there_says_what_to_do(client: Client, language: str) -> None:
    answer = client.get("/no-such-page/", headers={"accept-language": language})
    assert answer.status_code == 404
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    assert 'href="/"' in page
