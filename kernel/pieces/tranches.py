"""The tranche bar: what of a grant is paid, due, planned and held along the years.

Each part is as long as its share of the grant, in the order of its day. State is told by form as well as by colour:
paid parts fill the height, a due part has a frame round it, planned parts are thin, held parts are thin and broken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from kernel.money import Money

HEIGHT = 62
_TOP, _FULL, _THIN, _YEAR = 3, 34, 10, 57
_LEAST_LABEL = 9
"""Per cent of the width under which a year's label would run into its neighbour."""


class TrancheState(StrEnum):
    """Where a tranche stands, as the bar tells it."""

    PAID = "paid"
    DUE = "due"
    PLANNED = "planned"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class TranchePart:
    """One tranche: its money, the day it is (or was) due, and its state."""

    money: Money
    day: date
    state: TrancheState


@dataclass(frozen=True, slots=True)
class _Placed:
    part: TranchePart
    start: float
    width: float
    """Per cent of the bar."""


def total(parts: Sequence[TranchePart], *states: TrancheState) -> Money:
    """The sum of the parts in one of ``states``, of all parts when none is named; ``parts`` has at least one."""
    currency = parts[0].money.currency
    return sum((part.money for part in parts if not states or part.state in states), Money(0, currency))


def draw(parts: Sequence[TranchePart], *, rtl: bool) -> str:
    """The bar as the inside of an SVG that is `HEIGHT` high and as wide as its place."""
    placed = _place(parts)
    bars = "".join(_bar(one, rtl=rtl) for one in placed)
    return bars + "".join(
        _year(year, list(ones), rtl=rtl) for year, ones in groupby(placed, lambda one: one.part.day.year)
    )


def _place(parts: Sequence[TranchePart]) -> list[_Placed]:
    whole = total(parts).minor or 1
    placed: list[_Placed] = []
    start = 0.0
    for part in sorted(parts, key=lambda part: part.day):
        width = 100 * part.money.minor / whole
        placed.append(_Placed(part, start, width))
        start += width
    return placed


def _bar(one: _Placed, *, rtl: bool) -> str:
    thin = one.part.state in {TrancheState.PLANNED, TrancheState.HELD}
    height = _THIN if thin else _FULL
    top = _TOP + (_FULL - height) / 2
    start = _mirrored(one.start, one.width, rtl=rtl)
    box = f'y="{top:g}" height="{height}"'
    if one.part.state is TrancheState.HELD:
        return _broken(start, one.width, box)
    return f'<rect class="{one.part.state.value}" x="{start:.2f}%" width="{one.width:.2f}%" {box}/>'


def _broken(start: float, width: float, box: str) -> str:
    piece = width / 7
    return "".join(
        f'<rect class="held" x="{start + index * piece:.2f}%" width="{piece:.2f}%" {box}/>' for index in range(0, 7, 2)
    )


def _year(year: int, ones: list[_Placed], *, rtl: bool) -> str:
    start, width = ones[0].start, sum(one.width for one in ones)
    edge = _mirrored(start, 0, rtl=rtl)
    mark = f'<line class="year" x1="{edge:.2f}%" x2="{edge:.2f}%" y1="{_TOP + _FULL + 4}" y2="{HEIGHT}"/>'
    if width < _LEAST_LABEL:
        return mark
    return mark + f'<text x="{_mirrored(start, width, rtl=rtl) + width / 2:.2f}%" y="{_YEAR}">{year}</text>'


def _mirrored(start: float, width: float, *, rtl: bool) -> float:
    return 100 - start - width if rtl else start
