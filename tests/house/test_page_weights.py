"""Every page that an organisation's people meet comes over a thin line: walked from "my work" along all links."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import accounts, awards, disbursements, organisations
from tests.factories import grants as make
from tests.page_weights import FIRST_ROUND_TRIP, WHOLE_PAGE, walked, weight

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


def test_every_page_of_an_applicant_comes_in_the_first_round_trip(client: Client) -> None:
    grant = awards.active_grant(tier="L")
    organisation = grant.organisation
    asked = disbursements.requested_tranche(disbursements.due_tranche(grant))
    disbursements.sent_payment(disbursements.prepared_payment(disbursements.approved_tranche(asked)))
    disbursements.written_report(grant, spent_minor=1000)
    organisations.bank_change(organisation)
    make.complete_application(organisation=organisation)
    accounts.sign_in(client, awards.signatory(grant), second_factor=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    pages = walked(client, "/work/") + walked(Client(), reverse("account_login"))
    steps = {f"{room}:{name}".removeprefix(":") for room, names in STEPS.items() for name in names.split()}
    assert steps - {page.view for page in pages} == set()
    assert [one for one in pages if one.whole > WHOLE_PAGE] == []
    assert [one for one in pages if one.first > FIRST_ROUND_TRIP] == []


def test_a_page_is_weighed_with_all_that_it_names() -> None:
    bare = b"<html><body>" + bytes(range(256)) * 100
    first, whole = weight(bare)
    assert first == whole
    styled = (
        b'<link rel="stylesheet" href="/static/css/fund.css"><script src="/static/js/fund.js" defer></script>' + bare
    )
    assert weight(styled)[0] > first + 4_000
    assert weight(styled)[1] > weight(styled)[0] + 500
