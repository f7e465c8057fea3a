"""No figure of the dashboards reaches below a pool, however it is narrowed; every table adds up to the last cent."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transparency.test_release import FUNDS, SAFETY
from transparency.figures import told
from transparency.figures.catalogue import CHARTS
from transparency.figures.people import Counts, publishable, rounded
from transparency.figures.told import Choice, Group, Pooled, Released, Told
from transparency.release.facts import Truth
from transparency.release.pools import Release, release

KINDS, SIZES = ("association", "ingo"), ("micro", "large")


def number(partner: str) -> int:
    return int(partner.removeprefix("o"))


def year_of(grant: str) -> int:
    return 2026 + int(grant.replace("-", ""), 16) % 2


def public_list(batch: Release) -> Released:
    """What the list tells of a batch: a grant told openly with everything, a pool with what is said of all its members."""
    opened = [
        Told(
            code=one.grant, partner=one.partner, year=year_of(one.grant), governorates=tuple(sorted(one.places)),
            sector=one.sector, kind=KINDS[number(one.partner) % 2], size=SIZES[number(one.partner) % 3 % 2],
            call=f"call {number(one.partner) % 3}" if one.places else "", women_led=number(one.partner) % 2 == 0,
            youth_led=number(one.partner) % 3 == 0, amount=one.amount_minor, paid=one.amount_minor // 3,
            spent=one.amount_minor // 7,
        )
        for one in batch.open
    ]  # fmt: skip
    pools = [
        Pooled(str(place), 2026 + place % 2, tuple(sorted(pool.governorates)), pool.sector, len(pool.members), pool.amount_minor)
        for place, pool in enumerate(batch.pools)
    ]  # fmt: skip
    return Released(told.first_of_each(opened), pools)


def tables(released: Released) -> Iterator[dict[str, Group]]:
    """Every table that the dashboards make of what a choice leaves."""
    yield told.by(released, lambda one: str(one.year), lambda pool: str(pool.year))
    yield told.by_governorate(released)
    yield told.by(released, lambda one: one.sector, lambda pool: pool.sector)
    for name in ("call", "kind", "size", "women_led", "youth_led", "displaced_led", "first"):
        yield told.by(released, lambda one, name=name: str(getattr(one, name)))  # type: ignore[misc]


def choices(*, years: tuple[int, ...] = (0, 2026, 2027)) -> list[Choice]:
    """Every narrowing, also by governorate, sector and year together, which no page offers."""
    return [Choice(*one) for one in product(years, ("", "SY07", "SY02"), ("", "wash", "health"))]


@settings(max_examples=500, deadline=None)
@given(FUNDS, st.sampled_from(choices()))
def test_no_figure_and_no_difference_of_figures_reaches_below_a_pool(fund: list[Truth], choice: Choice) -> None:
    """Whatever stands behind a figure is grants told openly and whole pools: so is what stands behind any difference."""
    batch = release(fund, SAFETY)
    members = {str(place): {one.grant for one in pool.members} for place, pool in enumerate(batch.pools)}
    partner = {one.grant: one.partner for one in fund}
    whole = public_list(batch)
    opened = {one.code for one in whole.told}
    narrowed = told.narrow(whole, choice)
    for table in tables(narrowed):
        behind = [
            {one.code for one in group.told}.union(*(members[pool.code] for pool in group.pools))
            for group in table.values()
        ]
        assert sum(group.amount for group in table.values()) == narrowed.amount
        for one in behind:
            hidden = one - opened
            assert hidden == set().union(*(pool for pool in members.values() if pool & one))
            assert not hidden or len({partner[grant] for grant in hidden}) >= SAFETY.least_partners


@settings(max_examples=100, deadline=None)
@given(FUNDS)
def test_parts_of_years_places_and_sectors_add_up_to_the_whole(fund: list[Truth]) -> None:
    whole = public_list(release(fund, SAFETY))
    assert sum(told.narrow(whole, Choice(year)).amount for year in (2026, 2027)) == whole.amount
    placed = told.by_governorate(whole)
    for place in ("SY07", "SY02"):
        narrowed = told.narrow(whole, Choice(governorate=place))
        assert narrowed.amount == placed.get(place, Group()).amount
        assert narrowed.grants == placed.get(place, Group()).grants
    for name in ("paid", "spent"):
        parts = sum(getattr(one, name) for group in placed.values() for one in group.told)
        assert parts == sum(getattr(one, name) for one in whole.told)


def test_a_first_grant_is_the_first_that_is_told_openly() -> None:
    grants = [Told(str(n), partner, 2026, (), "wash") for n, partner in enumerate("aba")]
    assert [one.first for one in told.first_of_each(grants)] == [True, True, False]


def test_a_chart_follows_only_the_parts_of_a_choice_that_it_can_be_narrowed_to() -> None:
    charts = {chart.key: chart for chart in CHARTS}
    choice = Choice(2026, "SY07")
    assert charts["by_year"].reduced(choice) == Choice(0, "SY07")
    assert charts["money_in"].reduced(choice) == Choice()
    assert charts["kinds"].takes(choice)
    assert not charts["governorates"].takes(choice)


# People -----------------------------------------------------------------------------------------------------------

PEOPLE = st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.integers(0, 30), st.integers(0, 5000)), max_size=6)


def test_people_are_told_in_tens_and_few_of_them_not_at_all() -> None:
    assert [rounded(count) for count in (0, 1, 9, 10, 14, 15, 1234)] == [0, None, None, 10, 10, 20, 1230]


def test_one_small_number_takes_the_next_with_it() -> None:
    assert publishable({"a": 4, "b": 40, "c": 900}) == Counts({"a": None, "b": None, "c": 900}, 940)
    assert publishable({"a": 4, "b": 3, "c": 900}).cells == {"a": None, "b": None, "c": 900}
    assert publishable({"a": 4, "b": 0}) == Counts({"a": None, "b": 0}, None)
    assert publishable({}) == Counts({}, 0)


@settings(max_examples=300)
@given(PEOPLE)
def test_a_suppressed_number_can_be_another_one(counts: dict[str, int]) -> None:
    published = publishable(counts)
    assert published.suppressed != 1 or published.total is None
    for key, count in counts.items():
        if published.cells[key] is None and count < 10:
            assert any(publishable(other) == published for other in others(counts, published, key))
        elif published.cells[key] is not None:
            assert published.cells[key] % 10 == 0
            assert abs(published.cells[key] - count) <= 5


def others(counts: dict[str, int], published: Counts, key: str) -> Iterator[dict[str, Any]]:
    """The same table with another small number in place of this one, and the rest shifted among what is hidden with it."""
    hidden = [name for name, cell in published.cells.items() if cell is None and name != key]
    for count in range(1, 10):
        if count == counts[key]:
            continue
        yield {**counts, key: count}
        for name in hidden:
            shifted = counts[name] + counts[key] - count
            if shifted > 0:
                yield {**counts, key: count, name: shifted}


def test_overhead_of_too_few_partners_is_told_with_others_or_not_at_all() -> None:
    def year(number: int, partners: str) -> list[Told]:
        return [Told(partner, partner, number, (), "wash", indirect=10, amount=110) for partner in partners]

    enough = [*year(2024, "a"), *year(2025, "abc"), *year(2026, "abcd")]
    years, rest = told.overhead_by_year(enough, least=3)
    assert list(years) == [2026]  # the smallest year that stood alone covers the one partner of 2024
    assert (rest.indirect, rest.amount, len(rest.partners)) == (40, 440, 3)
    assert sum(one.amount for one in years.values()) + rest.amount == sum(one.amount for one in enough)
    years, rest = told.overhead_by_year(year(2026, "ab"), least=3)
    assert (years, len(rest.partners)) == ({}, 2)
