"""Every figure of the donors' place opens, and what opens tells no more of a withheld partner than the place itself."""

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.models import Payment, Tranche
from funds.models import Donor
from grants.models import Grant
from tests.costs import queries_of
from tests.disbursements.test_figures import found_in, given_back, opened
from tests.disbursements.test_zakat import paid_with_zakat
from tests.factories import accounts, awards, disbursements, funds
from tests.factories.transparency import withhold
from transparency.selectors import giving

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]


def pages_of(donor: Donor) -> list[str]:
    """The pages of a donor's place that show figures."""
    names = ("donor_place", "donor_portfolio", "donor_statement")
    pages = [reverse(f"transparency:{name}", args=[donor.pk]) for name in names]
    codes = {one.grant.code for source in giving.threads_of(donor) for one in source.grants}
    return pages + [reverse("transparency:donor_grant", args=[donor.pk, code]) for code in sorted(codes)]


def givers_of(grant: Grant) -> list[Donor]:
    return list(Donor.objects.filter(contributions__envelopes__funding__grant=grant).distinct())


def test_every_figure_opens_for_the_donor_and_names_no_withheld_grant() -> None:
    grant = disbursements.spent_grant(paid_with_zakat(), left_minor=500_00)
    given_back(grant)
    withhold(grant, "name")
    other = awards.active_grant()
    disbursements.pay(Tranche.objects.get(grant=other, number=1))
    hidden = [grant.reference, *Payment.objects.filter(tranche__grant=grant).values_list("key", flat=True)]
    found, codes = 0, []
    for donor in givers_of(grant):
        funds.made_pledge(9_00, donor=donor)
        codes += [code for page in pages_of(donor) if (code := page.rsplit("/", 2)[-2]).startswith("W-")]
        for person in (funds.representative(donor), awards.finance_officers()[0]):
            client = Client()
            accounts.sign_in(client, person, second_factor=True)
            for page in pages_of(donor):
                found += opened(client, page)
                for one in found_in(client.get(page), "figure"):
                    shown = client.get(one.get("href")).content.decode()
                    assert [word for word in hidden if word in shown] == [], one.get("href")
    assert found > 40
    assert len(codes) == len(set(codes)) > 1, "each donor knows it under a code of its own"


def test_a_page_of_figures_asks_as_much_for_one_contribution_as_for_three() -> None:
    donor = funds.donor()
    client, page = Client(), reverse("transparency:donor_place", args=[donor.pk])
    accounts.sign_in(client, funds.representative(donor), second_factor=True)
    costs = []
    for number in (1, 2):
        for _one in range(number):
            funds.confirmed_contribution(5_00, donor=donor)
        costs.append(queries_of(lambda: client.get(page)))
    assert costs[0] == costs[1]


def test_statements_are_for_those_who_look_after_the_money() -> None:
    given = funds.confirmed_contribution(5_00)
    client = Client()
    accounts.sign_in(client, funds.representative(given.donor, role="programme"), second_factor=True)
    assert client.get(reverse("transparency:statement_figure", args=[given.donor_id, "received"])).status_code == 403
    stranger = Client()
    accounts.sign_in(stranger, funds.representative(funds.donor()), second_factor=True)
    assert stranger.get(reverse("transparency:statement_figure", args=[given.donor_id, "received"])).status_code == 404
