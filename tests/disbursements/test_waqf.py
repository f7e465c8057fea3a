"""Waqfs: the deed stands with the source, PostgreSQL keeps the capital, and the year's statement adds up to the transfers."""

from datetime import date
from io import BytesIO
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given as given_by
from hypothesis import strategies as st
from pypdf import PdfReader

from disbursements.models import Payment, Tranche
from disbursements.selectors.crossings import Crossing, Line
from disbursements.selectors.waqf import (
    CLOSING,
    OPENING,
    GrantedLine,
    Part,
    PartStatement,
    WaqfStatement,
    statement,
    years_of,
)
from funds import services
from funds.models import Contribution, Waqf
from funds.selectors.waqfs import deeds_of
from funds.services import waqf as waqfs
from grants.models import Grant, ReligiousBasis
from grants.services import review
from kernel.money import Money, shares
from kernel.permissions import Allowed, Refused
from ledger.models import Transfer
from tests.factories import accounts, awards, disbursements, funds
from tests.factories import grants as calls
from tests.factories.funds import founded
from tests.factories.transparency import withhold
from tests.grants.test_religious import KITS, agreed, eligible_with, kits
from transparency.selectors.giving.names import pseudonym

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
CAPITAL, YIELD = 90_000_00, 30_000_00


def given(waqf: Waqf, restriction: str, minor: int) -> Contribution:
    return funds.confirmed_contribution(minor, donor=waqf.donor, waqf=waqf, restriction_class=restriction)


def part(waqf: Waqf, name: Part, year: int | None = None) -> PartStatement:
    found = statement(waqf, year or timezone.localdate().year).part(name, "USD")
    assert found is not None
    return found


def paid_with_yield(waqf: Waqf) -> Grant:
    """A grant of 11,000, 4,000 of it from the waqf's yield, whose first tranche arrived."""
    application = eligible_with(given(waqf, "WQF", YIELD), funds.confirmed_contribution(60_000_00))
    agreed(kits(application))
    review.start_review(awards.opened_again(application), actor=awards.programme_officer())
    application.refresh_from_db()
    calls.approved_application(application, amount_minor=11_000_00)
    grant = awards.in_force(Grant.objects.get(application=application))
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    return grant


