"""More money for a grant: told openly by month after the delay, in sums as one sum that tells nothing of few partners."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import unified_diff
from pprint import pformat
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from committees.models import Committee
from funds.models import Donor
from grants.models import Grant, ReportLine
from grants.selectors.revisions import budget_in_force
from grants.selectors.signed import signed_minor
from tests.factories import accounts, committees, disbursements, funds
from tests.factories.extensions import more_money
from tests.factories.transparency import BIRDS, birds, withhold
from tests.figures import opened
from tests.transparency.test_giving import assert_statement_is_true
from tests.transparency.test_giving_figures import pages_of
from tests.transparency.test_totals import column, content, listed, minor, totals, transactions
from transparency.models import FundChart, FundEdition, OpenDataFile, ReleasedGrant, ReleasedPool
from transparency.selectors import giving, home, own, published
from transparency.services import drawing_own, open_data, refreshing, releasing
from transparency.services.papers.yearly import year_sections

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]
AFTER = 70
"""Days until the grants of this month are told, and in which more is signed for them; twice as many: that is told too."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
"""What is another one in each answer."""
MORE = (1_000_11, 1_200_23, 1_500_37)


@pytest.fixture(scope="module")
def _committee(standing: None) -> Committee:
    return committees.constituted_committee()


@pytest.fixture(scope="module")
def _grants(_committee: Committee) -> list[Grant]:
    return birds(4)


@pytest.fixture
def committee(_committee: Committee, db: None) -> Committee:
    return _committee


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    return _grants


def day(times: int) -> date:
    return timezone.localdate() + timedelta(days=AFTER * times)


def extend(grant: Grant, more: int, committee: Committee, *, days: int = AFTER) -> int:
    """More money that both sides sign in the month after the grant is told; what it comes to with the indirect cost."""
    fresh = Grant.objects.get(pk=grant.pk)
    category = next(one for one in budget_in_force(fresh) if one != ReportLine.INDIRECT)
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        return more_money(fresh, {category: more}, committee=committee).added_minor


def row_of(grant: Grant) -> ReleasedGrant:
    return ReleasedGrant.objects.get(grant=grant)


def tell(times: int) -> None:
    releasing.release_due(day(times))
    drawing_own.draw_fund()
    open_data.write_all()


