"""The tranches of a grant from the charter's table (domain specification §4.1 d). Plain Python.

Amounts are split by largest remainder, so no cent is lost; days lie inside the grant. The retention is the part of
the last tranche that waits for the final report: it stands as a payment of its own at the end.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from charter.calendar import add_months
from charter.schema import FIRST_TRANCHE_MOST_PERCENT, TierRules
from kernel.money import shares


class Condition(StrEnum):
    """What must have happened before a tranche is paid."""

    AGREEMENT_ACTIVE = "agreement_active"
    PREVIOUS_SPENT = "previous_spent"
    REPORT_ACCEPTED = "report_accepted"
    YEAR_REVIEWED = "year_reviewed"
    FUNDS_AVAILABLE = "funds_available"
    FINAL_REPORT_ACCEPTED = "final_report_accepted"


@dataclass(frozen=True, slots=True)
class PlannedTranche:
    """One payment of the schedule: ``year`` of the grant from 1, ``due_on`` the day from which it is planned."""

    number: int
    amount_minor: int
    due_on: date
    year: int
    conditions: tuple[Condition, ...]
    retention: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    percent: int
    due_on: date
    year: int
    retention: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """How long a grant runs: whole months, where the charter says so cut at a number of calendar days (rapid grants)."""

    start: date
    months: int
    most_days: int | None = None

    @property
    def last_day(self) -> date:
        """The last day of the grant."""
        whole = add_months(self.start, self.months) - timedelta(days=1)
        return whole if self.most_days is None else min(whole, self.start + timedelta(days=self.most_days - 1))

    def day_of(self, index: int, *, of: int) -> tuple[date, int]:
        """Day and year of the payment ``index`` of ``of``, spread evenly, by whole months where they fit."""
        offset = self.months * index // of
        if self.months >= of and add_months(self.start, offset) <= self.last_day:
            return add_months(self.start, offset), offset // 12 + 1
        days = (self.last_day - self.start).days * index // of
        return self.start + timedelta(days=days), 1


def _parts(split: Sequence[int], *, retention: int, span: Span) -> list[_Part]:
    parts = []
    for index, percent in enumerate(split):
        due_on, year = span.day_of(index, of=len(split))
        held = retention if index == len(split) - 1 else 0
        parts.append(_Part(percent - held, due_on, year))
    if retention:
        parts.append(_Part(retention, span.last_day, (span.months - 1) // 12 + 1, retention=True))
    return [part for part in parts if part.percent]


def _conditions(index: int, part: _Part) -> tuple[Condition, ...]:
    first = (Condition.AGREEMENT_ACTIVE,)
    later = (Condition.PREVIOUS_SPENT, Condition.REPORT_ACCEPTED)
    final = (Condition.FINAL_REPORT_ACCEPTED,)
    own = final if part.retention else (later if index else first)
    return own if part.year == 1 else (*own, Condition.YEAR_REVIEWED, Condition.FUNDS_AVAILABLE)


def schedule(amount_minor: int, span: Span, tier_rules: TierRules) -> list[PlannedTranche]:
    """The payments of a grant of ``amount_minor`` over its ``span``.

    Tranches of the second year and later are conditional on funds and on the review of the year before. Raises
    ValueError when the tier has no tranches for so long a grant, or the amount is too small to be split.
    """
    if span.months < 1:
        raise ValueError("a grant runs for one month at least")
    split = tier_rules.split_for(span.months)
    parts = _parts(split, retention=tier_rules.retention_percent, span=span)
    amounts = shares(amount_minor, [part.percent for part in parts]) if amount_minor > 0 else [0]
    if min(amounts) < 1:
        raise ValueError("the amount is too small to be paid in these tranches")
    return [
        PlannedTranche(index + 1, amount, part.due_on, part.year, _conditions(index, part), part.retention)
        for index, (part, amount) in enumerate(zip(parts, amounts, strict=True))
    ]


def year_of(starts_on: date, day: date) -> int:
    """In which year of a grant that begins on ``starts_on`` a day lies, counted from 1."""
    year = 1
    while add_months(starts_on, 12 * year) <= day:
        year += 1
    return year


def by_year(tranches: Iterable[PlannedTranche]) -> dict[int, int]:
    """Minor units by year of the grant: the first year is the hard commitment, later ones are soft."""
    years: Counter[int] = Counter()
    for tranche in tranches:
        years[tranche.year] += tranche.amount_minor
    return dict(sorted(years.items()))


class Fault(StrEnum):
    """What is wrong with a schedule that somebody drew up by hand."""

    EMPTY = "empty"
    SUM = "sum"
    NOT_POSITIVE = "not_positive"
    OUTSIDE_GRANT = "outside_grant"
    ORDER = "order"
    FIRST_TOO_LARGE = "first_too_large"
    RETENTION_TOO_SMALL = "retention_too_small"


def faults(
    tranches: Sequence[tuple[int, date]], *, amount_minor: int, span: Span, tier_rules: TierRules
) -> list[Fault]:
    """What contradicts the charter in a schedule of (minor units, day) that the fund manager changed by hand.

    Shares are judged to the cent: less than one minor unit of rounding is no fault.
    """
    if not tranches:
        return [Fault.EMPTY]
    amounts = [amount for amount, _day in tranches]
    days = [day for _amount, day in tranches]
    wrong = {
        Fault.SUM: sum(amounts) != amount_minor,
        Fault.NOT_POSITIVE: min(amounts) < 1,
        Fault.OUTSIDE_GRANT: min(days) < span.start or max(days) > span.last_day,
        Fault.ORDER: days != sorted(days),
        Fault.FIRST_TOO_LARGE: (amounts[0] - 1) * 100 >= FIRST_TRANCHE_MOST_PERCENT * amount_minor,
        Fault.RETENTION_TOO_SMALL: (amounts[-1] + 1) * 100 <= tier_rules.retention_percent * amount_minor,
    }
    return [fault for fault, is_wrong in wrong.items() if is_wrong]