def paper_text(answer: Any) -> str:
    """The words of a paper."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


class TestDeed:
    def test_yield_serves_what_the_latest_deed_says(self) -> None:
        waqf = founded(sectors=["health"])
        waqfs.file_deed(waqf, **funds.deed(nazir="ناظر لاحق", sectors=["education"]), actor=funds.keepers()[0])
        recorded = funds.recorded_contribution(
            5_00, donor=waqf.donor, waqf=waqf, restriction_class="WQF", sectors=["wash"]
        )
        assert recorded.sectors == ["education"]
        assert [one.nazir for one in deeds_of(waqf)] == ["ناظر لاحق", funds.deed()["nazir"]]

    def test_a_waqf_gives_its_own_capital_and_yield_alone(self) -> None:
        waqf = founded()
        for fields in ({"donor": waqf.donor, "restriction_class": "UNR"}, {"restriction_class": "WQF"}):
            with pytest.raises(Refused):
                funds.recorded_contribution(5_00, waqf=waqf, **fields)

    def test_postgresql_knows_whose_waqf_it_is(self) -> None:
        waqf = founded()
        with (
            mock.patch("funds.services.lifecycle.rules.ask", return_value=Allowed()),
            pytest.raises(DatabaseError, match="another donor"),
            transaction.atomic(),
        ):
            funds.recorded_contribution(5_00, waqf=waqf, restriction_class="END")

    def test_finance_files_it_and_the_donor_reads_it(self) -> None:
        donor = funds.donor(kind="waqf")
        officer, theirs, stranger = Client(), Client(), Client()
        accounts.sign_in(officer, funds.keepers()[0], second_factor=True)
        accounts.sign_in(theirs, funds.representative(donor), second_factor=True)
        accounts.sign_in(stranger, funds.representative(funds.donor()), second_factor=True)
        typed = {**funds.deed(sectors=["health"]), "name": "وقف تجريبي", "deeded_on": "2020-05-01"}
        page = officer.post(reverse("funds:waqf_add", args=[donor.pk]), {**typed, "nazir": ""})
        assert page.status_code == 200
        assert "وقف تجريبي" in page.content.decode()
        assert (
            officer.post(
                reverse("funds:waqf_add", args=[donor.pk]), {**typed, "file": funds.deed()["file"]}
            ).status_code
            == 302
        )
        waqf = Waqf.objects.get()
        for address in (
            reverse("funds:waqf_detail", args=[waqf.pk]),
            reverse("funds:waqf_deed", args=[waqf.pk, deeds_of(waqf)[0].pk]),
            reverse("disbursements:waqf_statement", args=[waqf.pk]),
        ):
            answer = theirs.get(address)
            assert answer.status_code == 200
            b"".join(answer)
            assert stranger.get(address).status_code == 404


class TestCapital:
    def test_it_leaves_by_no_way_but_back_to_its_donor(self) -> None:
        waqf = founded()
        capital = given(waqf, "END", CAPITAL)
        others = [
            services.bank_account("USD"),
            funds.confirmed_contribution(1_00).account,
            given(waqf, "WQF", 1_00).account,
        ]
        assert capital.account is not None
        for other in others:
            assert other is not None
            with (
                pytest.raises(DatabaseError, match="capital of a waqf stays"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(
                    'INSERT INTO ledger_transfer (key, "group", debit_id, credit_id, amount_minor, currency, kind, reason, facts,'
                    " leaf_id, posted_at) VALUES (gen_random_uuid(), gen_random_uuid(), %s, %s, 1, 'USD', 'post', 'x', '{}', %s, now())",
                    [capital.account_id, other.pk, capital.leaf_id],
                )
        funds.returned(capital, 10_00)
        assert part(waqf, Part.CAPITAL).rows == [
            (OPENING, Money(0, "USD")), ("received", Money(CAPITAL, "USD")), ("returned", Money(-10_00, "USD")),
            (CLOSING, Money(CAPITAL - 10_00, "USD")),
        ]  # fmt: skip


class TestStatement:
    def test_what_was_paid_stands_by_line_and_everything_adds_up(self) -> None:
        waqf = founded()
        given(waqf, "END", CAPITAL)
        grant = paid_with_yield(waqf)
        told = statement(waqf, timezone.localdate().year)
        of_yield = part(waqf, Part.YIELD)
        figures = dict(of_yield.rows)
        [row] = told.granted
        assert (row.grant, row.line) == (grant.reference, "حقائب للأسر الفقيرة")
        assert 0 < row.paid.minor <= KITS
        assert row.paid == row.ever == -figures[Line.PAID]
        assert figures[CLOSING] == Money(YIELD, "USD") - row.paid
        assert sum((money for name, money in of_yield.rows if name != CLOSING), Money(0, "USD")) == figures[CLOSING]
        for one in told.parts:
            for name, money in one.rows:
                assert sum((cross.money for cross in one.behind(name)), Money(0, "USD")) == money

    def test_a_later_year_begins_with_what_was_left(self) -> None:
        waqf = founded()
        given(waqf, "WQF", YIELD)
        this = timezone.localdate().year
        assert years_of(waqf) == [this]
        later = dict(part(waqf, Part.YIELD, this + 1).rows)
        assert (later[OPENING], later[Line.RECEIVED], later[CLOSING]) == (
            Money(YIELD, "USD"), Money(0, "USD"), Money(YIELD, "USD"),
        )  # fmt: skip

    def test_every_figure_opens_and_the_papers_say_the_same(self) -> None:
        waqf = founded()
        given(waqf, "END", CAPITAL)
        paid_with_yield(waqf)
        client = Client()
        accounts.sign_in(client, funds.representative(waqf.donor), second_factor=True)
        address = reverse("disbursements:waqf_statement", args=[waqf.pk])
        page = client.get(address)
        for one in page.context["told"].parts:
            for name, money in one.rows:
                opened = client.get(reverse("disbursements:waqf_figure", args=[waqf.pk, one.part, "USD", name]))
                assert opened.context["total"] == money
                assert sum((row for _one, row in opened.context["page"]), Money(0, "USD")) == money
        pdf = client.get(address, {"format": "pdf"})
        assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "private, no-store")
        table = b"".join(client.get(address, {"format": "csv"})).decode()
        assert str(Money(CAPITAL, "USD").amount) in table
        assert (
            client.get(reverse("disbursements:waqf_figure", args=[waqf.pk, "yield", "USD", "costs"])).status_code == 404
        )
        assert date(2020, 5, 1) == deeds_of(waqf)[0].deeded_on

    def test_the_donor_reads_a_withheld_grant_under_its_own_code(self) -> None:
        """On page, in the table, on the paper and behind every figure: no reference, no words of the partner, no day."""
        waqf = founded()
        grant = paid_with_yield(waqf)
        withhold(grant, "name")
        code, address = pseudonym(waqf.donor, grant.pk), reverse("disbursements:waqf_statement", args=[waqf.pk])
        donor, officer = Client(), Client()
        accounts.sign_in(donor, funds.representative(waqf.donor), second_factor=True)
        accounts.sign_in(officer, awards.finance_officers()[0], second_factor=True)
        [basis] = ReligiousBasis.objects.filter(application=grant.application)
        [paid] = Payment.objects.filter(tranche__grant=grant)
        hidden = [grant.reference, "حقائب للأسر الفقيرة", basis.justification, paid.key, f"{paid.moved_at:%Y-%m-%d}"]
        # The paper goes to the donor, whoever draws it.
        papers = [paper_text(client.get(address, {"format": "pdf"})) for client in (donor, officer)]
        told = [
            donor.get(address).content.decode(),
            b"".join(donor.get(address, {"format": "csv"})).decode(),
            donor.get(reverse("disbursements:waqf_figure", args=[waqf.pk, "yield", "USD", "paid"])).content.decode(),
        ]
        for text in told + papers:
            assert (code in text, [word for word in hidden if word in text]) == (True, [])
        whole = officer.get(address).content.decode()
        assert (grant.reference in whole, basis.justification in whole, code in whole) == (True, True, False)

    def test_a_line_opens_into_its_share_of_every_payment_for_its_readers(self) -> None:
        waqf, other = founded(), founded()
        grant = paid_with_yield(waqf)
        withhold(grant, "name")
        code, address = pseudonym(waqf.donor, grant.pk), reverse("disbursements:waqf_statement", args=[waqf.pk])
        people = {"donor": funds.representative(waqf.donor), "officer": awards.finance_officers()[0]}
        people["stranger"] = funds.representative(other.donor)
        clients = {name: Client() for name in people}
        for name, person in people.items():
            accounts.sign_in(clients[name], person, second_factor=True)
        [row] = clients["donor"].get(address).context["told"].granted
        assert (row.grant, row.number) == (code, 1)
        for figure in ("year", "ever"):
            page = {
                name: reverse("disbursements:waqf_line_figure", args=[waqf.pk, called, 1, figure])
                for name, called in (("donor", code), ("officer", grant.reference))
            }
            for name in ("donor", "officer"):
                shown = clients[name].get(page[name])
                assert (
                    shown.context["total"]
                    == sum((one for _t, one in shown.context["page"]), Money(0, "USD"))
                    == row.paid
                )
                assert page[name] in clients[name].get(address).content.decode()
            assert grant.reference not in clients["donor"].get(page["donor"]).content.decode()
            assert clients["donor"].get(page["officer"]).status_code == 404, "the reference is not theirs to know"
            assert clients["stranger"].get(page["donor"]).status_code == 404
        for args in ([code, 2, "year"], [code, 1, "paid"], ["W-1", 1, "year"]):
            nothing = reverse("disbursements:waqf_line_figure", args=[waqf.pk, *args])
            assert clients["donor"].get(nothing).status_code == 404, args

    @given_by(
        st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=6),
        st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=5),
    )
    def test_the_shares_of_a_line_add_up_to_it_to_the_cent(self, payments: list[int], weights: list[int]) -> None:
        """However a grant was paid and whatever its lines cost; payments of another grant count in none."""
        funding, year = uuid4(), timezone.localdate().year
        crossings = [
            Crossing(Transfer(posted_at=timezone.now()), Money(-minor, "USD"), Line.PAID, key)
            for key in (funding, uuid4())
            for minor in payments
        ]
        part = PartStatement(Part.YIELD, "USD", year, crossings)
        rows = [
            GrantedLine(funding, number, "GRA", "", "", Money(minor, "USD"), Money(minor, "USD"))
            for number, minor in enumerate(shares(sum(payments), weights), start=1)
        ]
        told = WaqfStatement(Waqf(), year, [part], rows)
        for row in rows:
            for name, whole in (("year", row.paid), ("ever", row.ever)):
                behind = told.behind_line(row, name)
                assert len(behind) == len(payments)
                assert sum((money for _one, money in behind), Money(0, "USD")) == whole

    @pytest.mark.parametrize("times", [1, 3])
    def test_it_asks_as_much_for_many_contributions(self, times: int, django_assert_num_queries: object) -> None:
        waqf = founded()
        for _ in range(times):
            given(waqf, "WQF", YIELD)
        with django_assert_num_queries(4):  # type: ignore[operator]
            statement(waqf, timezone.localdate().year)
