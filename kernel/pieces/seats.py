"""The seat arc: a committee as a half circle, its civil-society majority seen at a glance.

The outer half circle has every seat, filled where civil society sits, dashed when absent, struck when recused. The
band inside it has only those who may vote on this file, with a mark at the half: the majority after recusals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin

WIDTH, RADIUS, SEAT = 320, 128, 18
HEIGHT = RADIUS + 2 * SEAT + 8
BAND = 88
_ROW = 11
"""The most seats that one row holds; more seats take a second row inside the first."""


class Presence(StrEnum):
    """Whether the holder of a seat takes part."""

    PRESENT = "present"
    AWAY = "away"
    RECUSED = "recused"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat: the constituency's name, the letter that stands for it, and its colour ``group`` from 1 to 6."""

    constituency: str
    letter: str
    group: int = 1
    civil_society: bool = False
    presence: Presence = Presence.PRESENT


@dataclass(frozen=True, slots=True)
class SeatCount:
    """What the arc shows, in numbers; ``voters`` are present and not recused."""

    seats: int
    civil_society: int
    voters: int
    civil_society_voters: int
    recused: int
    away: int
    vacant: int

    @property
    def majority(self) -> bool:
        """Whether more than half of those who may vote are of civil society."""
        return 2 * self.civil_society_voters > self.voters


def count(seats: Iterable[Seat]) -> SeatCount:
    """Count ``seats`` for the sentence beneath the arc."""
    every = list(seats)
    voting = [seat for seat in every if seat.presence is Presence.PRESENT]
    by_presence = [seat.presence for seat in every]
    return SeatCount(
        seats=len(every),
        civil_society=sum(seat.civil_society for seat in every),
        voters=len(voting),
        civil_society_voters=sum(seat.civil_society for seat in voting),
        recused=by_presence.count(Presence.RECUSED),
        away=by_presence.count(Presence.AWAY),
        vacant=by_presence.count(Presence.VACANT),
    )


def constituencies(seats: Iterable[Seat]) -> list[tuple[Seat, int]]:
    """One seat of each constituency with the number of its seats, civil society first: the legend."""
    numbers: dict[str, tuple[Seat, int]] = {}
    for seat in in_order(seats):
        first, number = numbers.get(seat.constituency, (seat, 0))
        numbers[seat.constituency] = (first, number + 1)
    return list(numbers.values())


def in_order(seats: Iterable[Seat]) -> list[Seat]:
    """Seats as they sit: civil society together, then the other constituencies, each together."""
    return sorted(seats, key=lambda seat: (not seat.civil_society, seat.group, seat.constituency))


def draw(seats: Sequence[Seat], *, rtl: bool) -> str:
    """The arc as the inside of an SVG of `WIDTH` × `HEIGHT`; it starts at the right hand when ``rtl``."""
    placed = zip(in_order(seats), _places(len(seats)), strict=True)
    marks = "".join(_seat(seat, *_point(turn, radius, rtl=rtl)) for seat, (turn, radius) in placed)
    return _band(count(seats), rtl=rtl) + marks


def _places(number: int) -> list[tuple[float, int]]:
    """(part of the half circle, radius) for each seat; with two rows, filled from the start in both."""
    inner = max(0, number - _ROW) if number <= 2 * _ROW else number // 2
    outer = number - inner
    rows = [(_share(index, outer), RADIUS) for index in range(outer)]
    rows += [(_share(index, inner), RADIUS - 2 * SEAT - 6) for index in range(inner)]
    return sorted(rows) if inner else rows


def _share(index: int, number: int) -> float:
    return 0.5 if number == 1 else index / (number - 1)


def _point(turn: float, radius: float, *, rtl: bool) -> tuple[float, float]:
    angle = pi * (turn if rtl else 1 - turn)
    return WIDTH / 2 + radius * cos(angle), RADIUS + SEAT + 2 - radius * sin(angle)


def _seat(seat: Seat, x: float, y: float) -> str:
    classes = f"g{seat.group} {seat.presence.value}"
    if seat.civil_society and seat.presence is Presence.PRESENT:
        classes += " cs"
    radius = SEAT if seat.presence is not Presence.VACANT else SEAT - 6
    inside = "" if seat.presence is Presence.VACANT else f'<text x="{x:.1f}" y="{y:.1f}">{_escaped(seat.letter)}</text>'
    reach = SEAT + 2
    strike = (
        f'<path class="strike" d="M{x - reach:.1f} {y + reach:.1f}L{x + reach:.1f} {y - reach:.1f}"/>'
        if seat.presence is Presence.RECUSED
        else ""
    )
    return f'<g class="{classes}"><circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>{inside}{strike}</g>'


def _band(number: SeatCount, *, rtl: bool) -> str:
    """Who may vote: the share of civil society along a thinner half circle, and a mark at its half."""
    if number.seats > _ROW:
        return ""
    parts = [f'<path class="band" d="{_arc(0, 1, rtl=rtl)}"/>']
    if number.civil_society_voters:
        parts.append(f'<path class="band cs" d="{_arc(0, number.civil_society_voters / number.voters, rtl=rtl)}"/>')
    top = RADIUS + SEAT + 2 - BAND
    parts.append(f'<path class="half" d="M{WIDTH / 2} {top - 9}v18"/>')
    return "".join(parts)


def _arc(start: float, end: float, *, rtl: bool) -> str:
    (x1, y1), (x2, y2) = _point(start, BAND, rtl=rtl), _point(end, BAND, rtl=rtl)
    return f"M{x1:.1f} {y1:.1f}A{BAND} {BAND} 0 0 {0 if rtl else 1} {x2:.1f} {y2:.1f}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
