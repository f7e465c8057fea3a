"""`disbursements.controls`: thresholds at their edges, refunds that add up."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.defaults import default_rules
from disbursements.controls import (
    Refund,
    approvals_needed,
    left_to_spend,
    may_request_next,
    refund,
    spent_percent,
    spent_share,
)

RULES = default_rules()
PAYMENTS, REFUNDS = RULES.payments, RULES.refunds
minors = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("received", "spent", "may", "left", "percent"),
    [
        (10_000, 7_000, True, 0, 70),
        (10_000, 6_999, False, 1, 69),
        (10_000, 0, False, 7_000, 0),
        (0, 0, False, 0, 0),
        (0, 500, False, 0, 0),
        (1, 1, True, 0, 100),
        (3, 2, False, 1, 66),
        (100, 150, True, 0, 150),
    ],
)
def test_the_next_tranche(received: int, spent: int, may: bool, left: int, percent: int) -> None:
    assert may_request_next(received, spent, PAYMENTS) is may
    assert left_to_spend(received, spent, PAYMENTS) == left
    assert spent_percent(received, spent) == percent


@given(st.integers(1, 10**12), minors)
def test_nothing_left_to_spend_means_that_it_may_be_requested(received: int, spent: int) -> None:
    left = left_to_spend(received, spent, PAYMENTS)
    assert may_request_next(received, spent, PAYMENTS) is (left == 0)
    assert may_request_next(received, spent + left, PAYMENTS)
    assert left == 0 or not may_request_next(received, spent + left - 1, PAYMENTS)
    assert spent_share(received, spent) == Fraction(spent, received)


@pytest.mark.parametrize(("amount", "approvals"), [(1, 2), (5_000_000, 2), (5_000_001, 3)])
def test_approvals_needed(amount: int, approvals: int) -> None:
    assert approvals_needed(amount, PAYMENTS) == approvals


@pytest.mark.parametrize(
    ("received", "spent", "disallowed", "undeclared", "expected", "owed"),
    [
        (100_000, 90_000, 0, 0, Refund(10_000, 0, 0, waived=False), 10_000),
        (100_000, 90_000, 5_000, 500, Refund(10_000, 5_000, 500, waived=False), 15_500),
        (100_000, 100_000, 0, 0, Refund(0, 0, 0, waived=False), 0),
        (100_000, 95_001, 0, 0, Refund(4_999, 0, 0, waived=True), 0),
        (100_000, 95_000, 0, 0, Refund(5_000, 0, 0, waived=False), 5_000),
        (100_000, 120_000, 30_000, 0, Refund(0, 10_000, 0, waived=False), 10_000),
        (100_000, 120_000, 10_000, 0, Refund(0, 0, 0, waived=False), 0),
    ],
)
def test_refund(received: int, spent: int, disallowed: int, undeclared: int, expected: Refund, owed: int) -> None:
    result = refund(received, spent, disallowed_minor=disallowed, undeclared_minor=undeclared, rules=REFUNDS)
    assert result == expected
    assert result.owed_minor == owed


@given(minors, minors, st.data())
def test_a_refund_is_what_was_received_less_what_was_accepted(received: int, spent: int, data: st.DataObject) -> None:
    disallowed = data.draw(st.integers(0, spent))
    result = refund(received, spent, disallowed_minor=disallowed, rules=REFUNDS)
    assert result.computed_minor == max(received - (spent - disallowed), 0)
    assert result.computed_minor <= received
    assert result.owed_minor in {0, result.computed_minor}


@pytest.mark.parametrize(("received", "spent", "disallowed"), [(-1, 0, 0), (0, -1, 0), (1, 1, -1), (10, 5, 6)])
def test_refunds_of_nonsense(received: int, spent: int, disallowed: int) -> None:
    with pytest.raises(ValueError, match=r"zero or more|disallowed"):
        refund(received, spent, disallowed_minor=disallowed, rules=REFUNDS)
