"""Whose gifts by card a contribution was gathered from, and whose still wait. Plain Python.

A pool is gathered as a whole, so money of many givers is one afterwards: what was given first is gathered first. A gift that
goes back takes its own money while that is in the pool; later it takes other givers' money, which then stands in its place.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Move:
    """Money into a pool (above zero) or out of it, in minor units, in the order of the books.

    ``gift``: whose it is, or who gets it back. ``gathered``: the contribution into which it goes; with a ``gift`` the
    contribution that gives it back, when the pool had not enough.
    """

    minor: int
    gift: str = ""
    gathered: str = ""


@dataclass(slots=True)
class Pooled:
    """Minor units by gift: what waits in the pool, and what each contribution was gathered from."""

    left: dict[str, int] = field(default_factory=dict)
    gathered: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def follow(self, move: Move) -> None:
        """One move further."""
        if move.minor > 0:
            self.left[move.gift] = self.left.get(move.gift, 0) + move.minor
        elif move.gift and move.gathered:
            _take(self.gathered[move.gathered], move.gift, -move.minor)
        elif move.gathered:
            for gift, minor in self._oldest(-move.minor):
                _add(self.gathered[move.gathered], gift, minor)
        else:
            own = _take(self.left, move.gift, -move.minor)
            for gift, minor in self._oldest(-move.minor - own):
                self._stands_in(gift, move.gift, minor)

    def _oldest(self, minor: int) -> list[tuple[str, int]]:
        parts = []
        for gift in list(self.left):
            part = _take(self.left, gift, minor)
            minor -= part
            if part:
                parts.append((gift, part))
        return parts

    def _stands_in(self, gift: str, gone: str, minor: int) -> None:
        """Money of ``gift`` went to the giver of ``gone``: what was gathered of ``gone`` is of ``gift`` from now on."""
        for parts in self.gathered.values():
            part = _take(parts, gone, minor)
            if part:
                _add(parts, gift, part)
                minor -= part


def _take(parts: dict[str, int], gift: str, minor: int) -> int:
    part = min(parts.get(gift, 0), minor)
    if part:
        parts[gift] -= part
        if not parts[gift]:
            del parts[gift]
    return part


def _add(parts: dict[str, int], gift: str, minor: int) -> None:
    parts[gift] = parts.get(gift, 0) + minor


def pooled(moves: Iterable[Move]) -> Pooled:
    """Where every gift stands after the moves of its pool."""
    found = Pooled()
    for move in moves:
        found.follow(move)
    return found
