"""Every figure of the books on the pages of officers and donors opens into transfers that add up to it."""

from functools import cache
from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from pypdf import PdfReader

from disbursements.models import Payment, Tranche
from disbursements.selectors import zakat
from disbursements.selectors.liquidity import liquidity
from disbursements.services import closing, payments
from funds.services.card_books import pool_account
from grants.models import Grant
from kernel.money import Money
from ledger.figures import behind_free
from ledger.selectors import balance
from ledger.services import TransferDraft, post
from tests.costs import queries_of
from tests.disbursements.test_zakat import paid_with_zakat
from tests.factories import accounts, awards, disbursements, funds, shelf
from tests.factories.transparency import withhold
from tests.figures import opened, read
from transparency.selectors.giving.names import pseudonym

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
LEAST = {
    "trial_balance": 12,
    "pledge_list": 2,
    "pledge_detail": 2,
    "contribution_list": 8,
    "contribution_detail": 2,
    "donor_detail": 2,
    "gift_list": 1,
    "zakat_list": 2,
    "fund_statement": 9,
    "waqf_statement": 10,
}
"""So many figures each page shows here at least: a page that marks none proves nothing."""


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(paid_with_zakat)


@pytest.mark.parametrize("who", ["officer", "donor"])
def test_every_figure_opens_into_its_transfers(who: str) -> None:
    grant = paid_with_zakat()
    [given] = zakat.zakat()
    waqf = funds.founded()
    funds.confirmed_contribution(5_00, donor=waqf.donor, waqf=waqf, restriction_class="END")
    funds.confirmed_contribution(7_00, donor=waqf.donor, waqf=waqf, restriction_class="WQF")
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    pool, loose = pool_account("ZAK", "USD"), funds.confirmed_contribution(3_00)
    assert loose.account is not None
    post([TransferDraft(uuid4(), loose.account, pool, 1_00, "test")], leaf=grant.leaf)
    funds.returned(loose, 1_00)
    person: AbstractBaseUser = awards.finance_officers()[0]
    promised = funds.made_pledge(9_00, donor=given.donor)
    funds.confirmed_contribution(4_00, donor=given.donor, pledge=promised)
    pages = {
        "trial_balance": reverse("ledger:trial_balance"),
        "pledge_list": reverse("funds:pledge_list"),
        "pledge_detail": reverse("funds:pledge_detail", args=[promised.pk]),
        "contribution_list": reverse("funds:contribution_list"),
        "contribution_detail": reverse("funds:contribution_detail", args=[given.pk]),
        "donor_detail": reverse("funds:donor_detail", args=[given.donor_id]),
        "gift_list": reverse("funds:gift_list"),
        "zakat_list": reverse("disbursements:zakat_list"),
        "fund_statement": reverse("disbursements:fund_statement"),
        "waqf_statement": reverse("disbursements:waqf_statement", args=[waqf.pk]),
    }
    if who == "donor":
        person = funds.representative(given.donor)
        own = ("contribution_detail", "donor_detail", "zakat_list", "pledge_list", "pledge_detail")
        pages = {name: pages[name] for name in own}
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    found = {name: opened(client, address) for name, address in pages.items()}
    assert {name: count for name, count in found.items() if count < LEAST[name]} == {}


OF_A_GRANT = {
    "grant_list": 2,
    "grant_detail": 6,
    "closing": 7,
    "report_detail": 12,
    "tranche_detail": 3,
    "tranche_list": 3,
    "payment_list": 2,
    "payment_detail": 1,
    "calendar": 4,
    "forecast": 100,
    "provider_detail": 1,
}


def given_back(grant: Grant) -> None:
    """The partner gives back what it did not spend."""
    one, other = awards.finance_officers()
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=one)
    seen = closing.record_refund(refund, received_on=localdate(), bank_reference="REF-1", actor=one)
    closing.confirm_refund(seen, actor=other)


