"""Nobody who reads everything published can tell one withheld grant from the others."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transparency.release.facts import Part, Truth, all_withheld
from transparency.release.pools import Pool, Release, Safety, band_of, release

EDGES = (2_500_000, 5_000_000, 10_000_000, 25_000_000)
SAFETY = Safety(least_partners=3, band_edges_minor=EDGES, least_uncertainty_percent=20)
CEILING = 30_000_000


def truth(
    grant: str,
    partner: str,
    amount_minor: int,
    *withheld: Part,
    places: tuple[str, ...] = ("SY07",),
    sector: str = "wash",
) -> Truth:
    return Truth(
        grant=grant,
        partner=partner,
        governorates=frozenset(places),
        sector=sector,
        amount_minor=amount_minor,
        least_minor=500_000,
        most_minor=CEILING,
        withheld=all_withheld(withheld),
    )


def test_a_withheld_name_takes_title_and_amount_with_it() -> None:
    assert all_withheld([Part.NAME]) == {Part.NAME, Part.TITLE, Part.AMOUNT}
    assert all_withheld([Part.PLACE]) == {Part.PLACE}


@pytest.mark.parametrize(
    ("amount_minor", "band"),
    [
        (0, (0, 2_500_000)),
        (2_499_999, (0, 2_500_000)),
        (2_500_000, (2_500_000, 5_000_000)),
        (25_000_000, (25_000_000, None)),
    ],
)
def test_an_amount_lies_in_its_band(amount_minor: int, band: tuple[int, int | None]) -> None:
    assert band_of(amount_minor, SAFETY) == band


def test_three_nameless_partners_in_one_place_and_sector_are_told_with_both() -> None:
    told = release([truth(str(n), f"o{n}", 3_000_000 + n * 500_000, Part.NAME) for n in range(3)], SAFETY)
    (pool,) = told.pools
    assert (pool.governorates, pool.sector, pool.partners) == (frozenset({"SY07"}), "wash", 3)
    assert not told.waiting


def test_sectors_are_not_said_of_three_nameless_partners_that_share_only_the_place() -> None:
    batch = [truth(str(n), f"o{n}", 3_000_000 + n * 500_000, Part.NAME, sector=f"s{n}") for n in range(3)]
    (pool,) = release(batch, SAFETY).pools
    assert (pool.governorates, pool.sector) == (frozenset({"SY07"}), "")


def test_a_withheld_place_is_said_of_no_pool() -> None:
    batch = [truth(str(n), f"o{n}", 3_000_000 + n * 500_000, Part.NAME, Part.PLACE) for n in range(3)]
    (pool,) = release(batch, SAFETY).pools
    assert (pool.governorates, pool.sector) == (frozenset(), "wash")


def test_one_withheld_amount_takes_the_smallest_open_ones_of_other_partners_with_it() -> None:
    batch = [
        truth("hidden", "o1", 4_000_000, Part.AMOUNT),
        truth("same partner", "o1", 1_000_000),
        truth("small", "o2", 2_000_000),
        truth("middle", "o3", 3_000_000),
        truth("large", "o4", 20_000_000),
    ]
    told = release(batch, SAFETY)
    (pool,) = told.pools
    assert {member.grant for member in pool.members} == {"hidden", "small", "middle"}
    assert {one.grant for one in told.open} == {"same partner", "large"}


def test_a_grant_that_stays_too_alone_waits() -> None:
    batch = [truth("hidden", "o1", 4_000_000, Part.NAME), truth("open", "o2", 2_000_000)]
    told = release(batch, SAFETY)
    assert [one.grant for one in told.waiting] == ["hidden"]
    assert [one.grant for one in told.open] == ["open"]
    assert not told.pools


def test_three_grants_at_the_ceiling_are_no_secret_in_a_sum_of_three() -> None:
    """Their sum is three times the ceiling of the call, which everybody knows."""
    told = release([truth(str(n), f"o{n}", CEILING, Part.NAME) for n in range(3)], SAFETY)
    assert not told.pools
    assert len(told.waiting) == 3


def test_bands_are_not_said_where_they_and_the_sum_tell_the_amounts() -> None:
    """Three round amounts at the lower edge of their band: the sum is three times the edge."""
    (pool,) = release([truth(str(n), f"o{n}", 5_000_000, Part.NAME) for n in range(3)], SAFETY).pools
    assert not pool.banded
    (spread,) = release([truth(str(n), f"o{n}", 6_000_000 + n * 1_000_000, Part.NAME) for n in range(3)], SAFETY).pools
    assert spread.banded


@st.composite
def grants(draw: st.DrawFn) -> Truth:
    return truth(
        str(draw(st.uuids())),
        f"o{draw(st.integers(0, 9))}",
        draw(st.one_of(st.integers(500_000, CEILING), st.sampled_from([*EDGES, CEILING, 500_000]))),
        *draw(st.sampled_from([(), (), (), (Part.NAME,), (Part.AMOUNT,), (Part.PLACE,), (Part.NAME, Part.PLACE)])),
        places=draw(st.sampled_from([("SY07",), ("SY02",), ("SY02", "SY07")])),
        sector=draw(st.sampled_from(["wash", "health"])),
    )


FUNDS = st.lists(grants(), max_size=25, unique_by=lambda one: one.grant)


def possible_amounts(pool: Pool, member: Truth) -> int:
    """How wide the range is in which a reader of everything must leave this member's amount (linear bounds)."""
    bounds = {}
    for one in pool.members:
        low, high = band_of(one.amount_minor, SAFETY) if pool.banded else (0, None)
        bounds[one.grant] = (
            max(low, one.least_minor),
            one.most_minor if high is None else min(high - 1, one.most_minor),
        )
    others = [bounds[one.grant] for one in pool.members if one.grant != member.grant]
    low, high = bounds[member.grant]
    least = max(low, pool.amount_minor - sum(most for _least, most in others))
    most = min(high, pool.amount_minor - sum(least for least, _most in others))
    return most - least


