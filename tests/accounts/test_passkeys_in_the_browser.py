"""A passkey from its making to its use, with a device that Chromium plays: allauth's scripts under the fund's policy."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from tests.factories.accounts import PASSWORD, user
from tests.journey.people import ar

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def press(page: Any, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=ar(words), exact=True).click()


def test_a_passkey_is_added_named_anew_and_signs_its_owner_in(page: Any) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    person = user("سلمى الحداد", password=PASSWORD)

    page.goto("/account/login/")
    page.fill("#id_login", person.email)
    page.fill("#id_password", PASSWORD)
    press(page, "Sign in")
    page.goto("/account/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    press(page, "Confirm")
    page.fill("#id_name", "هاتفي")
    page.check("#id_passwordless")
    press(page, "Add the passkey")
    made = Authenticator.objects.get(user=person, type="webauthn")
    assert made.wrap().name == "هاتفي"
    page.goto(f"/account/2fa/webauthn/keys/{made.pk}/edit/")
    page.fill("#id_name", "مفتاح البيت")
    press(page, "Save")
    assert "مفتاح البيت" in page.inner_text("main")

    page.context.clear_cookies()
    page.goto("/account/login/")
    press(page, "Sign in with a passkey")
    page.goto("/account/2fa/")
    assert person.full_name in page.inner_text("header")
    assert page.url.endswith("/account/2fa/")
    assert wrong == []
