"""The shapes of charts that the dashboard uses. Drawn for a phone first: 340 units wide with text of 12 to 13.

Right-to-left pictures are mirrored: bars grow from the right, years run from right to left.

The libraries are loaded when the first chart is drawn: that is the worker's work, and every other process of the fund begins
without them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from transparency.charts.tidy import ACCENT, BRAND, INK, LINE, SOFT, tidy

INNER = 332
ROW = 40
TALL = 170
MANY_YEARS = 8
DATA = "points"
_RLI, _LRI, _PDI = "\u2067", "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class Point:
    """One mark: its name, its height and the text that stands beside it."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """A line with its name."""

    name: str
    points: Sequence[Point]


def _isolated(text: str, *, rtl: bool) -> str:
    """``text`` with a direction of its own: the picture itself always runs left to right."""
    return f"{_RLI if rtl else _LRI}{text}{_PDI}" if text else ""


def _spec(chart: Any) -> dict[str, Any]:
    """The chart as Vega-Lite, in the look of all charts."""
    sized = chart.properties(width=INNER, padding=4).configure_view(stroke=None)
    sized = sized.configure_axis(
        labelColor=SOFT, labelFontSize=12, gridColor=LINE, domain=False, ticks=False, title=None, labelPadding=6
    )
    spec: dict[str, Any] = sized.to_dict(validate=False)
    return spec


def _svg(spec: dict[str, Any], data: list[dict[str, Any]], *, height: int) -> str:
    import vl_convert

    filled = {**spec, "datasets": {**spec.get("datasets", {}), DATA: data}, "height": height}
    return tidy(vl_convert.vegalite_to_svg(filled))


@cache
def _rows_spec(*, rtl: bool) -> dict[str, Any]:
    import altair as alt

    near, far = (INNER, 0) if rtl else (0, INNER)
    base = alt.Chart(alt.NamedData(DATA)).encode(y=alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0)))
    track = base.mark_bar(size=8, color=LINE, opacity=0.55, yOffset=9).encode(x=alt.value(0), x2=alt.value(INNER))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domainMin=0, reverse=rtl))
    bars = base.mark_bar(size=8, color=BRAND, yOffset=9).encode(x=x)
    words = base.mark_text(baseline="middle", dy=-8, color=INK, fontSize=13, align="right" if rtl else "left")
    names = words.encode(text="label:N", x=alt.value(near))
    words = base.mark_text(
        baseline="middle", dy=-8, color=INK, fontSize=13, fontWeight="bold", align="left" if rtl else "right"
    )
    return _spec(track + bars + names + words.encode(text="text:N", x=alt.value(far)))


def rows(points: Sequence[Point], *, rtl: bool) -> str:
    """Horizontal bars, each under its name, its number at the far end of the same line."""
    data = [
        {"i": i, "label": _isolated(p.label, rtl=rtl), "value": p.value or 0, "text": _isolated(p.text, rtl=False)}
        for i, p in enumerate(points)
    ]
    return _svg(_rows_spec(rtl=rtl), data, height=ROW * max(len(points), 1))


@cache
def _columns_spec() -> dict[str, Any]:
    import altair as alt

    x = alt.X("i:O", axis=None, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1))
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domainMin=0))
    base = alt.Chart(alt.NamedData(DATA)).encode(x=x)
    bars = base.mark_bar(color=BRAND).encode(y=y)
    numbers = base.mark_text(baseline="bottom", dy=-4, color=INK, fontSize=12, fontWeight="bold")
    names = base.mark_text(baseline="top", dy=8, color=SOFT, fontSize=12)
    floor = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=SOFT).encode(y=alt.value(TALL))
    return _spec(bars + numbers.encode(y=y, text="text:N") + names.encode(y=alt.value(TALL), text="label:N") + floor)


def columns(points: Sequence[Point], *, rtl: bool) -> str:
    """Columns along the years with their numbers above; every second year is named when they are many."""
    step = 2 if len(points) > MANY_YEARS else 1
    named = {p.label for p in list(reversed(points))[::step]}
    data = [
        {"i": i, "label": p.label if p.label in named else "", "value": p.value or 0, "text": p.text}
        for i, p in enumerate(reversed(points) if rtl else points)
    ]
    return _svg(_columns_spec(), data, height=TALL)


def lines(series: Sequence[Series], *, rtl: bool, unit: str = "") -> str:
    """One or two lines along the years over three quiet grid lines; the last value of each is written out."""
    import altair as alt

    labels = sorted({p.label for line in series for p in line.points}, reverse=rtl)
    data = [
        {"x": p.label, "value": p.value, "s": i, "text": _isolated(p.text, rtl=False), "last": p is _last(line)}
        for i, line in enumerate(series)
        for p in line.points
        if p.value is not None
    ]
    step = 2 if len(labels) > MANY_YEARS else 1
    shown = (labels if rtl else labels[::-1])[::step]
    axis = alt.Axis(labelAngle=0, values=shown, grid=False, labelOverlap=False)
    x = alt.X("x:O", axis=axis, sort=labels, scale=alt.Scale(domain=labels))
    ticks = alt.Axis(tickCount=4, orient="right" if rtl else "left", labelExpr=f"datum.label + '{unit}'")
    y = alt.Y("value:Q", axis=ticks, scale=alt.Scale(zero=True, nice=True))
    base = alt.Chart(alt.NamedData(DATA)).encode(x=x, y=y)
    layers = []
    for index, (colour, dash, shape) in enumerate(
        ((BRAND, [1, 0], "circle"), (ACCENT, [5, 4], "square"))[: len(series)]
    ):
        mine = base.transform_filter(f"datum.s == {index}")
        layers.append(mine.mark_line(color=colour, strokeWidth=2.5, strokeDash=dash))
        layers.append(mine.mark_point(color=colour, filled=True, opacity=1, size=36, shape=shape))
        last = mine.transform_filter("datum.last")
        layers.append(last.mark_text(color=INK, dy=-12, fontSize=13, fontWeight="bold").encode(text="text:N"))
    return _svg(_spec(alt.layer(*layers)), data, height=TALL)


def _last(line: Series) -> Point | None:
    valued = [p for p in line.points if p.value is not None]
    return valued[-1] if valued else None