def published_sums(told: Release) -> list[frozenset[str]]:
    """Which grants each published sum holds: of everything, by governorate, by sector, by both, open and withheld apart."""
    sums = []
    for place in (None, "SY07", "SY02"):
        for sector in (None, "wash", "health"):
            opened = [one.grant for one in told.open if place in (None, *one.places) and sector in (None, one.sector)]
            pooled = [
                one.grant
                for pool in told.pools
                if place in (None, *pool.governorates) and sector in (None, pool.sector)
                for one in pool.members
            ]
            sums += [frozenset(opened), frozenset(pooled), frozenset(opened + pooled)]
    return sums


@settings(max_examples=500)
@given(FUNDS)
def test_nobody_is_singled_out_and_nothing_is_lost(fund: list[Truth]) -> None:
    told = release(fund, SAFETY)
    pooled = [one for pool in told.pools for one in pool.members]
    # Every grant is told once or waits: totals are those of the books, to the cent.
    assert sorted(one.grant for one in [*told.open, *pooled, *told.waiting]) == sorted(one.grant for one in fund)
    assert not any(one.pooled for one in told.open)
    assert not [one for one in told.waiting if not one.pooled]
    partner = {one.grant: one.partner for one in fund}
    opened = {one.grant for one in told.open}
    for pool in told.pools:
        assert pool.partners >= SAFETY.least_partners
        for member in pool.members:
            assert possible_amounts(pool, member) * 100 >= SAFETY.least_uncertainty_percent * member.amount_minor
        if pool.governorates or pool.sector:
            nameless = {one.partner for one in pool.members if one.nameless}
            assert len(nameless) >= SAFETY.least_partners
            assert all(pool.governorates in (frozenset(), one.places) for one in pool.members)
            assert all(pool.sector in ("", one.sector) for one in pool.members)
    # The attacker subtracts every published sum from every other, and the open grants from what is left.
    for one, other in combinations(published_sums(told), 2):
        for rest in (one - other - opened, other - one - opened):
            assert not rest or len({partner[grant] for grant in rest}) >= SAFETY.least_partners
