"""`committees.ranking`: one order, nobody overtakes, the envelope holds."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from committees.ranking import Candidate, Placement, PortfolioCode, Ranked, Reason, in_order, portfolio, rank
from committees.scoring import Verdict

RULES = default_rules().scoring


def candidate(key: str = "a", **other: Any) -> Candidate:
    base = Candidate(
        key=key,
        organisation=f"org-{key}",
        score=Fraction(70),
        verdict=Verdict.FUNDABLE,
        requested_minor=100,
        participation=Fraction(3),
        last_year_spend_minor=1000,
        first_time_partner=False,
        lot=ord(key[0]),
    )
    return replace(base, **other)


def keys(ranked: list[Ranked]) -> list[str]:
    return [one.candidate.key for one in ranked]


@pytest.mark.parametrize(
    ("first", "second", "decided_by"),
    [
        ({"score": Fraction(71)}, {"participation": Fraction(5)}, None),
        ({"participation": Fraction(4)}, {"last_year_spend_minor": 1}, "participation"),
        ({"last_year_spend_minor": 999}, {"first_time_partner": True}, "smaller_organisation"),
        ({"first_time_partner": True}, {"lot": 0}, "first_time_partner"),
        ({"lot": 1}, {"lot": 2}, "lot"),
    ],
)
def test_tie_breaks_in_their_order(first: dict[str, Any], second: dict[str, Any], decided_by: str | None) -> None:
    ranked = rank([candidate("b", **second), candidate("a", **first)], 10_000, RULES)
    assert keys(ranked) == ["a", "b"]
    assert [one.decided_by for one in ranked] == [None, decided_by]


def test_lots_differ() -> None:
    with pytest.raises(ValueError, match="own lot"):
        in_order([candidate("a", lot=1), candidate("b", lot=1)], RULES)


def test_the_envelope_is_filled_in_order_and_nobody_overtakes() -> None:
    ranked = rank(
        [
            candidate("a", score=Fraction(90), requested_minor=60),
            candidate("b", score=Fraction(80), requested_minor=50),
            candidate("c", score=Fraction(70), requested_minor=10),
        ],
        100,
        RULES,
    )
    assert [(one.placement, one.reason) for one in ranked] == [
        (Placement.WITHIN_ENVELOPE, Reason.SCORE),
        (Placement.WAITLIST, Reason.ENVELOPE),
        (Placement.WAITLIST, Reason.ENVELOPE),
    ]
    assert [one.cumulative_minor for one in ranked] == [60, 60, 60]


def test_it_may_fit_to_the_last_cent() -> None:
    ranked = rank([candidate("a", requested_minor=100)], 100, RULES)
    assert ranked[0].placement is Placement.WITHIN_ENVELOPE


@pytest.mark.parametrize(
    ("envelope", "placement", "reason"),
    [
        (101, Placement.WAITLIST, Reason.SCORE),
        (100, Placement.NOT_FUNDABLE, Reason.ENVELOPE),
        (99, Placement.NOT_FUNDABLE, Reason.ENVELOPE),
    ],
)
def test_the_lower_band_waits_only_if_money_remains(envelope: int, placement: Placement, reason: Reason) -> None:
    low = candidate("b", score=Fraction(55), verdict=Verdict.WAITLIST)
    ranked = rank([low, candidate("a")], envelope, RULES)
    assert (ranked[1].placement, ranked[1].reason) == (placement, reason)


def test_what_is_not_fundable_comes_last_whatever_its_score() -> None:
    weak = candidate("a", score=Fraction(95), verdict=Verdict.NOT_FUNDABLE)
    ranked = rank([weak, candidate("b")], 1000, RULES)
    assert keys(ranked) == ["b", "a"]
    assert (ranked[1].placement, ranked[1].decided_by) == (Placement.NOT_FUNDABLE, None)


candidates = st.lists(
    st.builds(
        lambda score, verdict, asked, taking, spend, first: (score, verdict, asked, taking, spend, first),
        st.integers(50, 100),
        st.sampled_from(Verdict),
        st.integers(1, 500),
        st.integers(0, 5),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=12,
).map(
    lambda rows: [
        candidate(
            f"k{n}",
            score=Fraction(score),
            verdict=verdict,
            requested_minor=asked,
            participation=Fraction(taking),
            last_year_spend_minor=spend,
            first_time_partner=first,
            lot=n,
        )
        for n, (score, verdict, asked, taking, spend, first) in enumerate(rows)
    ]
)


@given(candidates, st.integers(0, 2000), st.randoms())
def test_a_ranking_is_one_order_within_the_envelope(listed: list[Candidate], envelope: int, random: Any) -> None:
    ranked = rank(listed, envelope, RULES)
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert rank(shuffled, envelope, RULES) == ranked
    assert [one.rank for one in ranked] == list(range(1, len(listed) + 1))
    awarded = [one for one in ranked if one.placement is Placement.WITHIN_ENVELOPE]
    assert sum(one.candidate.requested_minor for one in awarded) <= envelope
    assert all(one.candidate.verdict is Verdict.FUNDABLE for one in awarded)
    fundable = [one for one in ranked if one.candidate.verdict is Verdict.FUNDABLE]
    assert fundable[: len(awarded)] == awarded


def test_portfolio() -> None:
    awards = [
        candidate("a", requested_minor=60, small_or_micro=True, women_led=True, governorates=frozenset({"SY01"})),
        candidate("b", requested_minor=40, first_time_partner=True, organisation="org-a"),
    ]
    found = portfolio(awards, envelope_minor=1000, governorates={"SY01", "SY08"}, rules=RULES)
    assert [(one.code, one.passed, one.part_minor, one.subject) for one in found] == [
        (PortfolioCode.SMALL_AND_MICRO, True, 60, ""),
        (PortfolioCode.WOMEN_LED, True, 60, ""),
        (PortfolioCode.FIRST_TIME_PARTNER, True, 40, ""),
        (PortfolioCode.GOVERNORATE, False, 0, "SY08"),
    ]


def test_portfolio_shortfalls() -> None:
    awards = [
        candidate("a", requested_minor=61),
        candidate("b", requested_minor=39, small_or_micro=True, women_led=True),
    ]
    found = portfolio(awards, envelope_minor=600, governorates=set(), rules=RULES)
    assert [(one.code, one.passed, one.subject) for one in found] == [
        (PortfolioCode.SMALL_AND_MICRO, False, ""),
        (PortfolioCode.WOMEN_LED, True, ""),
        (PortfolioCode.FIRST_TIME_PARTNER, False, ""),
        (PortfolioCode.ONE_ORGANISATION, False, "org-a"),
    ]


def test_an_empty_portfolio_misses_no_share() -> None:
    found = portfolio([], envelope_minor=600, governorates=set(), rules=RULES)
    assert all(one.passed for one in found)


def test_a_charter_may_do_without_governorates() -> None:
    quiet = RULES.portfolio.model_copy(update={"award_or_reason_in_each_governorate": False})
    rules = RULES.model_copy(update={"portfolio": quiet})
    found = portfolio([], envelope_minor=600, governorates={"SY08"}, rules=rules)
    assert PortfolioCode.GOVERNORATE not in {one.code for one in found}
