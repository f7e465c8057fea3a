"""`funds.restrictions`: no money where its donor did not send it, and the scarcest money first."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.restrictions import (
    ALLOWED_COSTS,
    CostType,
    Filling,
    Obstacle,
    Restriction,
    Source,
    Terms,
    Use,
    fill,
    in_fill_order,
    obstacles,
)
from funds.states import RestrictionClass

TODAY = date(2026, 11, 21)
USE = Use(
    on=TODAY,
    sectors=frozenset({"health"}),
    governorates=frozenset({"SY02"}),
    groups=frozenset({"women_led"}),
    recipient_type="association",
    religious_basis=True,
)


def terms(restriction: Restriction = Restriction.UNRESTRICTED, **other: Any) -> Terms:
    conditions: dict[str, Any] = {name: frozenset(one) if isinstance(one, set) else one for name, one in other.items()}
    return Terms(restriction, **conditions)


def use(**other: Any) -> Use:
    base = {name: getattr(USE, name) for name in USE.__slots__}
    return Use(**base | other)


def test_the_classes_are_those_of_the_books() -> None:
    assert {one.value for one in Restriction} == set(RestrictionClass.values)
    assert set(ALLOWED_COSTS) == set(Restriction)


@pytest.mark.parametrize(
    ("given_terms", "given_use", "expected"),
    [
        (terms(), USE, []),
        (terms(Restriction.SECTOR, sectors={"health"}), USE, []),
        (terms(Restriction.SECTOR, sectors={"wash"}), USE, [Obstacle.SECTOR]),
        (terms(Restriction.SECTOR, sectors={"health"}), use(sectors=frozenset({"health", "wash"})), [Obstacle.SECTOR]),
        (terms(Restriction.SECTOR, sectors={"health"}), use(sectors=frozenset()), [Obstacle.SECTOR]),
        (terms(Restriction.AREA, governorates={"SY08"}), USE, [Obstacle.AREA]),
        (terms(Restriction.AREA, governorates={"SY02", "SY08"}), USE, []),
        (terms(Restriction.GROUP, groups={"women_led", "youth_led"}), USE, []),
        (terms(Restriction.GROUP, groups={"youth_led"}), USE, [Obstacle.GROUP]),
        (terms(Restriction.TIME, use_by=TODAY), USE, []),
        (terms(Restriction.TIME, use_by=TODAY - timedelta(days=1)), USE, [Obstacle.EXPIRED]),
        (terms(recipient_types={"network"}), USE, [Obstacle.RECIPIENT]),
        (terms(Restriction.ZAKAT), USE, []),
        (terms(Restriction.ZAKAT), use(religious_basis=False), [Obstacle.RELIGIOUS_BASIS]),
        (terms(Restriction.WAQF_YIELD), use(religious_basis=False), [Obstacle.RELIGIOUS_BASIS]),
        (terms(Restriction.ENDOWMENT), USE, [Obstacle.COST_TYPE]),
        (terms(Restriction.RUNNING_COSTS), USE, [Obstacle.COST_TYPE]),
        (
            terms(Restriction.SECTOR, sectors={"wash"}, governorates={"SY08"}, use_by=date(2020, 1, 1)),
            USE,
            [Obstacle.SECTOR, Obstacle.AREA, Obstacle.EXPIRED],
        ),
    ],
)
def test_obstacles(given_terms: Terms, given_use: Use, expected: list[Obstacle]) -> None:
    assert obstacles(given_terms, given_use) == expected


@pytest.mark.parametrize("restriction", Restriction)
@pytest.mark.parametrize("cost_type", CostType)
def test_what_each_class_may_pay(restriction: Restriction, cost_type: CostType) -> None:
    """The whole table, in the words of the specification."""
    fund_itself = cost_type in {CostType.RUNNING, CostType.BANK_FEE, CostType.EXCHANGE_LOSS}
    if restriction is Restriction.ENDOWMENT:
        allowed = False
    elif restriction in {Restriction.UNRESTRICTED, Restriction.SADAQAH}:
        allowed = True
    elif restriction is Restriction.RUNNING_COSTS:
        allowed = fund_itself
    elif restriction is Restriction.ZAKAT:
        allowed = cost_type is CostType.GRANT_DIRECT
    else:
        allowed = not fund_itself
    assert (cost_type in ALLOWED_COSTS[restriction]) is allowed


@pytest.mark.parametrize("restriction", [Restriction.SECTOR, Restriction.AREA, Restriction.GROUP, Restriction.TIME])
def test_a_class_needs_its_condition(restriction: Restriction) -> None:
    with pytest.raises(ValueError, match="named after"):
        Terms(restriction)


def test_fill_order() -> None:
    free = Source("free", 100, terms())
    sadaqah = Source("sadaqah", 100, terms(Restriction.SADAQAH), received_on=TODAY)
    soon = Source("soon", 100, terms(Restriction.TIME, use_by=TODAY))
    later = Source("later", 100, terms(Restriction.TIME, use_by=TODAY + timedelta(days=9)))
    narrow = Source("narrow", 100, terms(Restriction.SECTOR, sectors={"health"}, governorates={"SY02"}))
    wide = Source("wide", 100, terms(Restriction.SECTOR, sectors={"health"}))
    young = Source("young", 100, terms(Restriction.SECTOR, sectors={"health"}), received_on=TODAY)
    ordered = in_fill_order([free, sadaqah, wide, young, narrow, later, soon])
    assert [source.key for source in ordered] == ["soon", "later", "narrow", "wide", "young", "free", "sadaqah"]


def test_fill_uses_what_fits_and_says_what_is_missing() -> None:
    sources = [
        Source("free", 30, terms()),
        Source("health", 50, terms(Restriction.SECTOR, sectors={"health"})),
        Source("wash", 500, terms(Restriction.SECTOR, sectors={"wash"})),
        Source("overdrawn", -5, terms()),
    ]
    assert fill(60, USE, sources) == Filling((("health", 50), ("free", 10)), 0)
    assert fill(100, USE, sources) == Filling((("health", 50), ("free", 30)), 20)
    assert fill(0, USE, sources) == Filling((), 0)


def test_fill_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        fill(-1, USE, [])
    with pytest.raises(ValueError, match="same key"):
        fill(1, USE, [Source("a", 1, terms()), Source("a", 1, terms())])


some_terms = st.sampled_from(
    [
        terms(),
        terms(Restriction.SADAQAH),
        terms(Restriction.SECTOR, sectors={"health"}),
        terms(Restriction.SECTOR, sectors={"wash"}),
        terms(Restriction.TIME, use_by=TODAY),
        terms(Restriction.TIME, use_by=TODAY - timedelta(days=1)),
        terms(Restriction.ZAKAT),
        terms(Restriction.ENDOWMENT),
    ]
)


@given(
    st.integers(0, 500), st.lists(st.tuples(st.integers(-10, 200), some_terms), max_size=8), st.booleans(), st.randoms()
)
def test_filling_properties(amount: int, rows: list[tuple[int, Terms]], basis: bool, random: Any) -> None:
    sources = [Source(f"s{n}", available, given_terms) for n, (available, given_terms) in enumerate(rows)]
    one_use = use(religious_basis=basis)
    filling = fill(amount, one_use, sources)
    by_key = {source.key: source for source in sources}
    assert sum(part for _key, part in filling.parts) + filling.missing_minor == amount
    fitting = [source for source in sources if not obstacles(source.terms, one_use)]
    assert filling.missing_minor == max(amount - sum(max(source.available_minor, 0) for source in fitting), 0)
    for key, part in filling.parts:
        assert 0 < part <= by_key[key].available_minor
        assert by_key[key] in fitting
    used = [by_key[key] for key, _part in filling.parts]
    assert used == in_fill_order(used)
    if any(source.terms.free for source in used):
        bound = [source for source in fitting if not source.terms.free and source.available_minor > 0]
        assert {source.key for source in bound} <= {key for key, _part in filling.parts}
    random.shuffle(sources)
    assert fill(amount, one_use, sources) == filling
