"""Sessions that end or are locked: officers prove again who they are, and nobody loses what they typed."""

import re
import time
from html import unescape
from typing import Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts import idle, selectors
from accounts.models import User
from accounts.roles import Role
from accounts.secrets import open_sealed, secrets_of
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

PAGE = "accounts:staff_session"
REASON = "المسؤولة المالية <الجديدة> تبدأ الأحد"
MINUTE, HOUR = 60, 3600


def code_of(person: User) -> str:
    with secrets_of(person):
        secret = open_sealed(make.authenticator(person).data["secret"], person=str(person.pk))
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def leave_alone(client: Client, seconds: float) -> None:
    """Let the session of ``client`` look as it will after ``seconds`` without a request."""
    session = client.session
    for key in (idle.SEEN, idle.PROVED):
        session[key] -= seconds
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**record, "at": record["at"] - seconds} for record in records]
    session.save()


def away(person: User, seconds: float, *, second_factor: bool = True, csrf: bool = False) -> Client:
    """A browser of ``person`` that was left alone."""
    client = Client(enforce_csrf_checks=csrf)
    make.sign_in(client, person, second_factor=second_factor)
    leave_alone(client, seconds)
    return client


def fields_of(response: Any) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode())
    return {unescape(name): unescape(value) for name, value in found}


def is_locked(response: Any) -> bool:
    return response.status_code == 403 and "accounts/locked.html" in [one.name for one in response.templates]


def test_an_officer_who_was_away_unlocks_with_a_code_and_goes_on() -> None:
    person = make.officer(Role.AUDITOR)
    client = away(person, 31 * MINUTE)
    path = reverse("accounts:office_list") + "?page=2"
    locked = client.get(path)
    assert is_locked(locked)
    assert locked["Cache-Control"] == "private, no-store"
    # Everything is locked, also what strangers may open; the person's own name is nowhere on the page.
    assert is_locked(client.get("/"))
    assert person.full_name not in locked.content.decode()
    assert is_locked(client.post(path, {**fields_of(locked), "unlock-code": "000000"}))
    assert is_locked(client.get(path))
    answer = client.post(path, {**fields_of(locked), "unlock-code": code_of(person)})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert client.get(path).status_code == 200


def test_what_an_officer_sent_from_a_locked_session_goes_on_with_the_code() -> None:
    admin = make.administrator()
    client = away(admin, 31 * MINUTE, csrf=True)
    # The form was opened before the officer left: its token is the browser's, before and after.
    client.cookies["csrftoken"] = token = "a" * 32
    sent = client.post(reverse(PAGE), {"reason": REASON, "csrfmiddlewaretoken": token})
    assert is_locked(sent)
    assert selectors.recent_staff_sessions(admin).count() == 1
    carried = fields_of(sent)
    assert carried["reason"] == REASON
    again = client.post(reverse(PAGE), {**carried, "csrfmiddlewaretoken": token, "unlock-code": "000000"})
    assert is_locked(again)
    assert fields_of(again)["reason"] == REASON
    done = client.post(reverse(PAGE), {**carried, "csrfmiddlewaretoken": token, "unlock-code": code_of(admin)})
    assert done.status_code == 302
    assert client.cookies["csrftoken"].value == token
    assert REASON in selectors.recent_staff_sessions(admin).values_list("reason", flat=True)


def test_without_a_token_a_locked_session_is_not_unlocked() -> None:
    person = make.officer(Role.AUDITOR)
    client = away(person, 31 * MINUTE, csrf=True)
    answer = client.post(reverse("accounts:office_list"), {"unlock-code": code_of(person), "unlock-then": "open"})
    assert answer.status_code == 403
    assert is_locked(client.get(reverse("accounts:office_list")))


