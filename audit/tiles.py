"""How a tree is cut into tiles and where they are found (c2sp.org/tlog-tiles). Plain Python.

A tile of level ``L`` and number ``N`` holds up to 256 hashes; the i-th covers the leaves from ``(N·256 + i)·256^L`` to the
next one's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit import merkle

WIDTH = 256
"""Hashes of a full tile."""
BITS = 8
"""Levels of the tree that one level of tiles spans."""
HIGHEST = 63
_PATH = re.compile(r"(0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """The address of a tile; ``width`` below 256 means a partial one."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """``<L>/<N>[.p/<W>]``: 1234067 is written ``x001/x234/067``."""
        groups = [f"{self.number % 1000:03}"]
        rest = self.number // 1000
        while rest:
            groups.append(f"x{rest % 1000:03}")
            rest //= 1000
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"{self.level}/{'/'.join(reversed(groups))}{partial}"

    @classmethod
    def parse(cls, path: str) -> "Tile | None":
        """The address that ``path`` writes, or None when it is none or another writing of one."""
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        number = int(match[2].replace("x", "").replace("/", ""))
        tile = cls(int(match[1]), number, int(match[3] or WIDTH))
        usual = tile.level <= HIGHEST and (match[3] is None or tile.width < WIDTH)
        return tile if usual and tile.path == path else None

    def exists_at(self, size: int) -> bool:
        """Whether a tree of ``size`` leaves has hashes for all of this tile."""
        return self.number * WIDTH + self.width <= size >> (BITS * self.level)


def full_tiles(old: int, new: int) -> Iterator[Tile]:
    """Full tiles that a tree gets while it grows from ``old`` to ``new`` leaves, lower levels first."""
    for level in range(HIGHEST + 1):
        before, after = old >> (BITS * (level + 1)), new >> (BITS * (level + 1))
        if after == 0:
            return
        for number in range(before, after):
            yield Tile(level, number)


def partial_tiles(size: int) -> Iterator[Tile]:
    """Partial tiles at the right edge of a tree of ``size`` leaves."""
    for level in range(HIGHEST + 1):
        hashes = size >> (BITS * level)
        if hashes == 0:
            return
        if hashes % WIDTH:
            yield Tile(level, hashes // WIDTH, hashes % WIDTH)


def tile_of(level: int, index: int) -> tuple[int, int]:
    """Level and number of the tile from whose hashes the subtree ``(level, index)`` of the tree is computed."""
    tile_level, height = divmod(level, BITS)
    return tile_level, (index << height) // WIDTH


def hash_in(data: bytes, level: int, index: int) -> bytes:
    """Hash of the subtree ``(level, index)`` of the tree from ``data`` of its tile (`tile_of`)."""
    height = level % BITS
    begin = (index << height) % WIDTH
    size = merkle.HASH_BYTES
    return merkle.root([data[at * size : (at + 1) * size] for at in range(begin, begin + (1 << height))])
