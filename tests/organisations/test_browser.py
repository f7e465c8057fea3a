"""The organisation's and the secretariat's pages in Chromium, in Arabic, on a phone and on a desk."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from accounts.roles import Role
from audit import turns
from charter.defaults import default_rules
from grants.services import asking
from organisations import services
from organisations.models import Organisation
from tests.accessibility import look
from tests.factories import charter, grants
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
    urls += [at("capacity", organisation), at("capacity_section", organisation, "finance")]
    urls += [at("give_outside_assessment", organisation)]
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


def test_pages_of_passports_that_travel_of_the_register_and_of_questions(
    page: Any, live_server: Any, tmp_path: Path, settings: Any
) -> None:
    settings.PASSPORT_KEYS_PATH = str(tmp_path / "keys")
    call_command("passport_key", "new")
    call = grants.open_call()
    organisation = made.eligible_organisation("M", women_led=True)
    made.verified_bank_account(organisation)
    signatory = made.signatory_of(organisation)
    services.ask_for_signature(organisation, actor=signatory)
    turns.run()
    services.consent_to_register(organisation, sectors=["wash", "health"], tells_leadership=True, actor=signatory)
    asked = asking.ask(call, text="هل تُقبل أجور النقل؟", actor=signatory)
    words = LazyI18nString({"ar": "نعم، حتى السقف المذكور.", "en": "Yes.", "ku": "Erê."})
    asking.answer(asked, wording=words, text=words, actor=made.colleague(Role.PROGRAMME_OFFICER))
    waiting = asking.ask(call, text="وماذا عن الإيجار؟", actor=signatory)
    questions = reverse("grants:call_questions", args=[call.pk])
    own = [
        at(name, organisation)
        for name in ("signed_passport", "signed_passport_with_accounts", "import_passport", "listing")
    ]
    assert look(page, live_server, signatory, [*own, reverse("transparency:register"), questions]) == []
    page.context.clear_cookies()
    officer = made.colleague(Role.PROGRAMME_OFFICER)
    answering = [questions, reverse("grants:question_answer", args=[waiting.pk])]
    assert look(page, live_server, officer, answering) == []
    page.context.clear_cookies()
    trusting = [reverse("organisations:trusted_funds"), reverse("organisations:record_trusted_fund")]
    assert look(page, live_server, made.colleague(Role.FUND_MANAGER), trusting) == []
