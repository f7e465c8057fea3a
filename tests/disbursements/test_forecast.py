"""The forecast of cash: by hand, and for any stock, receipts and payments."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from disbursements.forecast import (
    Assumptions,
    Bridge,
    Due,
    Forecast,
    Receipt,
    Scenario,
    Standing,
    Stock,
    dependence,
    forecast,
    months_later,
)
from kernel.money import Money
from kernel.pieces.months import MonthLines, draw
from ledger.rates import Rates

TODAY = date(2026, 11, 22)
RATES = Rates("USD", {"EUR": Decimal("0.5"), "SYP": Decimal(100)})
PLAIN = Assumptions(months=6, reserve_percent=0, own_costs_percent=0)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def reckoned(
    cash: int,
    receipts: list[Receipt] | None = None,
    dues: list[Due] | None = None,
    scenario: Scenario | None = None,
    assumptions: Assumptions = PLAIN,
) -> Forecast:
    return forecast(
        Stock([usd(cash)]), receipts or [], dues or [], today=TODAY, rates=RATES, assumptions=assumptions, scenario=scenario
    )  # fmt: skip


def test_a_year_by_hand() -> None:
    receipts = [Receipt("a", date(2027, 1, 10), usd(1_000), 50), Receipt("b", date(2026, 1, 1), usd(100), 100)]
    dues = [Due("1", date(2026, 12, 5), usd(300)), Due("2", date(2027, 1, 10), usd(200))]
    found = reckoned(400, receipts, dues)
    assert [month.closing_minor for month in found.months] == [500, 200, 500, 500, 500, 500]
    assert [month.certain_minor for month in found.months] == [400, 100, -100, -100, -100, -100]
    assert found.months[2].lowest_minor == 0, "a payment comes before the receipt of the same day"
    assert (found.at_risk, found.bridges(), found.unvalued) == ((), [], ())


def test_scenarios_say_which_tranche_is_at_risk_and_when_to_bridge() -> None:
    receipts = [Receipt("a", date(2026, 12, 1), usd(300), 100)]
    dues = [Due("1", date(2026, 12, 5), usd(300)), Due("2", date(2027, 2, 1), usd(200))]
    assert reckoned(200, receipts, dues).at_risk == ()
    late = reckoned(200, receipts, dues, Scenario(late_months=3))
    assert [(risk.due.key, risk.standing, risk.missing_minor) for risk in late.at_risk] == [
        ("1", Standing.UNCOVERED, 100),
        ("2", Standing.UNCOVERED, 200),
    ]
    assert late.bridges() == [Bridge(date(2026, 12, 1), date(2027, 3, 1), 4, 300)]
    stopped = reckoned(200, receipts, dues, Scenario(stopped=frozenset({"a"})))
    assert stopped.bridges()[0].last == stopped.months[-1].first
    assert reckoned(200, receipts, dues, Scenario(stopped=frozenset({"other"}))).at_risk == ()


def test_the_reserve_is_touched_last_and_own_costs_go_along() -> None:
    assumptions = Assumptions(months=6, reserve_percent=10, own_costs_percent=10)
    dues = [Due("1", date(2026, 12, 5), usd(1_000)), Due("2", date(2027, 1, 5), usd(1_000))]
    found = reckoned(2_250, dues=dues, assumptions=assumptions)
    assert (found.reserve_minor, found.months[1].own_costs_minor) == (200, 100)
    assert [(risk.due.key, risk.standing) for risk in found.at_risk] == [("2", Standing.RESERVE)]
    assert (found.bridges(), found.in_the_reserve()[0].most_minor, found.reserve_used_minor) == ([], 150, 150)


def test_the_pound_and_what_has_no_rate() -> None:
    receipts = [Receipt("a", date(2026, 12, 1), Money(1_000_00, "SYP"), 100)]
    assert reckoned(0, receipts).months[-1].closing_minor == 10_00
    assert reckoned(0, receipts, scenario=Scenario(falls={"SYP": 30})).months[-1].closing_minor == 7_00
    unknown = forecast(
        Stock([Money(5, "TRY"), usd(1)], [Money(7, "TRY")]), [], [], today=TODAY, rates=RATES, assumptions=PLAIN
    )
    assert (unknown.opening_minor, unknown.unvalued) == (1, (Money(12, "TRY"),))


def test_who_the_fund_depends_on() -> None:
    found = dependence({"a": 501, "b": 499})
    assert found is not None
    assert (found.donor, found.percent) == ("a", 51)
    assert dependence({}) is None
    assert dependence({"a": 0}) is None


def test_months_end_where_they_end() -> None:
    assert months_later(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert months_later(date(2026, 1, 31), -11) == date(2025, 2, 28)


days = st.integers(-200, 900).map(lambda number: TODAY + timedelta(days=number))
amounts = st.builds(Money, st.integers(1, 10**9), st.sampled_from(["USD", "EUR", "SYP"]))
receipts = st.lists(st.builds(Receipt, st.sampled_from("abc"), days, amounts, st.integers(0, 100)), max_size=8)
dues = st.lists(st.builds(Due, st.uuids().map(str), days, amounts), max_size=8, unique_by=lambda one: one.key)
worse = st.builds(
    Scenario,
    stopped=st.frozensets(st.sampled_from("abc")),
    late_months=st.integers(0, 12),
    falls=st.just({}),
)
charters = st.builds(Assumptions, st.integers(1, 40), st.integers(0, 100), st.integers(0, 100))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), receipts, dues, worse, charters)
def test_for_any_fund_the_months_add_up_and_worse_is_never_better(
    cash: int, into: list[Receipt], out: list[Due], scenario: Scenario, assumptions: Assumptions
) -> None:
    plan = reckoned(cash, into, out, assumptions=assumptions)
    bad = reckoned(cash, into, out, scenario, assumptions)
    before = cash
    for month in bad.months:
        assert month.closing_minor == before + month.receipts_minor - month.payments_minor - month.own_costs_minor
        assert month.lowest_minor <= min(before, month.closing_minor)
        before = month.closing_minor
    assert all(b.closing_minor <= p.closing_minor for p, b in zip(plan.months, bad.months, strict=True))
    assert bad.reserve_minor == plan.reserve_minor
    assert {risk.due.key for risk in plan.at_risk} <= {risk.due.key for risk in bad.at_risk}
    for risk in bad.at_risk:
        assert 0 <= risk.missing_minor <= risk.minor
        assert (risk.missing_minor > 0) == (risk.standing == Standing.UNCOVERED)
    assert bool(bad.bridges()) == (bad.lowest_minor < 0)
    assert 0 <= bad.reserve_used_minor <= bad.reserve_minor


def test_the_picture_is_mirrored_and_escapes_its_words() -> None:
    lines = MonthLines([100, -50, 200], [100, -50, -60], 20, [(1, "2027")], "<b>", "low")
    there, back = draw(lines, rtl=False), draw(lines, rtl=True)
    assert "&lt;b&gt;" in there
    assert "<b>" not in there
    assert "polygon" in there
    assert there != back
    assert 'points="334.0' in back
