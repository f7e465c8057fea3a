"""The organisation's and the secretariat's pages in Chromium, in Arabic, on a phone and on a desk."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from charter.defaults import default_rules
from organisations.models import Organisation
from tests.accessibility import findings
from tests.factories import accounts, charter
from tests.factories import organisations as made
from tests.organisations.test_screening import a_likeness

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk, *more])


def look(page: Any, live_server: Any, person: Any, urls: list[str]) -> list[str]:
    """What is wrong with each page at both widths: side-scrolling, a broken policy, or what axe finds."""
    accounts.sign_in_browser(page, live_server, person, second_factor=True)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for url in urls:
            assert page.goto(url).status == 200, url
            assert page.locator("html").get_attribute("dir") == "rtl"
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wrong.append(f"{url} scrolls sideways at {width}")
            wrong += [f"{url} at {width}: {finding}" for finding in findings(page)]
    return wrong


def test_pages_of_an_organisation(page: Any, live_server: Any) -> None:
    organisation = made.registered_organisation(about="")
    made.proof(organisation)
    signatory = made.signatory_of(organisation)
    names = ["detail", "submit", "proofs", "add_proof", "people", "invite", "bank_accounts", "add_bank_account"]
    sections = [at("section", organisation, section) for section in ("identity", "registration", "work", "contact")]
    urls = [reverse("organisations:register"), *(at(name, organisation) for name in names), *sections]
    charter.ratified_charter(default_rules())
    made.given_item(organisation, "board")
    items = [at(name, organisation, "board") for name in ("passport_item", "give_passport_item")]
    urls += [at("passport", organisation), *items, at("give_passport_item", organisation, "representative")]
    assert look(page, live_server, signatory, urls) == []


def test_pages_of_the_secretariat(page: Any, live_server: Any) -> None:
    submitted, assessed, eligible = (
        made.submitted_organisation(),
        made.assessed_organisation(),
        made.eligible_organisation("L"),
    )
    officer = made.colleague(Role.PROGRAMME_OFFICER)
    likeness = a_likeness(submitted)
    urls = [
        reverse("organisations:list"), at("detail", submitted), at("review", submitted), at("of_screening", submitted),
        reverse("organisations:screening"), reverse("organisations:new_sanctions_list"),
        reverse("organisations:screening_hit", args=[likeness.pk]),
    ]  # fmt: skip
    assert look(page, live_server, officer, urls) == []
    page.context.clear_cookies()
    manager = made.colleague(Role.FUND_MANAGER)
    assert (
        look(page, live_server, manager, [at("decide", assessed), at("detail", eligible), at("suspend", eligible)])
        == []
    )
