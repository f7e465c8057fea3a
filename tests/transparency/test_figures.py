"""Sums, bands, medians, and what is withheld."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from transparency.figures import sums
from transparency.figures.facts import Part, Project, Scope
from transparency.figures.withholding import WITHHELD, publishable

PARTS = st.lists(
    st.builds(
        Part,
        fund=st.sampled_from(["62", "70"]),
        year=st.sampled_from([2019, 2020]),
        thing=st.sampled_from([f"SY{n:02}" for n in range(1, 8)]),
        project=st.sampled_from("abcdefgh"),
        partner=st.sampled_from("pqrst"),
        withheld=st.just(True),
        amount=st.decimals(min_value=0, max_value=10**7, places=2),
    )
)


def project(**changes: object) -> Project:
    values: dict[str, object] = {
        "fund": "62",
        "code": "a",
        "year": 2020,
        "source": 2,
        "kind": 1,
        "partner": "p",
        "withheld": False,
        "budget": Decimal(100),
        "days_long": 365,
        "days_to_decide": 30,
    }
    return Project(**{**values, **changes})  # type: ignore[arg-type]


@given(PARTS, st.integers(2, 4), st.integers(2, 4))
def test_no_published_sum_singles_out_few_partners_and_nothing_is_lost(
    parts: list[Part], least_partners: int, least_candidates: int
) -> None:
    cells = publishable(parts, least_partners=least_partners, least_candidates=least_candidates)

    partners: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        partners[part.fund, part.year, part.thing].add(part.partner)
        names[part.fund].add(part.thing)
    named = [cell for cell in cells if cell.thing != WITHHELD]
    assert all(len(partners[c.fund, c.year, c.thing]) >= least_partners for c in named)
    for fund in ("62", "70"):
        for year in (2019, 2020):
            total = sum(p.amount for p in parts if (p.fund, p.year) == (fund, year))
            mine = [c for c in cells if (c.fund, c.year) == (fund, year)]
            assert sum(c.amount for c in mine) == total
            published = {c.thing for c in mine} - {WITHHELD}
            if any(c.thing == WITHHELD for c in mine):
                assert len(names[fund] - published) >= min(least_candidates, len(names[fund]))


def test_a_fund_that_names_its_partners_withholds_nothing() -> None:
    part = Part("62", 2020, "SY10", "a", "p", withheld=False, amount=Decimal(5))

    assert [(c.thing, c.amount, c.projects) for c in publishable([part], least_partners=3, least_candidates=3)] == [
        ("SY10", Decimal(5), 1)
    ]


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=4), min_size=1))
def test_whole_dollars_add_up(values: list[Decimal]) -> None:
    whole = sums.whole_dollars(values)

    assert abs(Decimal(sum(whole)) - sum(values, Decimal(0))) <= Decimal("0.5")
    assert all(abs(Decimal(part) - value) < 1 for part, value in zip(whole, values, strict=True))


def test_bands_of_size_take_their_lower_end() -> None:
    projects = [project(budget=Decimal(b)) for b in (99_999, 100_000, 2_000_000)]

    assert sums.size_bands(projects) == [
        (count, Decimal(amount))
        for count, amount in ((1, 99_999), (1, 100_000), (0, 0), (0, 0), (0, 0), (1, 2_000_000))
    ]


def test_bands_of_duration_by_the_calendar() -> None:
    # 1 March to 28 February is twelve months, and twenty-four months have 730 or 731 days.
    projects = [project(days_long=d) for d in (90, 92, 365, 366, 396, 731, 762, None, -4)]

    assert sums.duration_bands(projects) == ([2, 0, 0, 2, 1, 1, 1], 2)


def test_decision_days_leave_out_what_cannot_be() -> None:
    projects = [project(days_to_decide=d) for d in (10, 20, 40, None, -3)] + [project(source=1, days_to_decide=5)]

    assert sums.decision_days(projects, 2) == {2020: (Decimal(20), 3)}
    assert sums.decision_days(projects, 1) == {2020: (Decimal(5), 1)}


def test_shares() -> None:
    assert sums.share(1, 3) == Decimal("33.3")
    assert sums.share(1, 0) is None
    assert sums.kind_shares([project(), project(kind=2, budget=Decimal(300))], 1) == {2020: Decimal("25.0")}


def test_scopes() -> None:
    assert Scope("62", 2020).covers(project())
    assert not Scope("70", 0).covers(project())
    assert not Scope("", 2021).covers(project())
