"""Any sequence of acts on the fund's money keeps every invariant of domain specification §5.3, whoever repeats or breaks it.

.ci/run asks for all of it (``REQUIRE_ALL``): 200 runs of 50 steps, and every planted fault. Without it a share is run.
"""

from collections import Counter

import pytest
from django.db import DatabaseError, IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from psycopg.errors import RaiseException

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
UNTIL_FOUND = 200
"""Runs after which a planted fault counts as missed."""
SHARE = list(FAULTS) if WHOLE else ["a contribution is posted twice", "who records money may confirm it"]
ALWAYS = {"record", "confirm", "pledge", "ask return", "lock", "post again", "award", "approve", "prepare", "report"}
"""Acts that a share of the runs must have done; the whole does many more."""

pytestmark = [pytest.mark.django_db, pytest.mark.database("money_in_motion"), pytest.mark.slow]


class Life(Donors, Religious, Payees, Cash, Revising):
    """The whole fund."""


def run(machine: type[RuleBasedStateMachine], *, part: int = 0, runs: int = RUNS) -> Counter[str]:
    """What the runs did; raises what breaks them."""

    def made() -> RuleBasedStateMachine:
        return machine()

    Ground.done.clear()
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    with invariants.prepared():
        run_state_machine_as_test(seed(part)(made), settings=chosen, _min_steps=STEPS)
    return Ground.done


@pytest.mark.parametrize("part", range(PARTS))
def test_any_sequence_keeps_the_money_whole(part: int) -> None:
    done = run(Life, part=part)
    assert done["run"] >= RUNS
    assert done["step"] >= RUNS * STEPS
    assert set(done) >= ALWAYS


def found(planted: Planted) -> str:
    """What the machine says of a planted fault; nothing when it does not see it.

    An assertion of the machine finds it, or PostgreSQL by a constraint or a guard; whatever else is raised fails the test.
    """

    class Narrow(planted.among):  # type: ignore[misc,name-defined]  # a class that is known when the test runs
        only = frozenset(planted.acts.split())

    try:
        run(Narrow, runs=UNTIL_FOUND)
    except (AssertionError, DatabaseError) as error:
        if not (isinstance(error, AssertionError | IntegrityError) or isinstance(error.__cause__, RaiseException)):
            raise  # a statement that was lost, a connection that broke: nothing was found
        return f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize("name", SHARE)
def test_a_planted_fault_is_found(name: str) -> None:
    with FAULTS[name].fault():
        assert found(FAULTS[name]), f"nobody noticed: {name}"


@pytest.mark.skipif(not WHOLE, reason="guards are taken away where everything is asked for (REQUIRE_ALL=1)")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", list(GUARDS))
def test_a_guard_that_was_taken_away_is_missed(name: str) -> None:
    with as_owner(), GUARDS[name].fault():
        assert found(GUARDS[name]), f"nobody noticed: {name}"
