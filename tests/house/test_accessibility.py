"""axe on the pages of sign-in and of one's own account, on an Arabic phone, as they are served."""

from typing import Any

import pytest

from tests.accessibility import bring_axe, findings
from tests.factories.accounts import PASSWORD, user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STRANGER = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "no-such-page/"]
OWN = [
    "email/",
    "password/change/",
    "2fa/",
    "sessions/",
    "logout/",
    "2fa/totp/activate/",
    "2fa/webauthn/add/",
]


def found(page: Any, addresses: list[str]) -> dict[str, list[str]]:
    """Findings by address; pages without any are left out."""
    wrong = {}
    bring_axe(page)
    for address in addresses:
        page.goto(f"/account/{address}")
        if problems := findings(page):
            wrong[address] = problems
    return wrong


def fill_in(page: Any, **answers: str) -> None:
    for name, answer in answers.items():
        page.fill(f"#id_{name}", answer)
    with page.expect_navigation():
        page.click("main form .button >> nth=0")


def test_axe_finds_nothing_on_the_way_in(page: Any) -> None:
    assert found(page, STRANGER) == {}
    page.goto("/account/login/")
    fill_in(page)
    assert page.locator("#errors").is_visible()
    assert findings(page) == []


def test_axe_finds_nothing_on_ones_own_account(page: Any) -> None:
    person = user(password=PASSWORD)
    page.goto("/account/login/")
    fill_in(page, login=person.email, password=PASSWORD)
    page.goto("/account/reauthenticate/")
    assert findings(page) == []
    fill_in(page, password=PASSWORD)
    assert found(page, OWN) == {}
