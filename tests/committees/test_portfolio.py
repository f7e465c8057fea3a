"""The portfolio against every selection there is, and the rule behind each departure from the rank."""

import random
from collections.abc import Iterable
from fractions import Fraction
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from charter.defaults import default_rules
from charter.schema import ScoringRules
from committees.portfolio import SHARES, Call, Rule, Selection, merit_minor, select
from committees.ranking import Candidate, Ranked, rank
from committees.scoring import Verdict

RULES = default_rules().scoring


def candidate(key: str, score: int = 70, requested_minor: int = 1_000, **other: object) -> Candidate:
    verdict = Verdict.FUNDABLE if score >= RULES.fundable_from else Verdict.NOT_FUNDABLE
    values: dict[str, object] = {
        "organisation": f"org-{key}",
        "participation": Fraction(3),
        "last_year_spend_minor": 0,
        "first_time_partner": False,
        "lot": int.from_bytes(key.encode(), "big"),
        **other,
    }
    return Candidate(key=key, score=Fraction(score), verdict=verdict, requested_minor=requested_minor, **values)  # type: ignore[arg-type]


def without(**targets: int) -> ScoringRules:
    """The default charter with other targets, all else set to nothing."""
    base = {
        "small_and_micro_percent": 0,
        "women_led_percent": 0,
        "first_time_partner_percent": 0,
        "one_organisation_most_percent": 100,
        "award_or_reason_in_each_governorate": 0,
        "deviation_worth_permille": 0,
    }
    changed = RULES.portfolio.model_copy(update={**base, **targets})
    return RULES.model_copy(update={"portfolio": changed})


def chosen(candidates: list[Candidate], envelope: int, rules: ScoringRules, places: Iterable[str] = ()) -> Selection:
    return select(rank(candidates, envelope, rules), Call(envelope, frozenset(places), rules))


def reason(selection: Selection, key: str) -> tuple[Rule, ...]:
    return next(one.rules for one in selection.deviations if one.key == key)


# By hand ------------------------------------------------------------------------------------------------------------


def test_without_shares_the_selection_is_the_rank_filled_up() -> None:
    listed = [candidate("a", 90, 600), candidate("b", 80, 500), candidate("c", 70, 300)]
    found = chosen(listed, 1_000, without())
    assert found.plain == {"a"}
    assert found.awards == {"a", "c"}
    assert reason(found, "c") == (Rule.FILL,)


def test_a_departure_must_bring_something() -> None:
    listed = [candidate("a", 90, 900), candidate("b", 80, 500), candidate("c", 70, 10)]
    assert chosen(listed, 1_000, without(deviation_worth_permille=5)).awards == {"a", "c"}
    assert chosen(listed, 1_000, without(deviation_worth_permille=8)).awards == {"a"}


def test_a_share_displaces_the_better_and_says_so() -> None:
    listed = [candidate("a", 90, 500), candidate("b", 80, 500), candidate("c", 70, 500, women_led=True)]
    found = chosen(listed, 1_000, without(women_led_percent=25))
    assert found.awards == {"a", "c"}
    assert reason(found, "b") == (Rule.WOMEN_LED,)
    assert reason(found, "c") == (Rule.WOMEN_LED,)


def test_a_group_that_did_not_apply_for_enough_holds_nobody_back() -> None:
    listed = [candidate("a", 90, 900), candidate("b", 70, 50, women_led=True)]
    found = chosen(listed, 1_000, without(women_led_percent=25))
    assert found.awards == {"a", "b"}
    assert found.exhausted == (Rule.WOMEN_LED,)


def test_one_organisation_is_capped() -> None:
    listed = [candidate("a", 90, 200), candidate("b", 70, 100)]
    found = chosen(listed, 1_000, without(one_organisation_most_percent=10))
    assert found.awards == {"b"}
    assert reason(found, "a") == (Rule.ONE_ORGANISATION,)


def test_each_governorate_has_an_award_or_is_named() -> None:
    listed = [
        candidate("a", 90, 500, governorates=frozenset({"SY01"})),
        candidate("b", 85, 500, governorates=frozenset({"SY01"})),
        candidate("c", 62, 500, governorates=frozenset({"SY08"})),
        candidate("d", 40, 100, governorates=frozenset({"SY09"})),
    ]
    found = chosen(listed, 1_000, without(award_or_reason_in_each_governorate=1), ["SY01", "SY08", "SY09"])
    assert found.awards == {"a", "c"}
    assert found.nil == ("SY09",)
    assert reason(found, "b") == (Rule.GOVERNORATE,)


# Against every selection ----------------------------------------------------------------------------------------------


