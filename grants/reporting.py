"""Reporting periods of a grant: plain arithmetic of dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from charter.calendar import add_months


@dataclass(frozen=True, slots=True)
class Period:
    """One report: its number, kind, the days it covers (both included) and the day it is due."""

    number: int
    kind: Literal["progress", "final"]
    start: date
    end: date
    due_on: date


def reporting_periods(*, starts_on: date, ends_on: date, months: int, parts: int, final_due: date) -> list[Period]:
    """A progress report for each part of the grant but the last, and a final report, due on ``final_due``.

    The grant's months are divided evenly over ``parts`` (its tranches, or 1 for light reporting: the final report alone);
    each progress report covers the part before a tranche and is due on the last day of it.
    """
    marks = [add_months(starts_on, months * part // parts) for part in range(parts)]
    periods = [
        Period(number, "progress", start, following - timedelta(days=1), following - timedelta(days=1))
        for number, (start, following) in enumerate(pairwise(marks), start=1)
    ]
    periods.append(Period(parts, "final", marks[-1], ends_on, final_due))
    return periods
