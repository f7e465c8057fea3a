"""The forecast's warnings open: windows to bridge, payments that are not covered, awards that are not signed, sums without a rate."""

from uuid import uuid4

import pytest
from django.test import Client

from disbursements.forecast import Scenario
from disbursements.selectors.liquidity import liquidity
from funds.services import bank_account
from ledger.services import TransferDraft, open_account, post
from tests.costs import queries_of
from tests.disbursements.test_payment_figures import page, signed_in
from tests.factories import accounts, awards, funds
from tests.figures import Figure, opening, read

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def in_need() -> None:
    """All but a little of the fund's cash is gone; an award waits for its signature; a promise is in a currency without a rate."""
    given = funds.confirmed_contribution(1_000_00)
    awards.awarded_grant(tier="L")
    funds.made_pledge(500_00)
    funds.made_pledge(70_000_00, currency="SYP")
    left = liquidity().under(Scenario()).opening_minor
    gone = open_account("9000/test", currency="USD", purpose="test")
    post([TransferDraft(uuid4(), gone, bank_account("USD"), left - 3_000_00, "test")], leaf=given.leaf)


def warnings_of(client: Client, asked: str = "") -> list[Figure]:
    """The figures of the forecast's warnings."""
    shown = read(client, page("forecast") + asked).figures
    kinds = ("/missing/", "/at-risk/", "/without-rate/")
    return [one for one in shown if any(kind in one.address for kind in kinds)]


def addresses(client: Client, asked: str = "") -> list[str]:
    """Where they lead."""
    return [one.address for one in warnings_of(client, asked)]


def test_every_warning_of_the_forecast_opens() -> None:
    in_need()
    officer, auditor = signed_in(awards.finance_officers()[0]), signed_in(accounts.officer("auditor"))
    plain: set[str] = set()
    for asked in ("", "?late=6"):
        for client in (officer, auditor):
            found = addresses(client, asked)
            kinds = {one.split("?")[0].strip("/").split("/")[-1] for one in found}
            assert {"amount", "not-covered", "SYP"} <= kinds
            assert any("/missing/" in one for one in found)
            assert opening(client, warnings_of(client, asked)) == len(found)
        plain |= set(found)
    unsigned = next(one for one in liquidity().promised if not one.tranche)
    assert any(str(unsigned.grant) in one for one in plain)
    partner = signed_in(awards.signatory(awards.active_grant(tier="L")))
    assert {partner.get(one).status_code for one in plain} <= {403, 404}
    assert {Client().get(one).status_code for one in plain} == {302}


def test_addresses_of_warnings_that_nobody_links_to_are_not_found() -> None:
    in_need()
    officer = signed_in(awards.finance_officers()[0])
    grant = liquidity().promised[0].grant
    for nothing in (
        page("forecast_window", "9999-99"),
        page("forecast_window", "abc"),
        page("forecast_unvalued", "USD"),
        page("forecast_unvalued", "abc"),
        page("forecast_risk", grant, 99, "amount"),
        page("forecast_risk", uuid4(), 1, "amount"),
    ):
        assert officer.get(nothing).status_code == 404, nothing
    at_risk = next(one for one in addresses(officer) if "/at-risk/" in one)
    assert officer.get(at_risk.replace("/amount/", "/abc/").replace("/not-covered/", "/abc/")).status_code == 404


def test_the_forecast_asks_as_much_for_many_warnings_as_for_few() -> None:
    in_need()
    officer = signed_in(awards.finance_officers()[0])
    client, costs = officer, []
    for _turn in range(2):
        shown = addresses(officer)
        costs.append((len(shown), queries_of(lambda: client.get(page("forecast")))))
        funds.made_pledge(90_000_00, currency="TRY")
    assert costs[0][0] < costs[1][0]
    assert costs[0][1] == costs[1][1]
