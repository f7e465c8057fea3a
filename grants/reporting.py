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


def reporting_periods(*, starts_on: date, ends_on: date, months: int, tranches: int, final_months: int) -> list[Period]:
    """A progress report before each tranche after the first, and a final report ``final_months`` after the end.

    The grant's months are divided evenly over its tranches; each progress report covers the part before the tranche and is
    due on the last day of it.
    """
    marks = [add_months(starts_on, months * part // tranches) for part in range(tranches)]
    periods = [
        Period(number, "progress", start, following - timedelta(days=1), following - timedelta(days=1))
        for number, (start, following) in enumerate(pairwise(marks), start=1)
    ]
    periods.append(Period(tranches, "final", marks[-1], ends_on, add_months(ends_on, final_months)))
    return periods