def differs(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two readings differ, with what stands there."""
    return [
        f"{place}: {line}"
        for place in one | other
        for line in unified_diff(
            *(pformat(each.get(place), width=110).splitlines() for each in (one, other)), lineterm="", n=0
        )
    ]


def everything() -> dict[str, Any]:
    """Every public figure, page and file."""
    return {
        **dict(_pages()),
        "charts": list(FundChart.objects.order_by("pk").values("chart", "language", "year", "governorate", "sector", "sentence", "svg", "rows")),
        "headlines": FundEdition.objects.get().headlines,
        "files": sorted(OpenDataFile.objects.values_list("name", "data_sha256")),
        "reports": list(_reports()),
    }  # fmt: skip


def _pages() -> Iterator[tuple[str, str]]:
    client = Client(headers={"accept-language": "en"})
    addresses = [reverse(f"transparency:{name}") for name in ("home", "grants_told", "open_data")]
    addresses += [
        f"/api/v1/{name}" for name in ("grants", "pools", "payments", "additions", "organisations", "decisions")
    ]
    addresses += [
        reverse("transparency:grant_told", args=[code]) for code in ReleasedGrant.objects.values_list("code", flat=True)
    ]
    addresses += [
        f"{reverse('transparency:grants_told')}?{asked}" for asked in ("format=csv", "sector=wash", "year=2026")
    ]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, TOKEN.sub("", answer.getvalue().decode())


def _reports() -> Iterator[Any]:
    for year in published.years():
        with translation.override("en"):
            yield year_sections(year).drawn("en", reference="R", learned="")["sections"]


def test_what_is_added_is_told_openly_after_the_delay_and_not_before(grants: list[Grant], committee: Committee) -> None:
    tell(1)
    before = everything()
    told = row_of(grants[0])
    added = extend(grants[0], MORE[0], committee)
    tell(1)
    assert differs(before, everything()) == [], "it is not told yet, not even by the schedule"
    tell(2)
    row = row_of(grants[0])
    month = day(1).replace(day=1)
    assert (row.amount_minor, row.added) == (BIRDS[0] + added, {month.isoformat(): added})
    assert sum(row.planned.values()) == row.amount_minor == sum(told.planned.values()) + added
    assert row.indirect_minor - told.indirect_minor == added - MORE[0]
    assert row.passed_on == told.passed_on
    assert {one.amount_minor for one in map(row_of, grants[1:])} == set(BIRDS[1:4])
    assert published.sums("USD").total.minor == home.totals("USD").promised.minor == sum(BIRDS[:4]) + added
    assert set(totals().values()) == {sum(BIRDS[:4]) + added}
    assert [minor([value]) for value in transactions("2")].count(added) == 1
    assert minor(column(listed(), "Of the amount, added later")) == added
    assert minor(column(content("hxl-grants.csv"), "added", heads=2)) == added
    page = dict(_pages())[reverse("transparency:grant_told", args=[row.code])]
    assert "Of the amount, added later" in page
    api = Client().get("/api/v1/additions").json()
    assert minor([api["total"]["amount"]]) == minor([api["months"][0]["amount"]["amount"]]) == added
    assert api["months"][0]["month"] == f"{month:%Y-%m}"


def test_one_partners_addition_moves_nothing_of_what_is_told_in_sums(
    grants: list[Grant], committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of one partner's neither; three partners' move one sum, over everything and under no filter."""
    for grant in grants[:3]:
        withhold(grant, "amount")
    tell(2)
    before, pool = everything(), ReleasedPool.objects.get()
    added = [extend(grants[0], MORE[0], committee)]
    tell(2)
    assert differs(before, everything()) == []
    added.append(extend(grants[1], MORE[1], committee))
    paid_in_full(monkeypatch, grants[:3])
    tell(2)
    assert published.paid_in_sums("USD").minor == pool.amount_minor, "no payment tells what was added"
    assert (published.added_in_sums("USD").minor, published.sums("USD").total.minor) == (0, sum(BIRDS[:4]))
    added.append(extend(grants[2], MORE[2], committee))
    paid_in_full(monkeypatch, grants[:3])
    tell(2)
    assert published.added_in_sums("USD").minor == sum(added)
    assert published.paid_in_sums("USD").minor == pool.amount_minor + sum(added)
    assert list(ReleasedPool.objects.values_list("pk", "amount_minor")) == [(pool.pk, pool.amount_minor)]
    assert set(totals().values()) == {sum(BIRDS[:4]) + sum(added)}
    for filters in (published.Filters(year="2026"), published.Filters(sector=grants[0].application.sector)):
        narrowed = published.sums("USD", filters)
        assert narrowed.total == narrowed.open + narrowed.withheld
    assert {row.added_minor for row in ReleasedGrant.objects.all()} == {0}
    assert own.load_facts().released.amount == sum(BIRDS[:4]) + sum(added)


def paid_in_full(monkeypatch: pytest.MonkeyPatch, grants: list[Grant]) -> None:
    """As if all money of these grants had been paid, what was added among it."""
    amounts = {one.pk: one.amount_minor for one in Grant.objects.filter(pk__in=[grant.pk for grant in grants])}
    monkeypatch.setattr(
        refreshing, "_paid_by_month", lambda until: {pk: {until.isoformat(): amount} for pk, amount in amounts.items()}
    )


def test_what_was_told_openly_stays_in_the_sum_that_hides_it(grants: list[Grant], committee: Committee) -> None:
    """Its amount with what was added is in the pool: no sum of additions tells it alone."""
    tell(1)
    added = extend(grants[0], MORE[0], committee)
    tell(2)
    before = home.totals("USD").promised
    withhold(grants[0], "name")
    row = row_of(grants[0])
    assert (row.added, row.amount_minor, row.pooled_added_minor, row.counted_added_minor) == ({}, None, added, 0)
    assert row.pool.amount_minor == sum(BIRDS[:3]) + added
    assert published.added_in_sums("USD").minor == 0
    tell(2)
    assert home.totals("USD").promised == before
    more = [extend(grant, MORE[1], committee) for grant in grants[:3]]
    tell(2)
    assert published.added_in_sums("USD").minor == sum(more)
    assert set(totals().values()) == {sum(BIRDS[:4]) + added + sum(more)}


def test_what_is_held_back_is_in_no_sum_with_what_was_added(grants: list[Grant], committee: Committee) -> None:
    """All four withhold their names: the first three are one sum, and nobody is left beside the last."""
    tell(1)
    extend(grants[3], MORE[0], committee)
    tell(2)
    for grant in grants:
        withhold(grant, "name")
    row = row_of(grants[3])
    assert (row.pool, row.amount_minor, row.added, row.pooled_added_minor, row.counted_added_minor) == (
        None,
        None,
        {},
        0,
        0,
    )
    assert published.sums("USD").total.minor == sum(BIRDS[:3])


def test_a_grant_of_which_nothing_was_told_yet_goes_into_a_sum_as_it_was_signed(
    grants: list[Grant], committee: Committee
) -> None:
    for grant in grants[:3]:
        withhold(grant, "name")
    added = extend(grants[0], MORE[0], committee)
    releasing.release_due(day(2))
    pool = ReleasedPool.objects.get()
    assert pool.amount_minor == sum(BIRDS[:3])
    assert Grant.objects.get(pk=grants[0].pk).amount_minor == BIRDS[0] + added
    assert signed_minor(Grant.objects.get(pk=grants[0].pk)) == BIRDS[0]
    assert published.added_in_sums("USD").minor == 0


def test_the_database_tells_no_addition_of_a_grant_in_a_sum(grants: list[Grant]) -> None:
    for grant in grants[:3]:
        withhold(grant, "amount")
    releasing.release_due(day(1))
    pooled = ReleasedGrant.objects.filter(pool__isnull=False)
    opened = ReleasedGrant.objects.filter(pool__isnull=True)
    for rows, told in ((pooled, {"added": {"2026-01-01": 5}}), (opened, {"counted_added_minor": 5}),
                       (opened, {"pooled_added_minor": 5}), (pooled, {"counted_added_minor": -5})):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**told)


