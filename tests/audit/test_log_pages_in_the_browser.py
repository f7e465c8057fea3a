"""Every page of the log in Chromium: axe in Arabic and English, on a phone and on a desk, and without a mouse."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit import erasure
from audit.models import Leaf
from tests.accessibility import findings, look
from tests.factories import accounts as people
from tests.factories.sealing import cosign, seal, witnesses
from tests.tools.test_verify_receipt import GOOD, POLICY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_axe_finds_nothing_on_any_page_of_the_log(page: Any, live_server: Any, tmp_path: Path) -> None:
    addresses = pages(tmp_path)
    record = addresses.pop("record")
    assert look(page, live_server, people.officer(Role.AUDITOR), [record]) == []
    assert look(page, live_server, people.administrator(), list(addresses.values())) == []


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
