"""Figures of payments: by source, as they arrived, in another currency, in files for the bank; each for its readers only."""

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.models import Tranche
from disbursements.services import closing, conversions
from grants.models import Grant
from tests.costs import queries_of
from tests.disbursements.test_conversions import bulletin, recorded
from tests.disbursements.test_zakat import paid_with_zakat
from tests.factories import accounts, awards, disbursements, funds
from tests.figures import opened, read

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def page(name: str, *args: object) -> str:
    return reverse(f"disbursements:{name}", args=args)


def signed_in(person: object) -> Client:
    client = Client()
    accounts.sign_in(client, person, second_factor=True)  # type: ignore[arg-type]
    return client


def readers(grant: Grant) -> dict[str, Client]:
    """An officer, the grant's signatory, and the signatory of another grant's organisation."""
    other = awards.active_grant(tier="L")
    people = {
        "officer": awards.finance_officers()[0],
        "partner": awards.signatory(grant),
        "stranger": awards.signatory(other),
    }
    return {name: signed_in(person) for name, person in people.items()}


@pytest.mark.parametrize("charged", [40_00, -40_00])
def test_what_arrived_and_in_which_currency_opens(charged: int) -> None:
    funds.confirmed_contribution(50_000_00)
    bulletin()
    payment = disbursements.confirmed_payment(fee_minor=7_00)
    grant = payment.tranche.grant
    conversion = recorded(payment, charged=payment.amount_minor + charged)
    by_name = readers(grant)
    detail = page("payment_detail", payment.pk)
    booked, other = ("loss", "gain") if charged > 0 else ("gain", "loss")
    names = ("arrived", "bank-fee", "paid-out", "charged", "share", booked)
    for _turn in ("recorded", "confirmed"):
        for name in ("officer", "partner"):
            assert opened(by_name[name], detail) >= 6, name
        shown = {one.address for one in read(by_name["partner"], detail).figures}
        parts = {page("payment_part_figure", payment.pk, name) for name in names}
        assert parts <= shown
        assert {by_name["stranger"].get(part).status_code for part in parts} == {404}
        if conversion.state == "recorded":
            conversion = conversions.confirm_conversion(conversion, actor=awards.finance_officers()[1])
    for nothing in (other, "abc"):
        assert by_name["officer"].get(page("payment_part_figure", payment.pk, nothing)).status_code == 404, nothing


def test_the_source_of_a_payment_is_named_to_those_who_see_it() -> None:
    grant = paid_with_zakat()
    payment = disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    codes = [row.envelope.contribution.reference for row in grant.funding.select_related("envelope__contribution")]
    by_name = readers(grant)
    detail = page("payment_detail", payment.pk)
    told = {name: by_name[name].get(detail).content.decode() for name in ("officer", "partner")}
    assert any(code in told["officer"] for code in codes)
    assert not any(code in told["partner"] for code in codes)
    taken = [
        row.pk for row in grant.funding.all() if page("payment_source_figure", payment.pk, row.pk) in told["partner"]
    ]
    assert taken
    for funding in taken:
        address = page("payment_source_figure", payment.pk, funding)
        assert not any(code in by_name["partner"].get(address).content.decode() for code in codes)
        assert by_name["stranger"].get(address).status_code == 404
    strange = awards.active_grant().funding.get().pk
    assert by_name["officer"].get(page("payment_source_figure", payment.pk, strange)).status_code == 404


def test_a_file_for_the_bank_opens_into_its_payments_for_finance_alone() -> None:
    one = disbursements.prepared_payment(tier="L")
    run = disbursements.prepared_run(one, disbursements.prepared_payment(tier="L", amount_minor=30_000_00))
    by_name, address = readers(one.tranche.grant), page("run_figure", run.pk)
    assert opened(by_name["officer"], page("run_detail", run.pk)) == 3
    assert opened(by_name["officer"], page("run_list")) == 1
    assert {by_name[name].get(address).status_code for name in ("partner", "stranger")} <= {403, 404}
    few = queries_of(lambda: by_name["officer"].get(address))
    larger = disbursements.prepared_run(*(disbursements.prepared_payment(tier="L") for _number in range(3)))
    assert queries_of(lambda: by_name["officer"].get(page("run_figure", larger.pk))) == few


def test_what_is_not_accepted_and_what_reports_spent_open() -> None:
    grant = disbursements.spent_grant(left_minor=500_00)
    closing.compute_refund(grant, disallowed_minor=120_00, actor=awards.finance_officers()[0])
    by_name = readers(grant)
    for name in ("officer", "partner"):
        assert opened(by_name[name], page("closing", grant.pk)) >= 7, name
        assert opened(by_name[name], page("report_list")) >= 1, name
    address = page("grant_figure", grant.pk, "not-accepted")
    assert by_name["officer"].get(address).context["total"].minor == 120_00
    assert by_name["stranger"].get(address).status_code == 404