def test_a_donor_reads_its_part_of_a_grant_once_however_often_it_grew(
    grants: list[Grant], committee: Committee
) -> None:
    """Who gave freely after the signature has a part of what was added later, and of nothing else."""
    grant = grants[0]
    [first] = Donor.objects.filter(contributions__envelopes__funding__grant=grant)
    given = funds.confirmed_contribution(90_000_00)
    added = sum(extend(grant, more, committee, days=0) for more in MORE[:2])
    rows = list(grant.funding.order_by("leaf_id"))
    assert len(rows) == 3
    assert len({row.envelope_id for row in rows}) == 1, "the same contribution pays"
    [thread] = [one for source in giving.threads_of(first) for one in source.grants if one.key == grant.pk]
    assert thread.promised.minor == thread.owed.minor == BIRDS[0] + added
    assert_statement_is_true(first)
    [split] = [one for one in giving.shares_by_donor("USD") if one.grant == grant]
    assert sum(split.promised.values()) == BIRDS[0] + added
    assert sum(split.paid.values()) == 0
    assert 0 < split.promised[given.donor_id] < added
    for donor in (first, given.donor):
        client = Client()
        accounts.sign_in(client, funds.representative(donor), second_factor=True)
        assert sum(opened(client, page) for page in pages_of(donor)) > 3
    disbursements.pay(grant.tranches.get(number=1))
    [thread] = [one for source in giving.threads_of(first) for one in source.grants if one.key == grant.pk]
    assert thread.paid.minor == grant.tranches.get(number=1).amount_minor
    [split] = [one for one in giving.shares_by_donor("USD") if one.grant == grant]
    assert sum(split.paid.values()) == thread.paid.minor
