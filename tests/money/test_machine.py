"""Any sequence of acts on the fund's money keeps every invariant of domain specification §5.3, whoever repeats or breaks it.

.ci/run asks for all of it (``REQUIRE_ALL``): 200 runs of 50 steps, and every planted fault. Without it a share is run.
"""

from collections import Counter
from functools import wraps
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, get_state_machine_test, run_state_machine_as_test
from psycopg.errors import RaiseException

from ledger.services import require_guards
from poolfund import environment
from poolfund.database.roles import as_owner
from tests.money import invariants
from tests.money.cash import Cash
from tests.money.donors import Donors
from tests.money.faults import FAULTS, GUARDS, Planted
from tests.money.machine import Ground
from tests.money.payees import Payees
from tests.money.religious import Religious
from tests.money.revising import Revising

WHOLE = environment.flag("REQUIRE_ALL")
PARTS, RUNS, STEPS = (4, 50, 50) if WHOLE else (1, 10, 50)
THOROUGH = RUNS - RUNS * 3 // 4
"""A quarter of the runs."""
UNTIL_FOUND, SHORT = 500, 20
"""Runs after which a planted fault counts as missed, and their steps: together as many as all that any sequence does."""
SHARE = list(FAULTS) if WHOLE else ["a contribution is posted twice", "who records money may confirm it"]
ALWAYS = {"record", "confirm", "pledge", "ask return", "lock", "post again", "award", "approve", "prepare", "report"}
"""Acts that a share of the runs must have done; the whole does many more."""

pytestmark = [pytest.mark.django_db, pytest.mark.database("money_in_motion"), pytest.mark.slow]


class Life(Donors, Religious, Payees, Cash, Revising):
    """The whole fund."""


class Whole(Life):
    """The same, looked through once more at its end."""

    thorough = True


class Noticed(BaseException):
    """A planted fault was found: no failure, which Hypothesis would do once more to tell of it, but an end to the search."""


def run(machine: type[RuleBasedStateMachine], *, runs: int, first: int) -> Counter[str]:
    """What the runs did, which begin with the seed ``first``; raises what breaks them."""

    def made() -> RuleBasedStateMachine:
        return machine()

    Ground.done.clear()
    with invariants.prepared():
        run_state_machine_as_test(seed(first)(made), settings=_so_many(runs, STEPS), _min_steps=STEPS)
    return Counter(Ground.done)


def _so_many(runs: int, steps: int) -> settings:
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_keeps_the_money_whole(part: int) -> None:
    done = run(Life, runs=RUNS - THOROUGH, first=part) + run(Whole, runs=THOROUGH, first=PARTS + part)
    assert done["run"] >= RUNS
    assert done["step"] >= RUNS * STEPS
    assert set(done) >= ALWAYS


def found(planted: Planted) -> str:
    """What the machine says of a planted fault; nothing when it does not see it.

    An assertion of the machine finds it, or PostgreSQL by a constraint or a guard; whatever else is raised fails the test.
    """

    class Narrow(planted.among):  # type: ignore[misc,name-defined]  # a class that is known when the test runs
        only = frozenset(planted.acts.split())
        thorough = planted.thorough

    search = get_state_machine_test(Narrow, settings=_so_many(UNTIL_FOUND, SHORT), _min_steps=SHORT)
    one_run = search.hypothesis.inner_test  # type: ignore[attr-defined]  # Hypothesis puts it there to be wrapped

    @wraps(one_run)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            one_run(*args, **kwargs)
        except (AssertionError, DatabaseError) as error:
            if isinstance(error, AssertionError | IntegrityError) or isinstance(error.__cause__, RaiseException):
                raise Noticed(f"{type(error).__name__}: {error}") from error
            raise  # a statement that was lost, a connection that broke: nothing was found

    search.hypothesis.inner_test = told  # type: ignore[attr-defined]
    try:
        with invariants.prepared():
            seed(0)(search)()
    except Noticed as noticed:
        return str(noticed)
    return ""


@pytest.mark.parametrize("name", SHARE)
def test_a_planted_fault_is_found(name: str) -> None:
    with FAULTS[name].fault():
        assert found(FAULTS[name]), f"nobody noticed: {name}"


@pytest.mark.skipif(not WHOLE, reason="guards are taken away where everything is asked for (REQUIRE_ALL=1)")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", list(GUARDS))
def test_a_guard_that_was_taken_away_is_missed(name: str) -> None:
    require_guards()  # which a process asks for once: it looked while they were there
    with as_owner(), GUARDS[name].fault():
        assert found(GUARDS[name]), f"nobody noticed: {name}"
