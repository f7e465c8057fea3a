"""Every page that an organisation's people meet, walked from "my work" along all links: over a thin line, by keyboard, with axe."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from tests.chromium import visitor
from tests.factories import accounts, awards, disbursements, forms, organisations
from tests.factories import grants as make
from tests.keyboard import Shelf, axe_finds, found_by
from tests.page_weights import FIRST_ROUND_TRIP, WHOLE_PAGE, Weight, walked, weight

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]
STEPS = {
    "grants": "call_detail call_check call_questions application_list application_detail application_part application_submit"
    " application_withdraw application_copy application_comments application_budget_upload application_feedback",
    "organisations": "detail section passport capacity capacity_section contest_capacity proofs add_proof people invite listing"
    " bank_accounts add_bank_account bank_change partnerships partnership_record import_passport",
    "disbursements": "grant_detail agreement offer tranche_detail payment_detail payment_confirm report_detail"
    " report_edit report_submit closing",
    "committees": "alert_form appeal_list",
    "notices": "notice_list notice_detail wishes",
    "accounts": "me",
    "accountability": "complain",
    "": "work account_login account_signup account_reset_password account_email mfa_index",
}
"""Pages, by app, that a walk must have met to be one."""


@pytest.fixture(scope="module")
def people(standing: None) -> tuple[Client, Client]:
    """A signatory whose organisation applies, was granted money, changes its bank account and reports; and a stranger."""
    grant = awards.active_grant(tier="L")
    organisation = grant.organisation
    asked = disbursements.requested_tranche(disbursements.due_tranche(grant))
    disbursements.sent_payment(disbursements.prepared_payment(disbursements.approved_tranche(asked)))
    disbursements.written_report(grant, spent_minor=1000)
    organisations.bank_change(organisation)
    make.complete_application(organisation=organisation)
    make.draft_application(forms.asked_for(forms.every_kind()), organisation)
    client = Client()
    accounts.sign_in(client, awards.signatory(grant), second_factor=True)
    return client, Client()


@pytest.fixture(scope="module")
def pages(people: tuple[Client, Client]) -> list[Weight]:
    """Every page that they meet, in Arabic."""
    return met(people, "ar")


def met(people: tuple[Client, Client], language: str) -> list[Weight]:
    """Every page that they meet: from her work along all links, and on the way to an account."""
    for client in people:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    applicant, stranger = people
    return walked(applicant, "/work/") + walked(stranger, reverse("account_login"))


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Shelf]:
    """A browser of 360 px that shows pages out of memory."""
    context = visitor(chromium, viewport={"width": 360, "height": 740})
    yield Shelf(context.new_page())
    context.close()


def test_every_page_of_an_applicant_comes_in_the_first_round_trip(pages: list[Weight]) -> None:
    steps = {f"{room}:{name}".removeprefix(":") for room, names in STEPS.items() for name in names.split()}
    assert steps - {page.view for page in pages} == set()
    assert [one for one in pages if one.whole > WHOLE_PAGE] == []
    assert [one for one in pages if one.first > FIRST_ROUND_TRIP] == []


@pytest.mark.browser
def test_every_page_of_an_applicant_is_used_with_the_keyboard_alone_and_axe_finds_nothing(
    pages: list[Weight], phone: Shelf
) -> None:
    assert found_by(phone, {one.path: one.html for one in pages}, axe=True) == {}


@pytest.mark.browser
def test_axe_finds_nothing_on_any_page_of_an_applicant_in_english(
    people: tuple[Client, Client], pages: list[Weight], phone: Shelf
) -> None:
    shown = met(people, "en")
    assert {one.view for one in shown} == {one.view for one in pages}
    assert axe_finds(phone, {one.path: one.html for one in shown}) == {}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (
            '<div id="d">press</div><script>d.addEventListener("click", () => 0)</script>',
            "only a mouse presses <div #d>",
        ),
        ('<span style="cursor:pointer">open</span>', "only a mouse presses <span>"),
        ('<a href="/x" tabindex="-1">far</a>', "Tab never comes to <a>"),
        ('<a href="/x" style="outline:0;box-shadow:none">bare</a>', "no sign of the focus at <a>"),
        ('<a href="/x" tabindex="2">early</a>', "out of the order of the page: <a>"),
        (
            '<button id="b">under</button><div style="position:fixed;inset:0">over</div>',
            "something lies over <button #b>",
        ),
        (
            '<input id="t"><script>t.addEventListener("keydown", (key) => key.preventDefault())</script><button>on</button>',
            "Tab never leaves the page",
        ),
    ],
)
def test_the_walk_with_the_keyboard_finds_what_is_wrong(phone: Shelf, fault: str, finding: str) -> None:
    page = f'<!doctype html><html lang="en"><title>t</title><link rel="stylesheet" href="/static/css/fund.css">{fault}'
    (found,) = found_by(phone, {"/": page.encode()}).values()
    assert any(one.startswith(finding) for one in found), found


def test_a_page_is_weighed_with_all_that_it_names() -> None:
    bare = b"<html><body>" + bytes(range(256)) * 100
    first, whole = weight(bare)
    assert first == whole
    styled = (
        b'<link rel="stylesheet" href="/static/css/fund.css"><script src="/static/js/fund.js" defer></script>' + bare
    )
    assert weight(styled)[0] > first + 4_000
    assert weight(styled)[1] > weight(styled)[0] + 500
