"""The statement of a donor's money for a period, made of the transfers that touched it. Plain Python.

Money is a donor's from the day it is received until it is paid to a partner or spent on the fund's costs; what a partner
gives back is the donor's again. Set aside for a call, promised to a grant or on its way, it is still there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Line(StrEnum):
    """The lines between the opening and the closing balance."""

    RECEIVED = "received"
    REFUNDED = "refunded"
    PAID = "paid"
    RETURNED = "returned"
    COSTS = "costs"

    @property
    def sign(self) -> int:
        """Whether the line raises the balance or lowers it."""
        return 1 if self in {Line.RECEIVED, Line.REFUNDED} else -1


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in or went out; ``minor`` is positive, the line says in which direction it counts."""

    moment: datetime
    line: Line
    minor: int
    contribution: UUID
    grant: UUID | None = None
    """The grant that the money was owed to; none where it was not, as a commission, or what came back."""
    payment: str = ""
    about: str = ""
    """The reference of the grant that the books name beside it."""


@dataclass(frozen=True, slots=True)
class Held:
    """For what the money is held that is still there, in minor units; together the closing balance."""

    free: int = 0
    for_costs: int = 0
    for_calls: int = 0
    for_awards: int = 0
    owed: int = 0
    on_the_way: int = 0

    @property
    def total(self) -> int:
        return self.free + self.for_costs + self.for_calls + self.for_awards + self.owed + self.on_the_way


@dataclass(frozen=True, slots=True)
class Statement:
    """Opening, what came and went, closing: minor units of one currency. ``promised`` is a memo of the period, not a line."""

    currency: str
    opening: int
    sums: dict[Line, int]
    closing: int
    held: Held
    promised: int
    movements: tuple[Movement, ...]


def statement_of(
    currency: str, movements: Iterable[Movement], *, since: datetime, held: Held, promised: int
) -> Statement:
    """The statement from ``since`` on, of all ``movements`` up to its end, the earlier ones for the opening balance."""
    every = sorted(movements, key=lambda one: one.moment)
    before = [one for one in every if one.moment < since]
    within = [one for one in every if one.moment >= since]
    sums = {line: sum(one.minor for one in within if one.line is line) for line in Line}
    opening = balance_of(before)
    return Statement(currency, opening, sums, opening + balance_of(within), held, promised, tuple(within))


def balance_of(movements: Sequence[Movement]) -> int:
    """What the movements leave, in minor units."""
    return sum(one.line.sign * one.minor for one in movements)