def kept(group: list[Candidate], able: list[Candidate], call: Call) -> bool:
    """Whether a selection keeps envelope, cap and shares, in exact numbers."""
    whole = sum(one.requested_minor for one in group)
    if whole > call.envelope_minor:
        return False
    by_organisation: dict[str, int] = {}
    for one in group:
        by_organisation[one.organisation] = by_organisation.get(one.organisation, 0) + one.requested_minor
    if any(money > call.cap_minor for money in by_organisation.values()):
        return False
    for rule, fits in SHARES.items():
        part = sum(one.requested_minor for one in group if fits(one))
        if part * 100 < call.percent(rule) * whole and part < most(able, rule, call):
            return False
    return True


def most(able: list[Candidate], rule: Rule, call: Call) -> int:
    """All that a group can have where it asks for less than its share of the envelope; else nothing excuses."""
    group = [one for one in able if SHARES[rule](one) and one.requested_minor <= call.cap_minor]
    asked = sum(one.requested_minor for one in group)
    return call.envelope_minor if asked * 100 >= call.percent(rule) * call.envelope_minor else asked


def goodness(group: list[Candidate], plain: frozenset[str], call: Call) -> tuple[int, Fraction]:
    """(governorates without an award, less merit): the lower the better."""
    here = frozenset[str]().union(*(one.governorates for one in group))
    merit = sum((one.requested_minor * one.score / 100 for one in group), Fraction(0))
    departures = len({one.key for one in group} ^ plain)
    return len(call.governorates - here), -(merit - departures * call.worth_minor)


@st.composite
def small_calls(draw: st.DrawFn) -> tuple[list[Candidate], int]:
    flags = st.booleans()
    listed = [
        candidate(
            chr(97 + number),
            draw(st.integers(58, 95)),
            draw(st.integers(40, 400)),
            small_or_micro=draw(flags),
            women_led=draw(flags),
            first_time_partner=draw(flags),
            governorates=frozenset(draw(st.sets(st.sampled_from(["SY01", "SY02", "SY03"]), min_size=1))),
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return listed, draw(st.integers(300, 1500))


@settings(max_examples=80, deadline=None)
@given(small_calls(), st.sampled_from([25, 40, 100]))
def test_no_selection_is_better(case: tuple[list[Candidate], int], cap: int) -> None:
    listed, envelope = case
    changed = RULES.portfolio.model_copy(update={"one_organisation_most_percent": cap})
    rules = RULES.model_copy(update={"portfolio": changed})
    call = Call(envelope, frozenset({"SY01", "SY02", "SY03"}), rules)
    ranked = rank(listed, envelope, rules)
    found = select(ranked, call)
    able = [one for one in listed if one.verdict is Verdict.FUNDABLE]
    every = chain.from_iterable(combinations(able, size) for size in range(len(able) + 1))
    best = min(goodness(list(group), found.plain, call) for group in every if kept(list(group), able, call))
    ours = [one for one in able if one.key in found.awards]
    assert kept(ours, able, call)
    nil, merit = goodness(ours, found.plain, call)
    assert nil == best[0] == len(found.nil)
    assert float(merit) <= float(best[1]) + 1e-4 * abs(float(best[1])) + 1e-6
    assert {one.key for one in found.deviations} == found.awards ^ found.plain
    assert all(one.rules for one in found.deviations)


def large_call(number: int, *, seed: int = 1) -> list[Candidate]:
    """Invented applications of every size, score and place."""
    draw = random.Random(seed)
    places = [f"SY{one:02}" for one in range(1, 15)]
    listed = []
    for count in range(number):
        small = draw.random() < 0.45
        listed.append(
            candidate(
                f"{count:05}",
                draw.randint(40, 95),
                draw.randrange(500_000, 3_000_000, 50) if small else draw.randrange(2_000_000, 15_000_000, 50),
                small_or_micro=small,
                women_led=draw.random() < 0.2,
                first_time_partner=draw.random() < 0.3,
                governorates=frozenset(draw.sample(places, draw.choice([1, 1, 2]))),
            )
        )
    return listed


def test_sixty_applications_keep_every_rule() -> None:
    listed = large_call(60)
    envelope = 120_000_000
    call = Call(envelope, frozenset(f"SY{one:02}" for one in range(1, 15)), RULES)
    found = select(rank(listed, envelope, RULES), call)
    able = [one for one in listed if one.verdict is Verdict.FUNDABLE]
    awarded = [one for one in able if one.key in found.awards]
    assert found.gap < 0.01
    assert kept(awarded, able, call)
    assert found.merit_minor == merit_minor(awarded)


def test_the_selection_is_the_same_each_time() -> None:
    listed: list[Ranked] = rank(large_call(40), 80_000_000, RULES)
    call = Call(80_000_000, frozenset({"SY01", "SY08"}), RULES)
    assert select(listed, call) == select(listed, call)
