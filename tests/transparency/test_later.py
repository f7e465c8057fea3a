"""What is withheld, lifted and withheld again while months are told: whatever the order, nobody is singled out at any time.

One reader reads from the beginning and knows what was told before it was withheld. Another begins to read after the last
withholding. Neither may reckon anything of fewer than three partners that was never told to them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from charter.selectors import rules_to_begin_with
from grants.models import Grant
from tests.attacked_funds import alike, files, lines
from tests.attacker import Equation, Secret, equations, singled_out, words_found
from tests.factories.awards import programme_officer, signatory
from tests.factories.transparency import BIRDS, bird, withhold
from transparency.models import ReleasedGrant, Withholding
from transparency.release.facts import Part
from transparency.selectors import own, published
from transparency.selectors.withholdings import parts_withheld
from transparency.services import releasing
from transparency.services import withholding as services
from transparency.services.open_data import sources

AMOUNTS = BIRDS
EARLIER = 4
"""So many of them were signed a month before the others."""


@pytest.fixture(scope="module")
def _grants(standing: None) -> list[Grant]:
    with time_machine.travel(timezone.now().replace(day=15) - timedelta(days=31)):
        before = [bird(number) for number in range(EARLIER)]
    return before + [bird(number) for number in range(EARLIER, len(AMOUNTS))]


@pytest.fixture
def grants(_grants: list[Grant], db: None) -> list[Grant]:
    return _grants


# Sequences ----------------------------------------------------------------------------------------------------------

Step = tuple[str, int, tuple[str, ...]]
PARTS = [("name",), ("name", "place"), ("amount",), ("place",)]
WITHHOLDINGS = st.tuples(st.just("withhold"), st.integers(0, len(AMOUNTS) - 1), st.sampled_from(PARTS))
LIFTS = st.tuples(st.just("lift"), st.integers(0, len(AMOUNTS) - 1), st.just(()))
AGAIN = st.just(("month", 0, ()))
MONTH: Step = ("month", 0, ())
THREE_NAMELESS: list[Step] = [("withhold", number, ("name",)) for number in range(EARLIER, len(AMOUNTS))]
STEPS = st.lists(st.one_of(WITHHOLDINGS, WITHHOLDINGS, LIFTS, AGAIN), min_size=3, max_size=9)


@dataclass
class Readers:
    """What two readers found until now, and what stood behind it."""

    always: set[Equation] = field(default_factory=set)
    lately: set[Equation] = field(default_factory=set)
    holds: dict[str, frozenset[str]] = field(default_factory=dict)


def take(step: Step, grants: list[Grant], told_until: int) -> int:
    """Do it as the services do; the number of months told."""
    kind, number, parts = step
    if kind == "withhold":
        withhold(grants[number], *parts)
    elif kind == "lift":
        for one in Withholding.objects.filter(grant=grants[number], state="in_force"):
            proposed = services.propose_lift(one, reason="Safe.", actor=programme_officer())
            services.answer_lift(proposed, consent=True, reason="Yes.", actor=signatory(grants[number]))
    elif told_until < 2:
        told_until += 1
        releasing.release_due(timezone.localdate().replace(day=1) + timedelta(days=31 * told_until))
    return told_until


def read(readers: Readers, grants: list[Grant]) -> list[str]:
    """What the two readers find now."""
    rows = list(ReleasedGrant.objects.select_related("pool"))
    readers.holds |= {row.code: frozenset({str(row.grant_id)}) for row in rows}
    for pool in {row.pool for row in rows if row.pool}:
        readers.holds[sources.sum_code(pool)] = frozenset(str(row.grant_id) for row in rows if row.pool == pool)
    withheld = parts_withheld(grants)
    secrets = {
        str(one.pk): Secret(str(one.organisation_id), one.amount_minor, Part.NAME in parts,
                            (one.organisation.name_latin, one.organisation.name_ar), Part.AMOUNT in parts)
        for one in grants for parts in [withheld.get(one.pk, frozenset())]
    }  # fmt: skip
    told = sources.told()
    made = files(told)
    dashboards = own.load_facts().released
    renamed = {pool.code: f"SUM-{pool.code}" for pool in dashboards.pools}
    found = {
        *equations(made),
        *((frozenset((renamed.get(code, code), shares) for code, shares in parts), minor) for parts, minor in lines(dashboards)),
    }  # fmt: skip
    readers.always |= found
    readers.lately |= found
    known = {grant: Secret(one.partner, one.amount_minor, one.nameless, one.words) for grant, one in secrets.items()}
    partners = {grant: one.partner for grant, one in secrets.items()}
    return [
        *words_found(made, secrets.values()), *alike(told, readers.holds, partners),
        *(f"place of {row.code}" for row in rows if Part.PLACE in withheld.get(row.grant_id, ()) and row.governorates),
        *singled_out(readers.lately, readers.holds, secrets, least=3),
        *singled_out(readers.always, readers.holds, known, least=3),
    ]  # fmt: skip


def sums_are_whole(grants: list[Grant]) -> None:
    """What is told is the books' sum less that of the grants that wait, and payments of sums are those of enough partners."""
    told = set(published.told().values_list("grant", flat=True))
    assert published.sums("USD").total.minor == sum(one.amount_minor for one in grants if one.pk in told)
    assert own.load_facts().released.amount == published.sums("USD").total.minor
    counted = ReleasedGrant.objects.filter(amount_minor__isnull=True).exclude(counted_minor=0)
    assert (
        not counted
        or len({row.grant.organisation_id for row in counted}) >= rules_to_begin_with().publication.least_partners
    )


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
@example(steps=[*THREE_NAMELESS, MONTH, MONTH, ("withhold", EARLIER, ("place",))])
@example(steps=[MONTH, *(("withhold", number, ("name",)) for number in range(EARLIER)), *THREE_NAMELESS])
def test_nobody_is_singled_out_whatever_is_withheld_and_lifted_when(grants: list[Grant], steps: list[Step]) -> None:
    with transaction.atomic():
        readers, told_until = Readers(), 0
        for step in [*steps, MONTH, MONTH]:
            if step[0] == "withhold":
                readers.lately = set()
            told_until = take(step, grants, told_until)
            assert read(readers, grants) == [], step
            sums_are_whole(grants)
        transaction.set_rollback(True)


