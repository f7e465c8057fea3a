"""What the pages of the forecast, of the calendar and of the fund's statement show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from disbursements.forecast import Forecast, Risk, Scenario, Standing
from disbursements.forms.forecast import ScenarioForm
from disbursements.models import Tranche
from disbursements.selectors.fund_statement import Line
from disbursements.selectors.liquidity import Liquidity, Promised
from kernel.money import Money, format_money
from kernel.pieces.data import Chip, Tone
from kernel.pieces.months import MonthLines, draw
from ledger.rates import POUND

LINES = {
    Line.RECEIVED: gettext_lazy("Received"),
    Line.REFUNDED: gettext_lazy("Given back by partners"),
    Line.PAID: gettext_lazy("Paid to grants"),
    Line.RETURNED: gettext_lazy("Returned to donors"),
    Line.COSTS: gettext_lazy("Costs of the fund"),
    Line.EXCHANGE: gettext_lazy("Gains and losses of exchange"),
    Line.MOVED: gettext_lazy("From and to other classes"),
}
"""The lines of the fund's statement in words."""
TONES = {Standing.RESERVE: Tone.WARN, Standing.UNCOVERED: Tone.STOP}


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One tranche at risk as the page shows it."""

    risk: Risk
    promised: Promised
    tone: Tone
    word: str
    missing: Money


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """A forecast with its words and its picture."""

    found: Liquidity
    scenario: Scenario
    result: Forecast
    risks: list[RiskRow]
    uncovered: Money
    picture: SafeString
    stopped: list[str]
    lost_percent: int

    def money(self, minor: int) -> Money:
        """An amount of the forecast."""
        return Money(minor, self.found.rates.base)

    @property
    def address(self) -> str:
        """The scenario, for the addresses of its figures."""
        asked = _query(self.scenario)
        return f"?{asked}" if asked else ""

    @property
    def opening(self) -> Money:
        return self.money(self.result.opening_minor)

    @property
    def reserve(self) -> Money:
        return self.money(self.result.reserve_minor)

    @property
    def reserve_used(self) -> Money:
        return self.money(self.result.reserve_used_minor)

    @property
    def lowest(self) -> Money:
        return self.money(self.result.lowest_minor)

    @property
    def alarm(self) -> dict[str, object] | None:
        """Who gives more than the charter lets pass without an alarm."""
        found = self.found.alarm
        if found is None:
            return None
        limit = self.found.rules.reserves.donor_concentration_alarm_percent
        return {"donor": self.found.donors.get(found.donor, ""), "percent": found.percent, "limit": limit}


def forecast_page(found: Liquidity, scenario: Scenario) -> ForecastPage:
    """The page of one scenario."""
    result = found.under(scenario)
    by_key = {one.due.key: one for one in found.promised}
    words = {Standing.RESERVE: _("only with the reserve"), Standing.UNCOVERED: _("not covered")}
    risks = [
        RiskRow(
            one, by_key[one.due.key], TONES[one.standing], words[one.standing],
            Money(one.missing_minor, found.rates.base),
        )
        for one in result.at_risk
    ]  # fmt: skip
    return ForecastPage(
        found=found,
        scenario=scenario,
        result=result,
        risks=risks,
        uncovered=Money(sum(one.missing_minor for one in result.at_risk), found.rates.base),
        picture=_picture(result, found.rates.base),
        stopped=[found.donors.get(one, "") for one in sorted(scenario.stopped)],
        lost_percent=scenario.falls.get(POUND, 0),
    )


def _picture(result: Forecast, currency: str) -> SafeString:
    language = get_language() or "en"
    expected = [month.closing_minor for month in result.months]
    certain = [month.certain_minor for month in result.months]
    highest = max([0, result.reserve_minor, *expected, *certain])
    lowest = min([0, *expected, *certain])
    lines = MonthLines(
        expected,
        certain,
        result.reserve_minor,
        [(number, str(one.first.year)) for number, one in enumerate(result.months) if one.first.month == 1],
        format_money(Money(highest, currency), language),
        format_money(Money(lowest, currency), language),
    )
    return mark_safe(draw(lines, rtl=get_language_bidi()))  # noqa: S308 -- its words are escaped


def scenario_chips(found: Liquidity, current: Scenario) -> list[Chip]:
    """The charter's scenarios, as links."""
    rules = found.rules.forecast
    labels = {
        "plan": _("As planned"),
        "stops": _("The largest promise stops"),
        "late": _("Receipts %(months)s months late") % {"months": rules.late_months},
        "pound": _("Pound −%(percent)s %%") % {"percent": rules.pound_falls_percent},
        "all": _("All at once"),
    }
    return [
        Chip(labels[name], f"?{_query(one)}", current=one == current) for name, one in found.scenarios().items()
    ]  # fmt: skip


def _query(scenario: Scenario) -> str:
    asked = {name: value for name, value in ScenarioForm.address(scenario).items() if value}
    return urlencode(asked, doseq=True)


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """The tranches planned for one month, and what they come to in each currency."""

    first: date
    tranches: list[Tranche]
    sums: list[Money]


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The months of one year in which something is planned."""

    year: int
    months: list[CalendarMonth]
    sums: list[Money]


def calendar_of(tranches: Iterable[Tranche]) -> list[CalendarYear]:
    """Tranches in the order of their days, by year and month."""
    listed = sorted(tranches, key=lambda one: (one.due_on, one.grant.reference, one.number))
    years = []
    for year, of_year in groupby(listed, key=lambda one: one.due_on.year):
        months = [
            CalendarMonth(first, found := list(run), _sums(found))
            for first, run in groupby(of_year, key=lambda one: one.due_on.replace(day=1))
        ]
        years.append(CalendarYear(year, months, _sums([one for month in months for one in month.tranches])))
    return years


def _sums(tranches: Sequence[Tranche]) -> list[Money]:
    sums: dict[str, int] = {}
    for one in tranches:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount_minor
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]
