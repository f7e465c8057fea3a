"""The organisation's and the secretariat's pages in Chromium, in Arabic, on a phone and on a desk."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.roles import Role
from charter.defaults import default_rules
from organisations.models import Organisation
from tests.accessibility import look
from tests.factories import charter
from tests.factories import organisations as made
from tests.organisations.test_screening import a_likeness

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk, *more])


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
