"""`grants.budgets`: sums that agree with their lines, and the charter's checks at their edges."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from grants.budgets import (
    Finding,
    FindingCode,
    Line,
    Purpose,
    Severity,
    findings,
    indirect_minor,
    line_minor,
    may_be_submitted,
    totals,
)

RULES = default_rules().budget
lines = st.builds(
    Line,
    category=st.sampled_from("ABCDEFG"),
    quantity=st.integers(1, 1000),
    unit_cost_minor=st.integers(0, 10**7),
    months=st.integers(1, 36),
    percent_charged=st.integers(1, 100),
)


def costing(category: str, minor: int, **other: Any) -> Line:
    return Line(category, 1, minor, **other)


def codes(*budget: Line, grant_type: str = "project", ceiling_minor: int | None = None) -> list[FindingCode]:
    found = findings(budget, grant_type=grant_type, overhead_percent=10, rules=RULES, ceiling_minor=ceiling_minor)
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("line", "minor"),
    [
        (Line("A", 2, 50_000, months=12, percent_charged=50), 600_000),
        (Line("A", 1, 1, percent_charged=50), 1),
        (Line("A", 1, 1, percent_charged=49), 0),
        (Line("A", 3, 5, percent_charged=10), 2),
        (Line("A", 1, 0), 0),
    ],
)
def test_a_line_is_rounded_half_up(line: Line, minor: int) -> None:
    assert line_minor(line) == minor


@given(lines)
def test_a_line_lies_within_half_a_cent_of_the_exact_cost(line: Line) -> None:
    exact = Fraction(line.quantity * line.unit_cost_minor * line.months * line.percent_charged, 100)
    assert abs(line_minor(line) - exact) <= Fraction(1, 2)


@given(st.lists(lines, max_size=20), st.integers(0, 20))
def test_sums_agree_with_their_parts(budget: list[Line], percent: int) -> None:
    sums = totals(budget, overhead_percent=percent)
    assert sums.direct_minor == sum(sums.by_category.values()) == sum(map(line_minor, budget))
    assert sums.total_minor == sums.direct_minor + sums.indirect_minor
    assert sums.indirect_minor * 100 <= percent * sums.direct_minor < (sums.indirect_minor + 1) * 100


def test_totals_name_every_category() -> None:
    sums = totals([costing("A", 100)], overhead_percent=10)
    assert sums.by_category == {"A": 100, "B": 0, "C": 0, "D": 0, "E": 0, "F": 0, "G": 0}
    assert (sums.share_percent("A"), sums.share_percent("B"), sums.total_minor) == (100, 0, 110)
    assert totals([], overhead_percent=10).share_percent("A") == 0
    assert indirect_minor(999, 10) == 99
    with pytest.raises(KeyError):
        totals([costing("Z", 1)], overhead_percent=10)


BALANCED = (
    costing("A", 5700),
    costing("B", 2000),
    costing("C", 1000),
    costing("G", 1000),
    costing("D", 300, purpose=Purpose.SAFEGUARDING_AND_LEARNING),
)


def test_a_balanced_budget_has_no_findings() -> None:
    assert codes(*BALANCED) == []


def test_an_empty_budget() -> None:
    assert codes() == [FindingCode.EMPTY]


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        ([costing("A", 6000), costing("B", 3700)], None),
        ([costing("A", 6001), costing("B", 3699)], FindingCode.STAFF_SHARE),
        ([costing("C", 2000), costing("B", 7700)], None),
        ([costing("C", 2001), costing("B", 7699)], FindingCode.EQUIPMENT_SHARE),
        ([costing("F", 5000), costing("B", 4700)], None),
        ([costing("F", 5001), costing("B", 4699)], FindingCode.TRANSFERS_SHARE),
        ([costing("G", 500, purpose=Purpose.CONTINGENCY), costing("B", 9200)], None),
        ([costing("G", 501, purpose=Purpose.CONTINGENCY), costing("B", 9199)], FindingCode.CONTINGENCY_SHARE),
        ([costing("G", 500, purpose=Purpose.TRANSFER_FEES), costing("B", 9200)], None),
        ([costing("G", 501, purpose=Purpose.TRANSFER_FEES), costing("B", 9199)], FindingCode.FEES_SHARE),
    ],
)
def test_shares_at_their_edges(budget: list[Line], code: FindingCode | None) -> None:
    care = costing("D", 300, purpose=Purpose.SAFEGUARDING_AND_LEARNING)
    assert codes(*budget, care) == ([code] if code else [])


def test_an_institutional_grant_may_pay_more_staff() -> None:
    care = costing("D", 300, purpose=Purpose.SAFEGUARDING_AND_LEARNING)
    assert codes(costing("A", 8000), costing("B", 1700), care, grant_type="institutional") == []
    assert codes(costing("A", 8001), costing("B", 1699), care, grant_type="institutional") == [FindingCode.STAFF_SHARE]


def test_too_little_for_safeguarding_is_a_warning() -> None:
    found = findings([costing("B", 1000)], grant_type="project", overhead_percent=10, rules=RULES)
    numbers = {"part_minor": 0, "whole_minor": 1000, "least_percent": 3}
    assert found == [Finding(FindingCode.SAFEGUARDING_SHARE, Severity.WARNING, numbers)]
    assert may_be_submitted(found)


def test_equipment_that_is_justified_only_warns() -> None:
    budget = [*BALANCED, costing("C", 5000, justified=False)]
    assert not may_be_submitted(findings(budget, grant_type="project", overhead_percent=10, rules=RULES))
    justified = [replace(line, justified=True) for line in budget]
    found = findings(justified, grant_type="project", overhead_percent=10, rules=RULES)
    assert [(one.code, one.severity) for one in found] == [
        (FindingCode.EQUIPMENT_SHARE, Severity.WARNING),
        (FindingCode.SAFEGUARDING_SHARE, Severity.WARNING),
    ]


def test_the_ceiling_counts_the_indirect_cost() -> None:
    assert codes(*BALANCED, ceiling_minor=11_000) == []
    assert codes(*BALANCED, ceiling_minor=10_999) == [FindingCode.ABOVE_CEILING]


@pytest.mark.parametrize(
    ("category", "unit", "code"),
    [
        ("A", 125, None),
        ("A", 126, FindingCode.SALARY_OUTSIDE_BAND),
        ("A", 75, None),
        ("A", 74, FindingCode.SALARY_OUTSIDE_BAND),
        ("B", 130, None),
        ("B", 131, FindingCode.UNIT_COST_OUTSIDE_BAND),
        ("B", 69, FindingCode.UNIT_COST_OUTSIDE_BAND),
    ],
)
def test_bands_round_the_usual_cost(category: str, unit: int, code: FindingCode | None) -> None:
    budget = (*BALANCED, costing(category, unit, reference_minor=100))
    found = findings(budget, grant_type="institutional", overhead_percent=10, rules=RULES)
    outside = [one for one in found if one.line is not None]
    assert [(one.code, one.severity, one.line) for one in outside] == ([(code, Severity.WARNING, 5)] if code else [])


def test_international_staff_is_not_paid() -> None:
    assert FindingCode.INTERNATIONAL_STAFF in codes(*BALANCED, costing("A", 1, purpose=Purpose.INTERNATIONAL_STAFF))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (costing("Z", 1), FindingCode.UNKNOWN_CATEGORY),
        (Line("A", 0, 1), FindingCode.LINE_OUT_OF_RANGE),
        (Line("A", 1, -1), FindingCode.LINE_OUT_OF_RANGE),
        (Line("A", 1, 1, months=0), FindingCode.LINE_OUT_OF_RANGE),
        (Line("A", 1, 1, percent_charged=0), FindingCode.LINE_OUT_OF_RANGE),
        (Line("A", 1, 1, percent_charged=101), FindingCode.LINE_OUT_OF_RANGE),
    ],
)
def test_lines_that_cannot_be_added_up(line: Line, code: FindingCode) -> None:
    found = findings([*BALANCED, line], grant_type="project", overhead_percent=10, rules=RULES)
    assert found == [Finding(code, Severity.ERROR, line=5)]


def test_too_many_lines() -> None:
    assert FindingCode.TOO_MANY_LINES in codes(*[costing("B", 1)] * 101)
    assert FindingCode.TOO_MANY_LINES not in codes(*[costing("B", 1)] * 100)
