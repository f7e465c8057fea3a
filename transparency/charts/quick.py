"""Bars and columns written straight as SVG: thousands of them in seconds, in the look of `transparency.charts.draw`.

A bar has a solid and a light part: what is told one by one, and what is told in sums; a column what was promised, and
within it what was paid. Right-to-left pictures are mirrored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from transparency.charts.tidy import BRAND, INK, LINE, SOFT, TOKENS

WIDTH, PAD = 340, 4
INNER = WIDTH - 2 * PAD
ROW, THICK = 40, 8
SIZE, SMALLEST = 13, 10
LETTER, FIGURE = 0.53, 0.62
"""How wide a letter of a name and a bold figure are at most, on average, in heights of the type."""
TALL, ABOVE, BELOW = 150, 22, 24
WIDEST = 56
MANY = 8
_RLI, _LRI, _PDI = "\u2067", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class Bar:
    """A mark: its name, its whole height, the solid part of it, and the text that stands beside it."""

    label: str
    value: float
    solid: float
    text: str


def _svg(height: int, shapes: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" direction="ltr" aria-hidden="true" '
        f'focusable="false" fill="{TOKENS[BRAND]}">{shapes}</svg>'
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _text(x: float, y: float, text: str, *, anchor: str, ink: str, size: int, bold: bool = False, rtl: bool) -> str:
    weight = ' font-weight="bold"' if bold else ""
    aside = "" if anchor == "start" else f' text-anchor="{anchor}"'
    words = f"{_RLI if rtl else _LRI}{escape(text)}{_PDI}"
    return (
        f'<text x="{_short(x)}" y="{_short(y)}"{aside} font-size="{size}" fill="{TOKENS[ink]}"{weight}>{words}</text>'
    )


def _rect(x: float, y: float, width: float, height: float, extra: str = "") -> str:
    if width < 0.05 or height < 0.05:
        return ""
    return f'<rect x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" height="{_short(height)}"{extra}/>'


def rows(bars: Sequence[Bar], *, rtl: bool) -> str:
    """Horizontal bars, each under its name, its number at the far end of the same line."""
    most = max((bar.value for bar in bars), default=0) or 1
    near, far = (WIDTH - PAD, PAD) if rtl else (PAD, WIDTH - PAD)
    begin, end = ("end", "start") if rtl else ("start", "end")
    shapes = []
    for index, bar in enumerate(bars):
        y = index * ROW
        whole, solid = max(bar.value, 0) / most * INNER, max(bar.solid, 0) / most * INNER
        at = near - whole if rtl else near
        shapes += [
            _name(near, y + 16, bar, anchor=begin, rtl=rtl),
            _text(far, y + 16, bar.text, anchor=end, ink=INK, size=SIZE, bold=True, rtl=False),
            _rect(PAD, y + 25, INNER, THICK, f' fill="{TOKENS[LINE]}" opacity=".55"'),
            _rect(at, y + 25, whole, THICK, ' opacity=".45"') if whole > solid else "",
            _rect(near - solid if rtl else near, y + 25, solid, THICK),
        ]
    return _svg(max(len(bars), 1) * ROW, "".join(shapes))


def _name(x: float, y: float, bar: Bar, *, anchor: str, rtl: bool) -> str:
    """A name beside its number: smaller where it is long, cut where that is not enough; the table has the whole."""
    room = INNER - (len(bar.text) + 1) * FIGURE * SIZE
    size = min(SIZE, max(SMALLEST, int(room / (LETTER * max(len(bar.label), 1)))))
    most = int(room / (LETTER * size))
    label = bar.label if len(bar.label) <= most else f"{bar.label[: most - 1].rstrip()}…"
    return _text(x, y, label, anchor=anchor, ink=INK, size=size, rtl=rtl)


def columns(bars: Sequence[Bar], *, rtl: bool) -> str:
    """Columns along the years with their numbers above; every second year is named when they are many."""
    most = max((bar.value for bar in bars), default=0) or 1
    step = INNER / max(len(bars), 1)
    wide = min(step * 0.72, WIDEST)
    named = {bar.label for bar in list(reversed(bars))[:: 2 if len(bars) > MANY else 1]}
    floor = ABOVE + TALL
    shapes = []
    for index, bar in enumerate(reversed(bars) if rtl else bars):
        middle = PAD + step * (index + 0.5)
        whole, solid = max(bar.value, 0) / most * TALL, max(bar.solid, 0) / most * TALL
        shapes += [
            _rect(middle - wide / 2, floor - whole, wide, whole, ' opacity=".45"') if whole > solid else "",
            _rect(middle - wide / 2, floor - solid, wide, solid),
            _text(middle, floor - whole - 6, bar.text, anchor="middle", ink=INK, size=12, bold=True, rtl=False),
        ]
        if bar.label in named:
            shapes.append(_text(middle, floor + 17, bar.label, anchor="middle", ink=SOFT, size=12, rtl=False))
    shapes.append(f'<path d="M{PAD} {floor}h{INNER}" stroke="{TOKENS[SOFT]}"/>')
    return _svg(floor + BELOW, "".join(shapes))
