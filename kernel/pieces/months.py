"""Cash along months as a picture: what is expected, what is certain, and the floor that should not be touched.

The two lines differ in form as well as in colour: what is expected is solid, what is certain broken. Where the solid line
is under nought, the surface is filled. Right-to-left pictures run from right to left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 340, 190
_PAD, _TOP, _FLOOR = 6, 20, 162
_INK, _SOFT, _LINE = "var(--ink,#1c2926)", "var(--ink-soft,#51605b)", "var(--line,#dcd7ca)"
_BRAND, _ACCENT = "var(--brand,#1f5f4a)", "var(--accent,#b4532a)"


@dataclass(frozen=True, slots=True)
class MonthLines:
    """Values by month, the same number of both; ``floor`` is the reserve, ``years`` name months by their index."""

    expected: Sequence[int]
    certain: Sequence[int]
    floor: int
    years: Sequence[tuple[int, str]]
    highest: str
    """The largest value in words, written at its height; ``lowest`` the same where it is under nought."""
    lowest: str = ""


def draw(lines: MonthLines, *, rtl: bool) -> str:
    """The picture as SVG; it is hidden from screen readers, for a sentence and a table say the same."""
    return _Picture(lines, rtl=rtl).svg()


class _Picture:
    def __init__(self, lines: MonthLines, *, rtl: bool) -> None:
        self.lines, self.rtl = lines, rtl
        values = [0, lines.floor, *lines.expected, *lines.certain]
        self.least, self.most = min(values), max(values)

    def svg(self) -> str:
        shapes = [
            *self._years(),
            self._level(self.lines.floor, _ACCENT, "2 4"),
            self._level(0, _SOFT, ""),
            self._hole(),
            self._path(self.lines.certain, _SOFT, "5 4"),
            self._path(self.lines.expected, _BRAND, ""),
            self._words(self.most, self.lines.highest),
            self._words(self.least, self.lines.lowest) if self.least < 0 else "",
        ]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" direction="ltr" aria-hidden="true" '
            f'focusable="false">{"".join(shapes)}</svg>'
        )

    def _x(self, index: float) -> float:
        share = index / max(len(self.lines.expected) - 1, 1)
        return _PAD + (WIDTH - 2 * _PAD) * (1 - share if self.rtl else share)

    def _y(self, value: int) -> float:
        span = (self.most - self.least) or 1
        return _FLOOR - (_FLOOR - _TOP) * (value - self.least) / span

    def _points(self, values: Sequence[int]) -> str:
        return " ".join(f"{self._x(index):.1f},{self._y(value):.1f}" for index, value in enumerate(values))

    def _path(self, values: Sequence[int], colour: str, dash: str) -> str:
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        return (
            f'<polyline points="{self._points(values)}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-linejoin="round"{broken}/>'
        )

    def _hole(self) -> str:
        """The surface between nought and what is missing."""
        if min(self.lines.expected) >= 0:
            return ""
        missing = [min(value, 0) for value in self.lines.expected]
        ends = f"{self._x(len(missing) - 1):.1f},{self._y(0):.1f} {self._x(0):.1f},{self._y(0):.1f}"
        return f'<polygon points="{self._points(missing)} {ends}" fill="{_ACCENT}" opacity=".3"/>'

    def _level(self, value: int, colour: str, dash: str) -> str:
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        return f'<path d="M{_PAD} {self._y(value):.1f}H{WIDTH - _PAD}" stroke="{colour}"{broken}/>'

    def _years(self) -> list[str]:
        return [
            f'<path d="M{self._x(index):.1f} {_TOP}V{_FLOOR + 6}" stroke="{_LINE}"/>'
            f'<text x="{self._x(index):.1f}" y="{HEIGHT - 8}" font-size="12" text-anchor="middle" fill="{_SOFT}">'
            f"{escape(name)}</text>"
            for index, name in self.lines.years
        ]

    def _words(self, value: int, text: str) -> str:
        x, anchor = (WIDTH - _PAD, "end") if self.rtl else (_PAD, "start")
        return (
            f'<text x="{x}" y="{self._y(value) - 6:.1f}" font-size="12" font-weight="bold" text-anchor="{anchor}" '
            f'fill="{_INK}">\u2068{escape(text)}\u2069</text>'
        )
