"""The clocks of the rapid window: what was promised in hours, what was reached. Plain Python.

Hours run day and night. Moments are aware and compared in UTC, so that no change of summer time lends or takes an hour.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from charter.schema import Deadlines

_TENTH = timedelta(minutes=6)


class StageName(StrEnum):
    """The stages of the way from an alert to the money."""

    ANSWER = "answer"
    PROPOSALS = "proposals"
    SELECTION = "selection"
    TOTAL = "total"
    PAYMENT = "payment"


class Owner(StrEnum):
    """Who answers for the clock of a stage."""

    PANEL = "panel"
    SECRETARIAT = "secretariat"
    FINANCE = "finance"


OWNERS = {
    StageName.ANSWER: Owner.PANEL,
    StageName.PROPOSALS: Owner.SECRETARIAT,
    StageName.SELECTION: Owner.PANEL,
    StageName.TOTAL: Owner.SECRETARIAT,
    StageName.PAYMENT: Owner.FINANCE,
}


def in_utc(moment: datetime) -> datetime:
    """An aware moment in UTC. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware moment")
    return moment.astimezone(UTC)


def due(start: datetime, hours: int) -> datetime:
    """The moment ``hours`` after ``start``, in UTC."""
    return in_utc(start) + timedelta(hours=hours)


def tenths_between(start: datetime, end: datetime) -> int:
    """Tenths of an hour from ``start`` to ``end``, rounded up: what is shown never flatters."""
    return max(-(-(in_utc(end) - in_utc(start)) // _TENTH), 0)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one alert; ``started`` None: it has not begun, ``ended`` None: it runs."""

    name: StageName
    promised_hours: int
    started: datetime | None
    ended: datetime | None
    now: datetime

    @property
    def owner(self) -> Owner:
        """Who answers for this clock."""
        return OWNERS[self.name]

    @property
    def due(self) -> datetime | None:
        """By when it was promised."""
        return due(self.started, self.promised_hours) if self.started else None

    @property
    def runs(self) -> bool:
        """Whether it has begun and not ended."""
        return self.started is not None and self.ended is None

    @property
    def tenths(self) -> int | None:
        """Tenths of an hour that it took, or has taken up to now."""
        return tenths_between(self.started, self.ended or self.now) if self.started else None

    @property
    def hours(self) -> str:
        """The same in hours with one decimal, western digits; "" before it began."""
        return "" if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10}".removesuffix(".0")

    @property
    def missed(self) -> bool:
        """Whether it took, or has taken, longer than promised; to the microsecond, not as rounded."""
        return self.due is not None and in_utc(self.ended or self.now) > self.due


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of an alert's way; None is what has not happened."""

    raised: datetime
    answered: datetime | None
    opened: datetime | None
    closed: datetime | None
    settled: datetime | None
    instructed: datetime | None = None


def stages(moments: Moments, promised: Deadlines, *, now: datetime, accepted: bool) -> list[Stage]:
    """The stages of an alert; one that was declined or withdrawn has its answer alone.

    The proposals' stage ends when the call closes; before that ``closed`` is the hour at which it will.
    """
    known = moments
    closed = known.closed if known.closed is not None and in_utc(known.closed) <= in_utc(now) else None
    rows = [Stage(StageName.ANSWER, promised.rapid_answer_hours, known.raised, known.answered, now)]
    if known.answered is not None and not accepted:
        return rows
    return [
        *rows,
        Stage(StageName.PROPOSALS, promised.rapid_open_hours, known.opened, closed, now),
        Stage(StageName.SELECTION, promised.rapid_decision_hours, closed, known.settled, now),
        Stage(StageName.TOTAL, promised.rapid_total_hours, known.raised, known.settled, now),
        Stage(StageName.PAYMENT, promised.rapid_payment_hours, known.settled, known.instructed, now),
    ]


def median_tenths(values: Iterable[int]) -> int | None:
    """The middle of durations in tenths of an hour (of an even number the upper one); None of none."""
    ordered: Sequence[int] = sorted(values)
    return ordered[len(ordered) // 2] if ordered else None


def kept(rows: Iterable[Stage]) -> tuple[int, int]:
    """(kept, ended) of stages: how many that ended were in time."""
    ended = [one for one in rows if one.ended is not None]
    return sum(not one.missed for one in ended), len(ended)
