"""Scorers: enough, enough of civil society, none barred, loads as even as can be."""

from hypothesis import given
from hypothesis import strategies as st

from committees.assigning import Binding, Scorer, Task, civil_society_needed, plan

PEOPLE = [Scorer(f"p{n}", civil_society=n < 4) for n in range(7)]


def spread(loads: dict[str, int], group: set[str]) -> int:
    values = [loads[key] for key in group]
    return max(values) - min(values)


def test_loads_are_within_one_when_the_rules_let_them() -> None:
    assert plan([Task(f"t{n}", 3, 1) for n in range(10)], PEOPLE).spread <= 1


def test_half_of_three_is_two() -> None:
    assert [civil_society_needed(n, 50) for n in (3, 4, 5)] == [2, 2, 3]


def test_loads_are_within_one_and_the_plan_is_the_same_each_time() -> None:
    tasks = [Task(f"t{n}", 3, 2) for n in range(10)]
    first = plan(tasks, PEOPLE)
    assert first == plan(list(reversed(tasks)), list(reversed(PEOPLE)))
    # Two of three are civil society, four of seven members: both groups are even in themselves.
    assert spread(first.loads, {"p0", "p1", "p2", "p3"}) <= 1
    assert spread(first.loads, {"p4", "p5", "p6"}) <= 1
    assert all(len(given) == 3 for given in first.scorers.values())


def test_who_is_barred_does_not_score() -> None:
    tasks = [Task("t", 3, 2, barred=frozenset({"p0", "p1"}))]
    assert not set(plan(tasks, PEOPLE).scorers["t"]) & {"p0", "p1"}


def test_the_binding_rule_is_named() -> None:
    few = plan([Task("t", 5, 3, barred=frozenset({"p0", "p1", "p2"}))], PEOPLE)
    assert [(one.rule, one.need, one.have) for one in few.shortages] == [
        (Binding.SCORERS, 5, 4),
        (Binding.CIVIL_SOCIETY, 3, 1),
    ]
    assert few.scorers == {}


def test_what_is_fixed_stays_and_only_the_missing_are_added() -> None:
    found = plan([Task("t", 3, 2, fixed=frozenset({"p5", "p0"}))], PEOPLE)
    assert len(found.scorers["t"]) == 1
    assert found.scorers["t"][0] in {"p1", "p2", "p3"}


@given(
    st.integers(4, 9),
    st.lists(st.sets(st.integers(0, 8), max_size=3), min_size=1, max_size=14),
)
def test_every_plan_keeps_the_rules(size: int, conflicts: list[set[int]]) -> None:
    people = [Scorer(f"p{n}", civil_society=n % 9 < 5) for n in range(size)]
    tasks = [Task(f"t{n}", 3, 2, frozenset(f"p{who}" for who in barred)) for n, barred in enumerate(conflicts)]
    found = plan(tasks, people)
    ours = {one.key for one in people if one.civil_society}
    if found.shortages:
        assert found.scorers == {}
        return
    for task in tasks:
        given = set(found.scorers[task.key])
        assert len(given) == 3
        assert len(given & ours) >= 2
        assert not given & task.barred
    assert sum(found.loads.values()) == 3 * len(tasks)
    if not any(conflicts):
        assert spread(found.loads, ours) <= 1
        assert size == len(ours) or spread(found.loads, {one.key for one in people} - ours) <= 1
