"""The forecast's page from real money, and the calendar of tranches."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from disbursements.forecast import Scenario, months_later
from disbursements.selectors.class_figures import CLOSING, OPENING, Behind
from disbursements.selectors.fund_statement import Line, fund_statement
from disbursements.selectors.liquidity import liquidity
from funds.services import endings
from kernel.money import Money
from ledger.selectors import posted_and_free
from ledger.services import record_rate
from tests.costs import queries_of
from tests.factories import accounts, awards
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in
from tests.factories.funds import confirmed_contribution, donor, made_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def client_of(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    sign_in(client, person)
    return client


def owed_now() -> int:
    return sum(one.due.money.minor for one in liquidity().promised)


def test_cash_promises_and_risks_come_from_the_books() -> None:
    before = liquidity()
    plan = before.under(Scenario())
    assert owed_now() > 0
    assert plan.months[-1].certain_minor >= plan.opening_minor - owed_now() * 11 // 10 - 1
    giver = donor()
    confirmed_contribution(10_000_00, donor=giver, restriction_class="END")
    assert liquidity().under(Scenario()).opening_minor == plan.opening_minor, "capital pays nothing"
    confirmed_contribution(7_000_000_00, donor=giver)
    found = liquidity()
    assert found.under(Scenario()).opening_minor == plan.opening_minor + 7_000_000_00
    assert found.alarm is not None
    assert found.alarm.donor == str(giver.pk)

    made_pledge(1_000_00, donor=giver, expected_on=timezone.localdate() + timedelta(days=70))
    made_pledge(9_000_00, donor=giver, restriction_class="END")
    made_pledge(50_000_00, currency="SYP")
    (expected, pounds) = sorted(liquidity().receipts, key=lambda one: one.money.currency, reverse=True)
    assert (expected.money, expected.percent) == (Money(1_000_00, "USD"), 50)
    assert liquidity().under(Scenario()).unvalued == (pounds.money,)
    actor = awards.finance_officers()[0]
    record_rate(
        day=date(2026, 1, 5), base="USD", currency="SYP", series="new", units=Decimal(100), source="x", actor=actor
    )
    now = liquidity()
    assert now.under(Scenario()).unvalued == ()
    names = now.scenarios()
    assert names["stops"].stopped == {str(giver.pk)}
    closings = [now.under(names[one]).months[-1].closing_minor for one in ("plan", "pound", "all")]
    assert closings == [closings[0], closings[0] - 75_00, closings[0] - 75_00 - 500_00]


def test_a_prepared_payment_is_neither_cash_nor_promised_any_more() -> None:
    before = liquidity().under(Scenario())
    owed = owed_now()
    payment = money.prepared_payment(money.approved_tranche(money.requested_tranche(_due())))
    after = liquidity().under(Scenario())
    assert owed_now() == owed - payment.amount_minor
    assert after.opening_minor == before.opening_minor - payment.amount_minor
    money.confirmed_payment(money.sent_payment(payment))
    assert liquidity().under(Scenario()).opening_minor == after.opening_minor


def _due() -> Any:
    from disbursements.models import Tranche

    return Tranche.objects.filter(state="due").get()


def test_an_award_counts_by_its_offer_and_calls_keep_theirs_apart() -> None:
    before, owed = liquidity().under(Scenario()), owed_now()
    grant = awards.awarded_grant(amount_minor=40_000_00)
    found = liquidity()
    assert owed_now() == owed + 40_000_00
    rest = sum(one.amount_minor for one in grant.call.envelopes.all()) - 40_000_00
    given = sum(one.contribution.amount_minor for one in grant.call.envelopes.select_related("contribution"))
    assert found.under(Scenario()).opening_minor == before.opening_minor + given - rest


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_page_its_files_and_its_readers(language: str) -> None:
    giver = donor()
    confirmed_contribution(9_000_000_00, donor=giver)
    made_pledge(1_000_00, donor=giver)
    client = client_of(awards.finance_officers()[0], language)
    url = reverse("disbursements:forecast")
    page = client.get(url, {"stop": str(giver.pk), "late": "٣", "fall": "30"})
    shown = page.context["shown"]
    assert shown.scenario == Scenario(frozenset({str(giver.pk)}), 3, {"SYP": 30})
    assert str(giver.name) in page.content.decode()
    assert page.content.decode().count("<svg") >= 1
    assert client.get(url, {"stop": "x", "late": "-1", "fall": "<b>"}).status_code == 200
    rows = list(csv.reader(io.StringIO(client.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig"))))
    assert len(rows) == 1 + 36
    assert rows[1][0] == f"{timezone.localdate():%Y-%m}"
    assert client.get(url, {"format": "xlsx"}).getvalue()[:2] == b"PK"
    cost = queries_of(lambda: client.get(url))
    for _ in range(3):
        made_pledge(1_000_00, donor=giver)
    assert queries_of(lambda: client.get(url)) == cost
    for role in Role.values:
        reads = role in {"finance_officer", "fund_manager", "board_member", "auditor"}
        assert client_of(accounts.officer(role)).get(url).status_code == (200 if reads else 403)


def test_the_calendar_shows_each_their_own() -> None:
    tranche = _due()
    url = reverse("disbursements:calendar")
    for person in (awards.signatory(tranche.grant), awards.board_member()):
        page = client_of(person).get(url).content.decode()
        assert f"{tranche.grant.reference}" in page
        assert str(months_later(tranche.due_on, 0).year) in page
    assert tranche.grant.reference not in client_of(accounts.user()).get(url).content.decode()


def test_the_statement_of_the_fund_is_the_books_by_class() -> None:
    today = timezone.localdate()
    before = {row.restriction: row for row in fund_statement(today, today)}
    one, other = awards.finance_officers()
    given = confirmed_contribution(9_000_00, restriction_class="ZAK")
    back = endings.ask_return(given, amount_minor=2_000_00, why="سبب", actor=one)
    endings.release_return(back, actor=other)
    payment = money.confirmed_payment(
        money.sent_payment(money.prepared_payment(money.approved_tranche(money.requested_tranche(_due()))))
    )
    rows = {row.restriction: row for row in fund_statement(today, today)}
    assert (rows["ZAK"].lines[Line.RECEIVED].minor, rows["ZAK"].lines[Line.RETURNED].minor) == (9_000_00, -2_000_00)
    assert rows["ZAK"].closing == Money(7_000_00, "USD")
    paid = sum(row.lines[Line.PAID].minor for row in rows.values())
    assert paid == sum(row.lines[Line.PAID].minor for row in before.values()) - payment.amount_minor
    held = posted_and_free("3020/", "envelope/", "2010/")
    assert sum(row.closing.minor for row in rows.values()) == sum(
        one.posted_minor for of in held.values() for one in of
    )
    later = today + timedelta(days=1)
    assert [row.opening for row in fund_statement(later, later)] == [rows[key].closing for key in sorted(rows)]
    client, url = client_of(one), reverse("disbursements:fund_statement")
    for row in rows.values():
        figures = {OPENING: row.opening, CLOSING: row.closing, **row.lines}
        for name, figure in figures.items():
            behind = Behind(row.restriction, "USD", name, today, today)
            assert (behind.total, sum(minor.minor for _one, minor in behind[:])) == (figure, figure.minor)
    opened = reverse("disbursements:class_figure", args=["ZAK", "USD", "returned"])
    assert opened in client.get(url).content.decode()
    assert "-2,000.00" in client.get(opened).content.decode()
    assert client.get(opened.replace("returned", "stolen")).status_code == 404
    assert client_of(accounts.officer("programme_officer")).get(opened).status_code == 403
    assert "7,000.00" in client.get(url).content.decode()
    assert "ends after" in client.get(url, {"since": "2026-05-01", "until": "2026-04-01"}).content.decode()
    listed = list(csv.reader(io.StringIO(client.get(url, {"format": "csv"}).getvalue().decode("utf-8-sig"))))
    assert "7000.00" in next(row for row in listed if row[0] == "zakat")
    assert client_of(accounts.officer("programme_officer")).get(url).status_code == 403
    grant = payment.tranche.grant
    links = client.get(reverse("disbursements:grant_detail", args=[grant.pk])).content.decode()
    assert f"?about={grant.reference}" in links
