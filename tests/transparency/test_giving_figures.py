"""Every figure of the donors' place opens, and what opens tells no more of a withheld partner than the place itself."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disbursements.models import Payment, Tranche
from disbursements.services import payments
from funds.models import Donor
from grants.models import Grant
from kernel.pieces.words import day_in_words, month_in_words
from tests.costs import queries_of
from tests.disbursements.test_figures import given_back
from tests.disbursements.test_zakat import spent_with_zakat
from tests.factories import accounts, awards, disbursements, funds, shelf
from tests.factories.transparency import withhold
from tests.figures import opened, read
from transparency.selectors import giving

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(spent_with_zakat)


def pages_of(donor: Donor) -> list[str]:
    """The pages of a donor's place that show figures."""
    names = ("donor_place", "donor_portfolio", "donor_statement")
    pages = [reverse(f"transparency:{name}", args=[donor.pk]) for name in names]
    codes = {one.grant.code for source in giving.threads_of(donor) for one in source.grants}
    return pages + [reverse("transparency:donor_grant", args=[donor.pk, code]) for code in sorted(codes)]


def givers_of(grant: Grant) -> list[Donor]:
    return list(Donor.objects.filter(contributions__envelopes__funding__grant=grant).distinct())


def test_every_figure_opens_for_the_donor_and_names_no_withheld_grant() -> None:
    grant = spent_with_zakat()
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
                for one in read(client, page).figures:
                    shown = read(client, one.address).text
                    assert [word for word in hidden if word in shown] == [], one.address
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


def test_what_may_tell_of_a_withheld_grant_is_told_by_month_in_the_statement() -> None:
    """A commission names no grant, a refund names it: their days are hidden as those of payments are, on page and in file."""
    grant = spent_with_zakat()
    given_back(grant)
    funds.confirmed_contribution(1_000_00)
    carried = payments.prepare_payment(
        disbursements.approved_tranche(tier="L", amount_minor=12_500_00),
        actor=awards.finance_officers()[0],
        provider=disbursements.approved_provider(),
    )
    disbursements.confirmed_payment(disbursements.sent_payment(carried))
    day = day_in_words(timezone.localdate(), language="en")
    month = month_in_words(timezone.localdate(), language="en")
    [bears] = Donor.objects.filter(
        contributions__account__debits__pending__reason="disbursements.commission"
    ).distinct()
    assert {when for what, when in days_of(bears) if what == "Costs of the fund"} == {month}
    back, paid = "Given back by partners", "Paid to partners"
    given = [one for one in givers_of(grant) if {(back, day), (paid, day)} <= days_of(one)]
    assert given, "an open grant's days are told"
    withhold(grant, "name")
    for one in given:
        assert {row for row in days_of(one) if row[0] in {back, paid}} == {(back, month), (paid, month)}


def days_of(donor: Donor) -> set[tuple[str, str]]:
    """What a donor's statement says, and on which day or in which month; the page and the table say the same."""
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, funds.representative(donor), second_factor=True)
    address = reverse("transparency:donor_statement", args=[donor.pk])
    told = {(what, when) for when, what, *_rest in client.get(address).context["rows"][1:-1]}
    table = client.get(address, {"format": "csv"}).getvalue().decode()
    assert {(row[1], row[0]) for row in list(csv.reader(io.StringIO(table)))[2:-1]} == told
    return told