@pytest.mark.parametrize("who", ["officer", "partner"])
def test_every_figure_of_a_grant_and_of_the_forecast_opens(who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Two hundred figures of one forecast: what they open into is reckoned from the books once, the forecast itself apart.
    monkeypatch.setattr("disbursements.views.figures.liquidity", cache(liquidity))
    grant = disbursements.spent_grant(paid_with_zakat(), left_minor=500_00)
    given_back(grant)
    first = Tranche.objects.get(grant=grant, number=1)
    payment, report = first.payments.get(), grant.reports.order_by("-number")[0]
    funds.made_pledge(9_000_00)
    funds.confirmed_contribution(1_000_00)
    provider = disbursements.approved_provider()
    other = disbursements.approved_tranche(tier="L", amount_minor=12_500_00)
    carried = payments.prepare_payment(other, actor=awards.finance_officers()[0], provider=provider)
    disbursements.sent_payment(carried)
    names = ("grant_list", "tranche_list", "payment_list", "calendar", "forecast")
    pages = {name: reverse(f"disbursements:{name}") for name in names}
    for name, thing in (
        ("grant_detail", grant),
        ("closing", grant),
        ("report_detail", report),
        ("tranche_detail", first),
        ("payment_detail", payment),
        ("provider_detail", provider),
    ):
        pages[name] = reverse(f"disbursements:{name}", args=[thing.pk])
    person: AbstractBaseUser = awards.finance_officers()[0]
    if who == "partner":
        person = awards.signatory(grant)
        del pages["forecast"], pages["provider_detail"]
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    found = {name: opened(client, address) for name, address in pages.items()}
    assert {name: count for name, count in found.items() if count < OF_A_GRANT[name]} == {}
    [given] = zakat.zakat()
    shown = [read(client, one.address).text for one in read(client, pages["closing"]).figures]
    assert any(given.reference in page for page in shown) == (who == "officer")


def test_what_is_free_is_told_by_reservations_and_their_ends() -> None:
    given = funds.confirmed_contribution(100_00)
    other = funds.confirmed_contribution(1_00).account
    assert given.account is not None
    assert other is not None
    held, kept = (
        post([TransferDraft(uuid4(), given.account, other, minor, "test", "pend")], leaf=given.leaf)[0]
        for minor in (30_00, 20_00)
    )
    post([TransferDraft.settle(held, key=uuid4(), reason="test", minor=12_00)], leaf=given.leaf)
    post([TransferDraft.void(kept, key=uuid4(), reason="test")], leaf=given.leaf)
    told = behind_free(given.account)
    assert told.total == balance(given.account).available == Money(88_00, "USD")
    assert [money.minor for _one, money in told.rows] == [20_00, 18_00, -20_00, -30_00, 100_00]


def test_a_donor_reads_a_withheld_grant_under_its_own_code_everywhere() -> None:
    """In figures, statements and papers, page and file: neither the reference, nor the day, nor the partner's words."""
    grant = paid_with_zakat()
    [given] = zakat.zakat()
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    withhold(grant, "name")
    code = pseudonym(given.donor, grant.pk)
    donor, officer = Client(), Client()
    accounts.sign_in(donor, funds.representative(given.donor), second_factor=True)
    accounts.sign_in(officer, awards.finance_officers()[0], second_factor=True)
    figures = [reverse("disbursements:zakat_figure", args=[given.pk, name]) for name in ("distributed", "left")]
    figures += [reverse(f"funds:contribution_{name}", args=[given.pk]) for name in ("free", "received")]
    for page in figures:
        assert grant.reference not in donor.get(page).content.decode(), page
    told, whole = (client.get(figures[0]).content.decode() for client in (donor, officer))
    assert (code in told, grant.reference in whole) == (True, True)
    [paid] = Payment.objects.filter(tranche__grant=grant)
    assert (paid.key in told, paid.key in whole) == (False, True)
    assert f"{paid.moved_at:%Y-%m-%d}" not in told
    # The certificate goes to the donor, whoever draws it.
    for client in (donor, officer):
        paper = PdfReader(BytesIO(client.get(reverse("disbursements:zakat_certificate", args=[given.pk])).content))
        text = "".join(page.extract_text() for page in paper.pages)
        assert (code in text, grant.reference in text) == (True, False)


def test_an_address_that_nobody_links_to_is_not_found() -> None:
    """Currencies, days and figures that do not exist: 404, never an error of the server."""
    given, waits = funds.confirmed_contribution(3_00), funds.made_pledge(2_00)
    client = Client()
    accounts.sign_in(client, awards.finance_officers()[0], second_factor=True)
    asked = [
        ("ledger:trial_figure", "abc", "debit"),
        ("ledger:trial_figure", "USD", "free"),
        ("ledger:account_figure", given.account_id, "other"),
        ("funds:contribution_sum", "abc"),
        ("funds:pledge_sum", "abc"),
        ("funds:donor_promised", waits.donor_id, "abc"),
        ("funds:donor_received", given.donor_id, "abc"),
        ("disbursements:grants_figure", "abc"),
        ("disbursements:tranches_figure", "abc"),
        ("disbursements:payments_figure", "abc"),
        ("disbursements:calendar_figure", 99999, 1, "USD"),
        ("disbursements:calendar_figure", 0, 13, "abc"),
        ("disbursements:forecast_figure", "closing"),
        ("disbursements:forecast_month", "closing", "9999-99"),
        ("disbursements:forecast_month", "usable", "2027-01"),
        ("transparency:statement_figure", given.donor_id, "other"),
        ("transparency:share_figure", given.donor_id, "W-1", "paid"),
        ("transparency:part_figure", given.donor_id, "W-1", "CON-1", "paid"),
        ("transparency:donor_tranche_figure", given.donor_id, "W-1", 1),
    ]
    for name, *args in asked:
        assert client.get(reverse(name, args=args)).status_code == 404, (name, args)


def test_the_sum_of_a_list_opens_under_its_filters_and_for_its_reader() -> None:
    """What is filtered away, cancelled or another's is in neither the sum nor its page; its queries do not grow."""
    grant = paid_with_zakat()
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    officer, partner = Client(), Client()
    accounts.sign_in(officer, awards.finance_officers()[0], second_factor=True)
    accounts.sign_in(partner, awards.signatory(grant), second_factor=True)
    other = awards.active_grant()

    def labels(client: Client, name: str, **asked: str) -> list[str]:
        answer = client.get(reverse(f"disbursements:{name}", args=["USD"]), asked)
        assert answer.status_code == 200, (name, asked)
        return [one.label for one in answer.context["page"]]

    assert {grant.reference, other.reference} <= set(labels(officer, "grants_figure"))
    assert labels(officer, "grants_figure", text=grant.reference) == [grant.reference]
    assert labels(partner, "grants_figure") == [grant.reference]
    assert labels(officer, "tranches_figure", text=grant.reference, state="received") == [f"{grant.reference} · 1"]
    [payment] = Payment.objects.filter(tranche__grant=grant)
    assert labels(partner, "payments_figure") == [payment.key]
    assert other.reference not in "".join(labels(partner, "tranches_figure"))
    client, page = officer, reverse("disbursements:tranches_figure", args=["USD"])
    few = queries_of(lambda: client.get(page, {"text": grant.reference, "state": "received"}))
    assert len(labels(officer, "tranches_figure")) >= 3
    assert queries_of(lambda: client.get(page)) == few
    assert partner.get(page, {"text": other.reference}).status_code == 404
    shown = read(officer, reverse("disbursements:grant_list") + f"?text={grant.reference}").figures
    summed = reverse("disbursements:grants_figure", args=["USD"]) + f"?text={grant.reference}"
    assert shown[-1].address == summed