def test_whoever_uses_the_session_is_not_asked(settings: LazySettings) -> None:
    client = away(make.officer(Role.AUDITOR), 29 * MINUTE)
    path = reverse("accounts:office_list")
    assert client.get(path).status_code == 200
    began = client.session.get_expiry_age()
    leave_alone(client, 29 * MINUTE)
    assert client.get(path).status_code == 200
    # Using a session does not make it longer: it ends a day after its last proof.
    assert began - client.session.get_expiry_age() == pytest.approx(29 * MINUTE, abs=5)


def test_half_a_day_after_the_last_proof_even_a_busy_officer_is_asked() -> None:
    client = away(make.officer(Role.AUDITOR), 12 * HOUR + 1)
    session = client.session
    session[idle.SEEN] = time.time()
    session.save()
    assert is_locked(client.get(reverse("accounts:office_list")))


def test_who_applies_is_never_locked(client: Client) -> None:
    make.sign_in(client, make.user())
    leave_alone(client, 10 * HOUR)
    assert client.get(reverse("work")).status_code == 200


def test_other_proofs_unlock_too() -> None:
    path = reverse("accounts:office_list")
    # A password, for an officer who has no second factor; for one who has, it does not.
    for has_factor in (False, True):
        person = make.officer(Role.AUDITOR, password=make.PASSWORD)
        if has_factor:
            make.authenticator(person)
        client = away(person, 31 * MINUTE, second_factor=False)
        locked = client.get(path)
        assert is_locked(locked)
        assert (reverse("account_reauthenticate") in locked.content.decode()) is not has_factor
        client.post(reverse("account_reauthenticate"), {"password": make.PASSWORD})
        assert is_locked(client.get(path)) is has_factor
    # A passkey, used in another window.
    holder = make.officer(Role.AUDITOR)
    Authenticator.objects.create(user=holder, type=Authenticator.Type.WEBAUTHN, data={})
    client = away(holder, 31 * MINUTE, second_factor=False)
    sent = client.post(path, {"reason": REASON}).content.decode()
    assert f"{reverse('mfa_reauthenticate_webauthn')}?next={reverse('accounts:go_on').replace('/', '%2F')}" in sent
    assert REASON.replace("<", "&lt;").replace(">", "&gt;") in sent


def test_a_locked_session_can_be_left() -> None:
    client = away(make.officer(Role.AUDITOR), 31 * MINUTE)
    assert client.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in client.session


# Sessions that ended -------------------------------------------------------------------------------------------------


def test_what_is_sent_after_the_session_ended_waits_for_the_sign_in() -> None:
    person, client = make.user(), Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = token = "a" * 32
    path = reverse("organisations:register")
    sent = client.post(path, {"name_ar": REASON, "csrfmiddlewaretoken": token}, headers={"origin": "http://testserver"})
    assert sent.status_code == 403
    assert fields_of(sent)["name_ar"] == REASON
    assert f"{reverse('account_login')}?next={reverse('accounts:go_on')}" in sent.content.decode()
    # Signing in changes the browser's token: the page that waited comes back once more, with the new one.
    make.sign_in(client, person)
    client.cookies["csrftoken"] = "b" * 32
    assert client.get(reverse("accounts:go_on")).status_code == 200
    waited = {**fields_of(sent), "csrfmiddlewaretoken": token}
    assert client.post(path, waited).status_code == 403  # another site's form would say no origin, or another one
    assert "name_ar" not in fields_of(client.post(path, waited, headers={"origin": "https://evil.example"}))
    again = client.post(path, waited, headers={"origin": "http://testserver"})
    assert again.status_code == 403
    carried = fields_of(again)
    assert carried["name_ar"] == REASON
    taken = client.post(path, carried, headers={"origin": "http://testserver"})
    assert taken.status_code == 200  # the form itself, with what is still missing in it
    assert REASON.replace("<", "&lt;").replace(">", "&gt;") in taken.content.decode()


def test_passwords_are_never_written_into_a_page() -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"login": "person@people.example", "password": make.PASSWORD}
    answer = client.post(reverse("account_login"), typed, headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert make.PASSWORD not in answer.content.decode()
    assert Client().post(reverse("accounts:close_staff_session"), {}).status_code == 302
