"""The assignment against every assignment there is, and what it says when the charter's limit binds."""

import random
from collections import Counter
from itertools import combinations, product
from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from charter.schema import AssignmentRules
from committees.assigning import Binding, Plan, Scorer, Task, match, plan

RULES = AssignmentRules(language_points=6, sector_points=3, elsewhere_points=1)
Pairs = dict[str, tuple[str, ...]]


def worth(given_: Pairs, tasks: list[Task], people: dict[str, Scorer]) -> tuple[int, int]:
    """(sum of squares of loads, points of what matches), counted by hand."""
    loads = Counter({key: one.load for key, one in people.items()})
    points = 0
    for task in tasks:
        chosen = [people[key] for key in given_[task.key]]
        loads.update(given_[task.key])
        for one in chosen:
            fits = match(task, one)
            points += RULES.language_points * bool(fits.language)
            points += RULES.elsewhere_points * (fits.elsewhere is not False)
        fixed = [people[key] for key in task.fixed]
        if not any(match(task, one).sector for one in fixed):
            points += RULES.sector_points * any(match(task, one).sector for one in chosen)
    return sum(load * load for load in loads.values()), points


def all_ways(tasks: list[Task], people: dict[str, Scorer], limit: int = 0) -> list[Pairs]:
    """Every assignment that keeps the rules."""
    ways: list[list[tuple[str, ...]]] = []
    for task in tasks:
        free = sorted(set(people) - task.barred - task.fixed)
        lacking = max(task.scorers - len(task.fixed), 0)
        ours = sum(people[key].civil_society for key in task.fixed)
        ways.append(
            [
                group
                for group in combinations(free, lacking)
                if ours + sum(people[key].civil_society for key in group) >= task.civil_society
            ]
        )
    found = [dict(zip((one.key for one in tasks), choice, strict=True)) for choice in product(*ways)]
    if not limit:
        return found
    return [one for one in found if max(loads_of(one, people).values()) <= limit]


def loads_of(given_: Pairs, people: dict[str, Scorer]) -> Counter[str]:
    loads = Counter({key: one.load for key, one in people.items()})
    for chosen in given_.values():
        loads.update(chosen)
    return loads


subsets = st.sets(st.integers(0, 5), max_size=2)


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[list[Task], list[Scorer]]:
    people = [
        Scorer(
            f"p{number}",
            civil_society=draw(st.booleans()),
            load=draw(st.integers(0, 2)),
            languages=frozenset(draw(st.sets(st.sampled_from(["ar", "ku"])))),
            sectors=frozenset(draw(st.sets(st.sampled_from(["wash", "health"])))),
            governorate=draw(st.sampled_from(["", "SY01", "SY08"])),
        )
        for number in range(draw(st.integers(3, 5)))
    ]
    tasks = []
    for number in range(draw(st.integers(1, 3))):
        barred = frozenset(f"p{who}" for who in draw(subsets))
        fixed = frozenset(f"p{who}" for who in draw(st.sets(st.integers(0, 2), max_size=1))) - barred
        tasks.append(
            Task(
                f"t{number}",
                draw(st.integers(1, 3)),
                draw(st.integers(0, 1)),
                barred,
                fixed,
                draw(st.sampled_from(["", "ar", "ku"])),
                draw(st.sampled_from(["", "wash", "health"])),
                frozenset(draw(st.sets(st.sampled_from(["SY01", "SY08"])))),
            )
        )
    return tasks, people


@settings(max_examples=120, deadline=None)
@given(small_cases())
def test_no_assignment_is_better(case: tuple[list[Task], list[Scorer]]) -> None:
    tasks, people = case
    by_key = {one.key: one for one in people}
    ways = all_ways(tasks, by_key)
    found = plan(tasks, people, RULES)
    if not ways:
        assert found.shortages
        return
    assert not found.shortages
    assert found.scorers in ways
    best = min((squares, -points) for squares, points in (worth(way, tasks, by_key) for way in ways))
    squares, points = worth(found.scorers, tasks, by_key)
    assert (squares, -points) == best
    assert found.gap == 0
    spreads = [loads_of(way, by_key) for way in ways]
    assert found.spread == min(max(one.values()) - min(one.values()) for one in spreads)


