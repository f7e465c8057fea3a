"""Every amount on the main pages of the fund's money opens into what it is made of, or stands in a table with the reason why not.

Pages are walked as their readers see them. An amount is what the filter ``money`` and the tag ``figure`` write; that what
opens adds up to it is tried in tests/disbursements/test_figures.py and its neighbours.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from lxml import html

from disbursements.models import Payment, PaymentProvider, Tranche
from funds.models import Contribution, Donor, Pledge, Waqf
from grants.models import Application, Call, Grant, Report
from tests.disbursements.test_revisions import asked
from tests.factories import accounts, awards, disbursements, funds

pytestmark = [pytest.mark.django_db, pytest.mark.database("money_in_motion")]
NOTHING = "nothing is reported yet: zero is made of nothing"
WISH = "what an organisation asks for, by the lines of its own budget beside it: no money of the fund yet"
TERMS = "a limit that the fund set, no sum"
TOLD = "what the partner says of its own cash in its request: the fund has no transfers of it"
RELEASED = (
    "the public reads sums that were released together: what they are made of could tell of partners who are withheld"
)
REPORTED = "what the partner says of a category in its report; the sum of all of them opens"
PLAN = "the plan by the frozen rules as the offer said it: the amount above it opens into the tranches that came of it"
OWN = "the row is the transfer itself"
PLAIN = {
    ("disbursements:grant_detail", "Spent"): NOTHING,
    ("disbursements:report_list", "Spent"): NOTHING,
    ("disbursements:offer", "Amount"): PLAN,
    ("disbursements:agreement", "Amount"): PLAN,
    ("disbursements:report_detail", "This period"): REPORTED,
    ("disbursements:provider_detail", "Commission"): TERMS,
    ("disbursements:provider_detail", "Largest payment"): TERMS,
    ("disbursements:provider_detail", "Most on its way at once"): TERMS,
    ("disbursements:provider_list", "Largest payment"): TERMS,
    ("disbursements:tranche_detail", "Advances not yet cleared"): TOLD,
    ("disbursements:tranche_detail", "Cash on hand"): TOLD,
    ("disbursements:tranche_detail", "Planned spending of the next period"): TOLD,
    ("grants:application_detail", "Asked of the fund"): WISH,
    ("grants:application_detail", "Direct costs"): WISH,
    ("grants:application_detail", "Indirect costs"): WISH,
    ("grants:application_detail", "Sum"): WISH,
    ("grants:application_detail", "Sum of the category"): WISH,
    ("grants:application_detail", "Unit cost"): WISH,
    ("grants:application_detail", "p"): WISH,
    ("grants:pipeline", "Amount asked for"): WISH,
    ("grants:pipeline", "Sum"): WISH,
    ("grants:call_detail", "Money of the call"): TERMS,
    ("grants:call_detail", "One grant"): TERMS,
    ("grants:call_manage", "Money of the call"): TERMS,
    ("grants:call_manage", "One grant"): TERMS,
    ("ledger:transfer_list", "Amount"): OWN,
    ("transparency:home", "Paid and received"): RELEASED,
    ("transparency:home", "Promised in signed grants"): RELEASED,
    ("transparency:home", "Received from donors"): RELEASED,
}
"""Amounts that open nothing, by page and by the column, fact or element in which they stand; and why."""


def a(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def of_each(name: str, found: Iterable[Any]) -> list[str]:
    """One page for each thing, and at least one."""
    pages = [a(name, one.pk) for one in found]
    assert pages, name
    return pages


def of_the_fund() -> list[str]:
    """What finance reads."""
    lists = (
        "disbursements:grant_list disbursements:tranche_list disbursements:payment_list disbursements:report_list"
        " disbursements:calendar disbursements:forecast disbursements:run_list disbursements:provider_list"
        " disbursements:fund_statement disbursements:zakat_list funds:contribution_list funds:pledge_list funds:gift_list"
        " ledger:trial_balance ledger:transfer_list ledger:period_list grants:pipeline"
    )
    return [
        *map(a, lists.split()),
        *of_grants(Grant.objects.filter(state="active")),
        *of_each("disbursements:provider_detail", PaymentProvider.objects.all()),
        *of_each("funds:contribution_detail", Contribution.objects.all()[:3]),
        *of_each("funds:donor_detail", Donor.objects.all()[:3]),
        *of_each("funds:pledge_detail", Pledge.objects.all()),
        *of_each("funds:waqf_detail", Waqf.objects.all()),
        *of_each("disbursements:waqf_statement", Waqf.objects.all()),
        *of_each("grants:call_manage", Call.objects.all()),
        *of_each("grants:application_detail", Application.objects.filter(grants__state="active")),
    ]


def of_grants(grants: Iterable[Grant]) -> Iterator[str]:
    """The pages of grants, and of what belongs to them."""
    for grant in grants:
        yield from (a(f"disbursements:{name}", grant.pk) for name in ("grant_detail", "offer", "agreement", "closing"))
        for name, found in (
            ("report_detail", Report.objects.filter(grant=grant, spent_minor__gt=0)),
            ("tranche_detail", Tranche.objects.filter(grant=grant)),
            ("payment_detail", Payment.objects.filter(tranche__grant=grant)),
            ("revision_detail", grant.revisions.all()),
        ):
            yield from (a(f"disbursements:{name}", one.pk) for one in found)


def of_a_partner(grant: Grant) -> list[str]:
    """What an organisation that was granted money reads."""
    lists = ("grant_list", "tranche_list", "payment_list", "report_list", "calendar")
    return [
        *(a(f"disbursements:{name}") for name in lists),
        *of_grants([grant]),
        a("grants:call_detail", grant.call_id),
    ]


def of_a_donor(donor: Donor) -> list[str]:
    """What a donor's people read."""
    return [
        *(a(f"transparency:{name}", donor.pk) for name in ("donor_place", "donor_statement", "donor_portfolio")),
        *of_each("funds:contribution_detail", donor.contributions.all()),
        *of_each("disbursements:waqf_statement", donor.waqfs.all()),
        a("funds:donor_detail", donor.pk),
        a("funds:contribution_list"),
        a("disbursements:zakat_list"),
    ]


