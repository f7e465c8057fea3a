"""Every page of the log in Chromium: axe in Arabic and English, on a phone and on a desk, and without a mouse."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.roles import Role
from audit import erasure
from audit.models import Leaf
from tests.accessibility import findings
from tests.factories import accounts as people
from tests.factories.sealing import cosign, seal, witnesses
from tests.tools.test_verify_receipt import GOOD, POLICY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("LOG_PICTURES", "")
"""A folder for pictures of the pages, for whoever wants to look at them."""


def pages(folder: Path) -> dict[str, str]:
    """The addresses of all pages of the log, with something on each."""
    registered = witnesses()
    person = people.officer(Role.TECHNICAL_REVIEWER)
    chosen = [event.leaf for event in erasure.records_about(person)]
    act = erasure.propose(person, chosen, ground="danger", reason="خطر على حياته", actor=people.administrator())
    cosign(seal(folder))
    proof = bytes(Leaf.objects.filter(event__isnull=False).latest("pk").leaf_hash).hex()
    another = people.officer(Role.FINANCE_OFFICER)
    arguments: dict[str, list[Any]] = {
        "about": [], "verify": [], "proof": [proof], "witness_list": [], "witness_new": [],
        "witness_retire": [registered[0].pk], "erasure_list": [], "erasure_decide": [act.pk], "erasure_new": [another.pk],
        "record": [], "sealed_list": [],
    }  # fmt: skip
    return {name: reverse(f"audit:{name}", args=rest) for name, rest in arguments.items()}


def look(page: Any, site: str, addresses: dict[str, str], wrong: list[str]) -> None:
    """Note what is wrong with each page in two languages and at two widths."""
    for language, direction in (("ar", "rtl"), ("en", "ltr")):
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}])
        for name, address in addresses.items():
            page.set_viewport_size({"width": 360, "height": 740})
            assert page.goto(address).status == 200, address
            assert page.locator("html").get_attribute("dir") == direction
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 740})
                if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                    wrong.append(f"{name} in {language} scrolls sideways at {width}")
                if PICTURES:
                    page.screenshot(path=f"{PICTURES}/{name}.{language}.{width}.png", full_page=True)
                wrong += [f"{name} in {language} at {width}: {finding}" for finding in findings(page)]


def test_axe_finds_nothing_on_any_page_of_the_log(page: Any, live_server: Any, tmp_path: Path) -> None:
    addresses = pages(tmp_path)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    people.sign_in_browser(page, live_server, people.officer(Role.AUDITOR), second_factor=True)
    look(page, live_server.url, {"record": addresses.pop("record")}, wrong)
    people.sign_in_browser(page, live_server, people.administrator(), second_factor=True)
    look(page, live_server.url, addresses, wrong)
    assert wrong == []


def test_a_receipt_is_verified_without_a_mouse(page: Any, tmp_path: Path) -> None:
    (tmp_path / "good.tlog-proof").write_text(GOOD)
    page.goto("/log/verify/")
    page.set_input_files("#receipt-file", tmp_path / "good.tlog-proof")
    page.fill("#receipt-policy", POLICY)
    page.focus("#receipt-file")
    for expected in ("receipt-paper", "receipt-policy", ""):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == expected
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    page.locator("#receipt-answer .note:not(.danger)").wait_for()
    assert page.evaluate("document.activeElement.id") == "receipt-answer"
    assert findings(page) == []