# Its own cases ------------------------------------------------------------------------------------------------------


def later() -> date:
    return timezone.localdate() + timedelta(days=70)


@pytest.mark.django_db
def test_a_place_that_is_withheld_later_leaves_its_sum(grants: list[Grant]) -> None:
    """Three nameless grants are told with their place; one of them withholds it."""
    for one in grants[EARLIER:]:
        withhold(one, "name")
    releasing.release_due(later())
    row = ReleasedGrant.objects.get(grant=grants[EARLIER])
    assert row.governorates == row.pool.governorates != []
    withhold(grants[EARLIER], "place")
    row = ReleasedGrant.objects.get(grant=grants[EARLIER])
    assert row.governorates == row.pool.governorates == []
    assert row.sector == row.pool.sector != ""


@pytest.mark.django_db
def test_what_was_held_back_is_told_in_a_later_months_sum(grants: list[Grant]) -> None:
    """Nobody beside it in its own month: until the next one no sum holds it, and none of its payments."""
    releasing.release_due(timezone.localdate().replace(day=1) + timedelta(days=31))
    for one in grants[:EARLIER]:
        withhold(one, "name")
    alone = ReleasedGrant.objects.get(pool=None, amount_minor=None)
    assert (alone.counted_minor, alone.month) == (0, None)
    for one in grants[EARLIER:]:
        withhold(one, "name")
    releasing.release_due(later())
    alone.refresh_from_db()
    assert alone.pool is not None
    assert alone.month is None, "its month would tell it from the others"
    assert published.sums("USD").total.minor == sum(AMOUNTS)
    held = Withholding.objects.get(grant=alone.grant)
    proposed = services.propose_lift(held, reason="Safe.", actor=programme_officer())
    services.answer_lift(proposed, consent=True, reason="Yes.", actor=signatory(alone.grant))
    withhold(alone.grant, "name")
    alone.refresh_from_db()
    assert alone.month is None
