"""What the charter promises from the last concept note to the first payment, and what was reached. Plain Python.

Days are working days of Damascus. The promise of a stage is the sum of the steps that lie in it, whoever has to do them: who
waits for money does not care whose turn it was.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from charter.calendar import working_days_between
from charter.schema import Deadlines


class StageName(StrEnum):
    """The stages of the ordinary way; the last is the whole of it, from the closing on.

    The first is only in calls of two stages: until it ends the full proposals are not begun.
    """

    CONCEPT = "concept"
    DECISION = "decision"
    SIGNATURE = "signature"
    PAYMENT = "payment"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Way:
    """The days on which one application came through; None is what has not happened.

    ``decided`` is the day of the decision in force, ``signed`` that of the fund's countersignature, ``paid`` that on which
    the first payment was sent. In two stages: ``notes_closed`` is the last day for concept notes, ``answered`` that of the answer.
    """

    closed: date
    decided: date | None = None
    signed: date | None = None
    paid: date | None = None
    notes_closed: date | None = None
    answered: date | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """One stage that ended: promised and reached working days."""

    name: StageName
    promised: int
    days: int

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.days <= self.promised


@dataclass(frozen=True, slots=True)
class Kept:
    """A stage over many ways: how often it ended, how often in time, the middle and the longest (None: not told)."""

    name: StageName
    promised: int
    ended: int
    kept: int
    middle: int | None
    longest: int | None


def promised(deadlines: Deadlines) -> dict[StageName, int]:
    """Working days that the charter gives to each stage (domain specification §4.7)."""
    of = deadlines
    decision = of.screening_days + of.conflict_declaration_days + of.scoring_days + of.meeting_days + of.feedback_days
    signature = (
        of.offer_days
        + of.offer_answer_days
        + of.agreement_draft_days
        + of.agreement_guard_days
        + of.partner_signature_days
        + of.fund_signature_days
    )
    return {
        StageName.CONCEPT: of.concept_days + of.concept_feedback_days,
        StageName.DECISION: decision,
        StageName.SIGNATURE: signature,
        StageName.PAYMENT: of.first_payment_days,
        StageName.TOTAL: decision + signature + of.first_payment_days,
    }


def reached(way: Way, deadlines: Deadlines, holidays: AbstractSet[date]) -> list[Reached]:
    """The stages of a way that have ended; what ended before it began took no day."""
    spans = {
        StageName.CONCEPT: (way.notes_closed, way.answered),
        StageName.DECISION: (way.closed, way.decided),
        StageName.SIGNATURE: (way.decided, way.signed),
        StageName.PAYMENT: (way.signed, way.paid),
        StageName.TOTAL: (way.closed, way.paid),
    }
    days = promised(deadlines)
    return [
        Reached(name, days[name], max(working_days_between(start, end, holidays), 0))
        for name, (start, end) in spans.items()
        if start is not None and end is not None
    ]


def kept_by_stage(rows: Iterable[Reached], days: dict[StageName, int], *, least: int = 1) -> list[Kept]:
    """The stages in their order, with ``days`` as their promise; durations are told of ``least`` ends or more.

    Where no concept note was answered, nothing is said of them: most calls have none.
    """
    listed = list(rows)
    noted = any(one.name == StageName.CONCEPT for one in listed)
    names = [name for name in StageName if noted or name != StageName.CONCEPT]
    return [_kept(name, days[name], [one for one in listed if one.name == name], least) for name in names]


def _kept(name: StageName, days: int, rows: Sequence[Reached], least: int) -> Kept:
    """``kept`` follows the promise that each row was made under."""
    lengths = sorted(one.days for one in rows)
    told = bool(lengths) and len(lengths) >= least
    return Kept(
        name,
        days,
        len(rows),
        sum(one.kept for one in rows),
        lengths[len(lengths) // 2] if told else None,
        lengths[-1] if told else None,
    )
