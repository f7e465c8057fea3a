"""`kernel.money`: no cent is made or lost."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CurrencyMismatchError, Money, format_amount, format_money, shares
from kernel.numerals import parse_amount

minors = st.integers(min_value=-(10**14), max_value=10**14)
weights = st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "USD", 1250),
        ("12.5", "USD", 1250),
        ("0", "USD", 0),
        ("-3.07", "EUR", -307),
        (7, "USD", 700),
        (Decimal("1.005"), "JOD", 1005),
        ("15", "JPY", 15),
        ("12.500", "USD", 1250),
    ],
)
def test_of_reads_exact_amounts(amount: Any, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize("amount", ["1e3", "1_000", "", " 1", "1,000", "١٢", "NaN", "12.505"])
def test_of_refuses_other_text(amount: str) -> None:
    with pytest.raises(ValueError, match=r"plain decimal|finer"):
        Money.of(amount, "USD")


@pytest.mark.parametrize("amount", [0.1, True, None])
def test_of_refuses_inexact_types(amount: Any) -> None:
    with pytest.raises(TypeError):
        Money.of(amount, "USD")


@pytest.mark.parametrize("minor", [1.0, "1", True, Decimal(1)])
def test_minor_units_are_integers(minor: Any) -> None:
    with pytest.raises(TypeError):
        Money(minor, "USD")


@pytest.mark.parametrize("currency", ["usd", "US", "USDX", "", "US1"])
def test_currency_is_three_capitals(currency: str) -> None:
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, currency)


def test_arithmetic() -> None:
    assert Money(150, "USD") + Money(50, "USD") == Money(200, "USD")
    assert Money(150, "USD") - Money(200, "USD") == -Money(50, "USD")
    assert Money(150, "USD") * 3 == Money(450, "USD")
    assert Money(1, "USD") < Money(2, "USD") <= Money(2, "USD")
    assert not Money(0, "USD")
    assert str(Money(1205, "USD")) == "12.05 USD"


@pytest.mark.parametrize("operation", ["__add__", "__sub__", "__lt__"])
def test_currencies_do_not_mix(operation: str) -> None:
    with pytest.raises(CurrencyMismatchError):
        getattr(Money(1, "USD"), operation)(Money(1, "EUR"))


@given(minors, weights)
def test_shares_sum_to_the_total_and_stay_within_a_unit_of_the_exact_share(total: int, parts: list[int]) -> None:
    result = shares(total, parts)
    assert sum(result) == total
    whole = sum(parts)
    for part, weight in zip(result, parts, strict=True):
        assert abs(part * whole - total * weight) < whole


@given(minors, weights)
def test_shares_give_nothing_for_no_weight(total: int, parts: list[int]) -> None:
    for part, weight in zip(shares(total, parts), parts, strict=True):
        assert weight or not part


def test_shares_prefer_the_largest_remainder_then_the_earlier_part() -> None:
    assert shares(100, [1, 1, 1]) == [34, 33, 33]
    assert shares(10, [15, 25, 60]) == [2, 2, 6]
    assert shares(-100, [1, 1, 1]) == [-34, -33, -33]
    assert Money(100, "USD").allocate([1, 2]) == [Money(33, "USD"), Money(67, "USD")]


@pytest.mark.parametrize("bad", [[0, 0], [-1, 2], []])
def test_shares_refuse_weights_that_mean_nothing(bad: list[int]) -> None:
    with pytest.raises(ValueError, match=r"weights|empty"):
        shares(1, bad)


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_what_is_shown_can_be_typed_back(minor: int) -> None:
    money = Money(minor, "USD")
    assert Money.of(parse_amount(format_amount(money)), "USD") == money


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "USD\u00a01,234.50"),
        ("ku", "USD\u00a01,234.50"),
        ("ar", "1,234.50\u00a0دولار"),
        ("fr", "USD\u00a01,234.50"),
    ],
)
def test_format_money(language: str, shown: str) -> None:
    assert format_money(Money(123450, "USD"), language) == shown


def test_format_money_names_other_currencies() -> None:
    assert format_money(Money(5, "JPY"), "ar") == "5\u00a0JPY"
    assert format_money(Money(500, "TRY"), "ar") == "5.00\u00a0ليرة\u00a0تركية"
    assert format_money(Money(-123450, "USD"), "en") == "USD\u00a0\u2066-1,234.50\u2069"
    assert format_money(Money(-123450, "USD"), "ar") == "\u2066-1,234.50\u2069\u00a0دولار"
