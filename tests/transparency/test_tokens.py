"""A donor's tokens: shown once, kept as a hash, open the donor's own data and nothing else, and end."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.selectors import timeline
from funds import services as fund_services
from funds.models import Contribution, Donor
from kernel.permissions import Refused
from tests.factories import accounts, funds
from transparency.models import DonorToken
from transparency.services import tokens
from transparency.token_rules import digest_of

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]

ADDRESSES = ("contributions", "portfolio", "statement?first=2026-01&last=2099-12")


@pytest.fixture
def gift() -> Contribution:
    return funds.confirmed_contribution(70_000_00)


@pytest.fixture
def lead(gift: Contribution) -> User:
    return funds.representative(gift.donor)


def made(donor: Donor, person: User, **said: Any) -> str:
    return tokens.make(donor, **{"name": "our report", "days": 30, **said}, actor=person)[1]


def ask(what: str, secret: str | None, *, status: int = 200) -> Any:
    headers = {"authorization": f"Bearer {secret}"} if secret is not None else {}
    answer = Client().get(f"/api/v1/donor/{what}", headers=headers)
    assert answer.status_code == status, answer.content
    assert "Access-Control-Allow-Origin" not in answer or secret is None
    assert secret is None or answer["Cache-Control"] == "private, no-store"
    return answer.json()


def test_a_token_opens_its_donors_own_data(gift: Contribution, lead: User) -> None:
    funds.confirmed_contribution(10_000_00)
    secret = made(gift.donor, lead)
    told = ask("contributions", secret)["items"]
    assert [one["reference"] for one in told] == [gift.reference]
    assert told[0]["amount"] == {"amount": "70000.00", "currency": "USD"}
    assert ask("portfolio", secret) == {"items": []}
    statement = ask("statement?first=2026-01&last=2099-12", secret)
    assert statement["lines"]["received"]["amount"] == statement["closing"]["amount"] == "70000.00"
    assert ask("statement?first=2026-02&last=2026-01", secret, status=422)
    assert ask("statement?first=2026-13&last=2026-01", secret, status=422)


@pytest.mark.parametrize("secret", [None, "", "pf_wrong", "x" * 5000, "\u0661"])
def test_without_a_token_nothing_is_told(gift: Contribution, lead: User, secret: str | None) -> None:
    made(gift.donor, lead)
    for what in ADDRESSES:
        if secret is not None and not secret.isascii():
            secret = secret.encode().decode("latin-1")
        assert ask(what, secret, status=401)["error"]["code"] == "unauthorised"


def test_only_its_hash_is_kept(gift: Contribution, lead: User) -> None:
    secret = made(gift.donor, lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, ' ') FROM transparency_donortoken row")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(row::text, ' ') FROM audit_recordedevent row")
        recorded = cursor.fetchone()[0]
    assert len(secret) > 40
    assert secret not in stored + recorded
    assert secret.removeprefix("pf_") not in stored + recorded
    token = DonorToken.objects.get()
    assert len(timeline(token)) == 1


def test_it_ends_on_its_day_when_revoked_and_with_the_mandate(gift: Contribution, lead: User) -> None:
    first, second = made(gift.donor, lead), made(gift.donor, lead, days=365)
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        ask("contributions", first, status=401)
        ask("contributions", second)
    token = DonorToken.objects.get(digest=digest_of(first))
    tokens.revoke(token, actor=lead)
    ask("contributions", first, status=401)
    ask("contributions", second)
    mandate = gift.donor.representatives.get(user=lead)
    fund_services.end_representative(mandate, actor=funds.keepers()[0])
    ask("contributions", second, status=401)


def test_an_account_that_is_closed_closes_its_tokens(gift: Contribution, lead: User) -> None:
    secret = made(gift.donor, lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)
    ask("contributions", secret, status=401)


def test_it_opens_no_more_than_its_maker_may_read(gift: Contribution) -> None:
    programme = funds.representative(gift.donor, role="programme")
    secret = made(gift.donor, programme)
    ask("contributions", secret)
    assert ask("statement?first=2026-01&last=2026-02", secret, status=403)["error"]["code"] == "refused"


def test_only_representatives_make_tokens_and_only_for_themselves(gift: Contribution, lead: User) -> None:
    other = funds.representative(funds.donor())
    for person in (other, accounts.user(), funds.keepers()[0]):
        with pytest.raises(Refused):
            made(gift.donor, person)
    made(gift.donor, lead)
    token = DonorToken.objects.get()
    with pytest.raises(Refused):
        tokens.revoke(token, actor=other)
    tokens.revoke(token, actor=funds.keepers()[0])
    with pytest.raises(Refused):
        tokens.revoke(token, actor=lead)


def test_the_page_shows_a_token_once_and_asks_for_a_second_factor(gift: Contribution, lead: User) -> None:
    browser = Client(headers={"accept-language": "en"})
    new = reverse("transparency:donor_token_new", args=[gift.donor.pk])
    accounts.sign_in(browser, lead)
    browser.post(new, {"name": "Our report", "days": "90"})
    assert DonorToken.objects.count() == 0
    accounts.sign_in(browser, lead, second_factor=True)
    refused = browser.post(new, {"name": "", "days": "7000"})
    assert (refused.status_code, DonorToken.objects.count()) == (200, 0)
    page = browser.post(new, {"name": "<b>Our report", "days": "90"})
    token = DonorToken.objects.get()
    assert token.expires_on == timezone.localdate() + timedelta(days=90)
    shown = page.content.decode()
    secret = next(word for word in shown.replace("<", " ").replace(">", " ").split() if word.startswith("pf_"))
    assert page["Cache-Control"] == "private, no-store"
    ask("contributions", secret)
    again = browser.get(reverse("transparency:donor_tokens", args=[gift.donor.pk])).content.decode()
    assert secret not in again
    assert "&lt;b&gt;Our report" in again
    browser.post(reverse("transparency:donor_token_revoke", args=[token.pk]))
    ask("contributions", secret, status=401)


def test_strangers_find_no_tokens(gift: Contribution, lead: User) -> None:
    made(gift.donor, lead)
    token = DonorToken.objects.get()
    browser = Client()
    accounts.sign_in(browser, funds.representative(funds.donor()), second_factor=True)
    for name in ("donor_tokens", "donor_token_new"):
        assert browser.get(reverse(f"transparency:{name}", args=[gift.donor.pk])).status_code == 404
    assert browser.post(reverse("transparency:donor_token_revoke", args=[token.pk])).status_code == 404
    officer = Client()
    accounts.sign_in(officer, funds.keepers()[0], second_factor=True)
    assert officer.get(reverse("transparency:donor_token_new", args=[gift.donor.pk])).status_code == 403
