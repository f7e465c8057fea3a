"""Every form of signing in and of one's own account, filled with garbage: refused beside its field, nothing lost or written."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import User
from poolfund import access
from tests.factories import accounts
from tests.forms_of_pages import forms_of
from tests.garbage import wrong

pytestmark = pytest.mark.django_db

OURS = ("account_", "mfa_", "usersessions")


def stranger(_client: Client, _person: User) -> None:
    """Nobody is signed in."""


def asked_for_a_new_password(client: Client, person: User) -> str:
    """The link of the mail was opened."""
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    return client.get(link[1], follow=True).redirect_chain[-1][0]


def gave_the_password(client: Client, person: User) -> None:
    """The code of the app is asked for."""
    accounts.authenticator(person)
    client.post(reverse("account_login"), {"login": person.email, "password": accounts.PASSWORD})


def signed_in(client: Client, person: User) -> None:
    """With password and code, a while ago."""
    accounts.sign_in(client, person, second_factor=True, seconds_ago=3600)


def just_asked_again(client: Client, person: User) -> None:
    """The password was given once more, now."""
    accounts.sign_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": accounts.PASSWORD})


def with_a_passkey(client: Client, person: User) -> str:
    """One passkey, whose name can be changed."""
    just_asked_again(client, person)
    kind = Authenticator.Type.WEBAUTHN
    made = Authenticator.objects.create(user=person, type=kind, data={"name": "هاتفي", "credential": {}})
    return reverse("mfa_edit_webauthn", args=[made.pk])


FORMS: dict[str, Callable[[Client, User], str | None]] = {
    "account_login": stranger,
    "account_signup": stranger,
    "account_reset_password": stranger,
    "account_reset_password_from_key": asked_for_a_new_password,
    "mfa_authenticate": gave_the_password,
    "account_reauthenticate": signed_in,
    "mfa_reauthenticate": signed_in,
    "account_email": just_asked_again,
    "account_change_password": just_asked_again,
    "mfa_activate_totp": just_asked_again,
    "mfa_add_webauthn": just_asked_again,
    "mfa_edit_webauthn": with_a_passkey,
}
"""Each form with fields, and what has happened when it is shown."""
BUTTONS = {
    "account_logout", "account_email_verification_sent", "account_confirm_email", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "mfa_remove_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "usersessions_list",
}  # fmt: skip
"""Nothing is typed there; a passkey is read by a script."""
NEVER = {
    "account_confirm_login_code": "no codes are sent by mail (tests.house.test_settings)",
    "account_set_password": "everybody has a password from the beginning",
}


def test_every_address_of_signing_in_is_known() -> None:
    sent = {name for name, row in access.table().items() if name.startswith(OURS) and "POST" in row.methods}
    assert sent == FORMS.keys() | BUTTONS | NEVER.keys()


@pytest.mark.parametrize("name", FORMS)
def test_garbage_is_refused_beside_its_field_and_nothing_is_lost(client: Client, name: str) -> None:
    person = accounts.user(password=accounts.PASSWORD)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    address = FORMS[name](client, person) or reverse(name)
    shown = client.get(address)
    assert shown.status_code == 200, shown.headers
    forms = [form for form in forms_of(shown.content.decode()) if form.typed or form.passwords]
    there = [form for form in forms if resolve((form.action or address).partition("?")[0]).view_name == name]
    assert there
    assert [said for form in there for said in wrong(name, form, client, form.action or address)] == []
