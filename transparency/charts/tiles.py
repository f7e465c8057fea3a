"""The 14 governorates as tiles laid out like the country: no borders, no coordinates, equal room for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from transparency.charts.tidy import BRAND, INK, LINE, PAPER, SOFT, TOKENS

PLACES = {
    "SY06": (0, 0),
    "SY07": (1, 0),
    "SY02": (2, 0),
    "SY11": (3, 0),
    "SY08": (4, 0),
    "SY10": (0, 1),
    "SY05": (1, 1),
    "SY04": (2, 1),
    "SY09": (3, 1),
    "SY01": (1, 2),
    "SY03": (2, 2),
    "SY14": (0, 3),
    "SY12": (1, 3),
    "SY13": (2, 3),
}
SIDE, GAP = 66, 3
STEPS = (0.08, 0.18, 0.32, 0.85, 1.0)
"""How strongly a tile is filled; paper-coloured text from the fourth step on keeps the contrast above 4.5:1."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A governorate: its name, its text, and its value (None: nothing published)."""

    name: str
    text: str
    value: float | None


def tiles(values: Mapping[str, Tile]) -> str:
    """The map; the five steps hold equal numbers of governorates, the largest sum is always in the darkest."""
    ladder = sorted(tile.value for tile in values.values() if tile.value)
    width, height = 5 * SIDE + 4 * GAP, 4 * SIDE + 3 * GAP
    drawn = "".join(_tile(code, values[code], ladder) for code in PLACES if code in values)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" direction="ltr" aria-hidden="true" '
        f'focusable="false" text-anchor="middle">{drawn}</svg>'
    )


def _step(value: float, ladder: list[float]) -> int:
    above = len(ladder) - 1 - ladder.index(value)
    return len(STEPS) - 1 - above * len(STEPS) // len(ladder)


def _tile(code: str, tile: Tile, ladder: list[float]) -> str:
    column, row = PLACES[code]
    x, y = column * (SIDE + GAP), row * (SIDE + GAP)
    if tile.value:
        step = _step(tile.value, ladder)
        fill, ink = f'fill="{TOKENS[BRAND]}" fill-opacity="{STEPS[step]}"', TOKENS[PAPER if step >= 3 else INK]
    else:
        fill, ink = f'fill="none" stroke="{TOKENS[LINE]}"', TOKENS[SOFT]
    words = tile.name.split(" ", 1) if len(tile.name) > 9 else [tile.name]
    first = y + (24 if len(words) == 1 else 18)
    names = "".join(_text(x, first + 13 * i, word, 11, ink) for i, word in enumerate(words))
    value = _text(x, y + 52, tile.text, 14, ink, bold=True)
    return f'<rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" rx="4" {fill}/>{names}{value}'


def _text(x: int, y: int, text: str, size: int, ink: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x + SIDE // 2}" y="{y}" font-size="{size}" fill="{ink}"{weight}>{escape(text)}</text>'