@settings(max_examples=60, deadline=None)
@given(small_cases(), st.integers(1, 3))
def test_the_limit_binds_exactly_when_no_assignment_keeps_it(case: tuple[list[Task], list[Scorer]], limit: int) -> None:
    tasks, people = case
    by_key = {one.key: Scorer(one.key, one.civil_society) for one in people}
    found = plan(tasks, list(by_key.values()), AssignmentRules(most_applications=limit))
    if not all_ways(tasks, by_key):
        assert {one.rule for one in found.shortages} <= {Binding.SCORERS, Binding.CIVIL_SOCIETY}
    elif all_ways(tasks, by_key, limit):
        assert not found.shortages
        assert max(found.loads.values()) <= limit
    else:
        (shortage,) = found.shortages
        assert shortage.have == limit
        without = [Task(t.key, t.scorers, 0, t.barred, t.fixed) for t in tasks]
        anybody = all_ways(without, by_key, limit)
        assert shortage.rule is (Binding.LIMIT_OF_CIVIL_SOCIETY if anybody else Binding.LIMIT)
        peaks = [max(loads_of(way, by_key).values()) for way in all_ways(tasks if anybody else without, by_key)]
        assert shortage.need == min(peaks)


def large_case(applications: int, scorers: int, *, seed: int = 1) -> tuple[list[Task], list[Scorer]]:
    """Invented people and applications: a tenth in another language, up to a fifth of the members in conflict with each."""
    draw = random.Random(seed)
    people = [
        Scorer(
            f"p{number:03}",
            civil_society=number % 5 < 3,
            languages=frozenset({"ar"} | ({"ku"} if draw.random() < 0.3 else set())),
            sectors=frozenset(draw.sample([f"sector{one}" for one in range(15)], 2)),
            governorate=f"SY{draw.randint(1, 14):02}",
        )
        for number in range(scorers)
    ]
    tasks = []
    for number in range(applications):
        needed = 5 if draw.random() < 0.2 else 3
        barred = draw.sample(range(scorers), draw.randint(0, scorers // 5))
        places = draw.sample([f"SY{one:02}" for one in range(1, 15)], 2)
        tasks.append(
            Task(
                f"t{number:05}",
                needed,
                -(-needed // 2),
                frozenset(f"p{who:03}" for who in barred),
                language="ku" if draw.random() < 0.1 else "ar",
                sector=f"sector{draw.randrange(15)}",
                governorates=frozenset(places),
            )
        )
    return tasks, people


def assert_keeps_the_rules(found: Plan, tasks: list[Task], people: list[Scorer]) -> None:
    ours = {one.key for one in people if one.civil_society}
    for task in tasks:
        chosen = set(found.scorers[task.key])
        assert len(chosen) == task.scorers
        assert len(chosen & ours) >= task.civil_society
        assert not chosen & task.barred


def test_a_hundred_applications_are_assigned_in_time() -> None:
    tasks, people = large_case(100, 20)
    start = perf_counter()
    found = plan(tasks, people, RULES)
    assert perf_counter() - start < 5
    assert found.gap == 0
    assert_keeps_the_rules(found, tasks, people)
    for group in (
        {one.key for one in people if one.civil_society},
        {one.key for one in people if not one.civil_society},
    ):
        loads = [found.loads[key] for key in group]
        assert max(loads) - min(loads) <= 1


def test_who_reads_the_language_and_knows_the_sector_is_taken() -> None:
    people = [
        Scorer("plain", civil_society=True, languages=frozenset({"ar"}), governorate="SY02"),
        Scorer("reader", civil_society=True, languages=frozenset({"ku"}), governorate="SY08"),
        Scorer("expert", civil_society=True, sectors=frozenset({"wash"}), governorate="SY02"),
    ]
    task = Task("t", 2, 1, language="ku", sector="wash", governorates=frozenset({"SY08"}))
    found = plan([task], people, RULES)
    assert found.scorers == {"t": ("expert", "reader")}
    assert found.matches["t", "reader"].language is True
    assert found.matches["t", "reader"].elsewhere is False
    assert found.matches["t", "expert"].sector is True
    assert found.matches["t", "expert"].language is None