def of_the_public() -> list[str]:
    """What anybody reads."""
    told = ("home", "grants_told", "decision_register", "decision_list")
    return [*(a(f"transparency:{name}") for name in told), *of_each("grants:call_detail", Call.objects.all()[:1])]


def amounts_of(client: Client, address: str) -> Iterator[tuple[str, str, str]]:
    """The amounts of a page: its view, where each stands, and where it leads if it does."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    page: Any = html.fromstring(answer.content)
    for one in page.xpath('//*[@class="money"]'):
        links = one.xpath("ancestor::a[1]/@href")
        yield resolve(address).view_name, place_of(one), str(links[0]) if links else ""


def place_of(amount: Any) -> str:
    """The column, the fact, or else the element in which an amount stands."""
    for above in amount.iterancestors():
        if above.tag == "td":
            return str(above.get("data-label"))
        if above.tag == "dd":
            return str(above.getparent().xpath("string(dt)")).strip()
        if above.tag in {"h1", "h2", "li", "p", "legend", "figcaption"}:
            return str(above.tag)
    return "?"


def wrong_in(client: Client, pages: Iterable[str]) -> tuple[set[tuple[str, str]], set[str]]:
    """Which amounts of the pages open nothing, and which lead where this reader does not get; each kind of page is tried once a page."""
    plain: set[tuple[str, str]] = set()
    tried: set[tuple[str, str]] = set()
    broken: set[str] = set()
    for address in pages:
        for view, place, leads in amounts_of(client, address):
            if not leads:
                plain.add((view, place))
                continue
            kind = (view, resolve(leads.split("?")[0]).view_name)
            if kind not in tried and client.get(leads).status_code != 200:
                broken.add(leads)
            tried.add(kind)
    assert len(tried) > 3 or not client.session.keys(), "a walk that meets no figure proves nothing"
    return plain, broken


def signed_in(person: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, person, second_factor=True)
    return client


def test_every_amount_opens_for_its_reader_or_says_why_not() -> None:
    first = Tranche.objects.get(number=1, state="due", grant__state="active")
    running = disbursements.requested_tranche(first).grant
    asked(running, 5, source="A", target="D")
    funds.made_pledge(9_000_00)
    donor = Donor.objects.filter(waqfs__isnull=False).distinct().get()
    walks = [
        wrong_in(signed_in(awards.finance_officers()[0]), of_the_fund()),
        wrong_in(signed_in(awards.signatory(running)), of_a_partner(running)),
        wrong_in(signed_in(funds.representative(donor)), of_a_donor(donor)),
        wrong_in(Client(headers={"accept-language": "en"}), of_the_public()),
    ]
    assert set().union(*(broken for _plain, broken in walks)) == set()
    assert set().union(*(plain for plain, _broken in walks)) == set(PLAIN)
