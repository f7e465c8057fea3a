"""The way of the money: every link and every amount of it opens, for its readers only."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from disbursements.models import Tranche
from tests.disbursements.test_payment_figures import page, readers, signed_in
from tests.disbursements.test_zakat import paid_with_zakat
from tests.factories import disbursements, funds, shelf
from tests.figures import opened, read

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(paid_with_zakat)


def chain(client: Client, address: str) -> list[tuple[str, str, str]]:
    """What stands in the thread of a page: label, its address, where the amount opens."""
    found: Any = html.fromstring(read(client, address).text)
    links = []
    for one in found.xpath('//ol[@class="thread"]/li'):
        label, *_ = [link.get("href") for link in one.xpath("./a[not(@class)]")] or [""]
        amount, *_ = [link.get("href") for link in one.xpath('./a[@class="figure"]')] or [""]
        assert bool(amount) == bool(one.xpath('.//*[@class="money"]')), "every amount opens"
        links.append((one.xpath("string(./*[2])"), label, amount))
    return links


def test_every_link_and_amount_of_a_thread_opens_for_who_reads_it() -> None:
    grant = disbursements.spent_grant(paid_with_zakat(), left_minor=500_00)
    first, report = Tranche.objects.get(grant=grant, number=1), grant.reports.order_by("-number")[0]
    pages = [
        page("grant_detail", grant.pk),
        page("tranche_detail", first.pk),
        page("report_detail", report.pk),
        page("closing", grant.pk),
    ]
    sources = [row.envelope.contribution for row in grant.funding.select_related("envelope__contribution")]
    by_name = readers(grant)
    addresses: set[str] = set()
    for name in ("officer", "partner"):
        for address in pages:
            links = chain(by_name[name], address)
            for _label, label_url, amount in links:
                for one in filter(None, (label_url, amount)):
                    assert read(by_name[name], one).status == 200, (name, one)
            shown = {label_url for _label, label_url, _amount in links}
            named = {reverse("funds:contribution_detail", args=[one.pk]) for one in sources}
            assert named <= shown if name == "officer" else not named & shown
            addresses |= {amount for *_rest, amount in links if amount}
            assert opened(by_name[name], address) >= len(sources) + 1
    assert {by_name["stranger"].get(one).status_code for one in addresses} == {404}


def test_the_sums_under_the_bar_open_into_their_tranches() -> None:
    grant = paid_with_zakat()
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    by_name = readers(grant)
    detail = by_name["partner"].get(page("grant_detail", grant.pk)).content.decode()
    states = [one for one in ("paid", "due", "planned", "held") if page("part_figure", grant.pk, one) in detail]
    assert "paid" in states
    assert len(states) > 1
    for one in states:
        assert by_name["stranger"].get(page("part_figure", grant.pk, one)).status_code == 404
    for nothing in {"paid", "due", "planned", "held", "abc"} - set(states):
        assert by_name["partner"].get(page("part_figure", grant.pk, nothing)).status_code == 404, nothing


def test_the_thread_of_a_donor_opens_for_the_donor_alone() -> None:
    grant = paid_with_zakat()
    disbursements.pay(Tranche.objects.get(grant=grant, number=1))
    given = grant.funding.select_related("envelope__contribution__donor").order_by("leaf_id")[0].envelope.contribution
    donor, other = signed_in(funds.representative(given.donor)), signed_in(funds.representative(funds.donor()))
    place = reverse("transparency:donor_place", args=[given.donor_id])
    sums = [amount for *_rest, amount in chain(donor, place) if amount]
    assert {
        reverse("transparency:source_figure", args=[given.donor_id, given.reference, one])
        for one in ("promised", "paid")
    } <= set(sums)
    assert opened(donor, place) >= 6
    assert {other.get(one).status_code for one in sums} == {404}
    detail = reverse("funds:contribution_detail", args=[given.pk])
    assert chain(donor, detail)[0][2] == reverse("funds:contribution_received", args=[given.pk])
    for nothing in ("owed", "abc"):
        assert (
            donor.get(
                reverse("transparency:source_figure", args=[given.donor_id, given.reference, nothing])
            ).status_code
            == 404
        )
    assert donor.get(reverse("transparency:source_figure", args=[given.donor_id, "CON-1", "paid"])).status_code == 404
