"""How many people, as it may be told: rounded, small numbers not at all, and never so that the rest gives them away.

Counts are rounded to the nearest ten; what is more than nothing and less than ten is suppressed (domain specification
§6.2). A single suppressed number could be reckoned from the sum of its table, so another one goes with it: the smallest
that is left, until what is hidden together may be split in more than one way. The sum itself is rounded as well and is
suppressed where it is small.
"""

from collections.abc import Mapping
from dataclasses import dataclass

STEP = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of people as it is told: None where a number is suppressed."""

    cells: dict[str, int | None]
    total: int | None

    @property
    def suppressed(self) -> int:
        """How many numbers are not told."""
        return sum(cell is None for cell in self.cells.values())


def rounded(count: int) -> int | None:
    """To the nearest ten, halves up; None for what is too small to be told. Zero is told: it is nobody."""
    if count < 0:
        raise ValueError("people are counted from zero")
    if 0 < count < STEP:
        return None
    return (count + STEP // 2) // STEP * STEP


def publishable(counts: Mapping[str, int]) -> Counts:
    """The table as it may be told, with its sum."""
    hidden = {key for key, count in counts.items() if rounded(count) is None}
    if len(hidden) == 1:
        # Rounded neighbours and a rounded sum leave a few units of doubt: not enough for one person's neighbours.
        others = sorted((count, key) for key, count in counts.items() if key not in hidden and count)
        hidden |= {key for _count, key in others[:1]}
    total = sum(counts.values())
    alone = len(hidden) == 1
    return Counts(
        {key: None if key in hidden else rounded(count) for key, count in counts.items()},
        None if alone else rounded(total),
    )
