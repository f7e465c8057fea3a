"""The drawings themselves: shapes that follow their numbers, nothing that a page would have to trust."""

import re
from xml.etree import ElementTree as ET

import pytest

from transparency.charts import draw, quick
from transparency.charts.draw import Point, Series
from transparency.charts.quick import Bar
from transparency.charts.tidy import tidy
from transparency.charts.tiles import PLACES, Tile, tiles

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [re.sub("[\u2066-\u2069]", "", element.text or "") for element in ET.fromstring(svg).iter(f"{SVG}text")]


def strengths(svg: str) -> list[str]:
    return [rect.get("fill-opacity", "none") for rect in ET.fromstring(svg).iter(f"{SVG}rect")]


def test_the_map_has_a_tile_for_each_governorate_and_the_largest_is_darkest() -> None:
    empty = {code: Tile(code, "–", None) for code in PLACES}

    two = tiles({**empty, "SY07": Tile("Idleb", "5.0", 5.0), "SY02": Tile("Aleppo", "9.0", 9.0)})
    one = tiles({**empty, "SY07": Tile("Idleb", "5.0", 5.0)})
    many = tiles({code: Tile(code, str(n), float(n)) for n, code in enumerate(PLACES, 1)})

    assert len(strengths(two)) == len(PLACES) == 14
    assert sorted(strengths(two))[:2] == ["0.32", "1.0"]
    assert strengths(one).count("1.0") == 1
    assert {strength: strengths(many).count(strength) for strength in set(strengths(many))} == {
        "0.08": 2,
        "0.18": 3,
        "0.32": 3,
        "0.85": 3,
        "1.0": 3,
    }


def test_names_in_a_map_are_escaped_and_long_ones_broken() -> None:
    drawn = tiles({"SY03": Tile("Rural <Damascus>", "1", 1.0)})

    assert texts(drawn) == ["Rural", "<Damascus>", "1"]


@pytest.mark.parametrize("rtl", [True, False])
def test_bars_and_columns_name_and_number_every_point(rtl: bool) -> None:
    points = [Point(f"place {n}", float(n), f"{n}.0") for n in range(1, 4)]
    years = [Point(str(2014 + n), float(n), str(n)) for n in range(12)]

    assert set(texts(draw.rows(points, rtl=rtl))) == {"place 1", "place 2", "place 3", "1.0", "2.0", "3.0"}
    assert {"2025", "2023", "2015", "11", "0"} <= set(texts(draw.columns(years, rtl=rtl)))
    assert "2024" not in texts(draw.columns(years, rtl=rtl))


def test_lines_skip_years_without_a_value() -> None:
    line = Series("a", [Point("2020", 1.0, "1"), Point("2021", None, ""), Point("2022", 3.0, "3")])

    drawn = draw.lines([line, Series("b", [Point("2020", 2.0, "2")])], rtl=False)

    assert {"3", "2", "2020", "2022"} <= set(texts(drawn))
    assert 'stroke-dasharray="5,4"' in drawn


def test_nothing_but_shapes_and_words_is_left() -> None:
    drawn = tidy(
        '<svg xmlns="http://www.w3.org/2000/svg" class="marks" viewBox="0 0 9 9" width="9">'
        '<rect width="9" height="9" fill="white"/><g class="x" role="graphics-object"><g><path d=""/>'
        '<text font-family="sans-serif" fill="#1c2926" transform="translate(1.23456,-0.01)">a &lt; b</text></g></g></svg>'
    )

    assert drawn == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" direction="ltr" aria-hidden="true" '
        'focusable="false"><text fill="var(--ink,#1c2926)" transform="translate(1.2,0)">a &lt; b</text></svg>'
    )


@pytest.mark.parametrize("rtl", [True, False])
def test_a_long_name_never_runs_into_its_number(rtl: bool) -> None:
    names = ["Health", "From the closing to the decision and its reasons", "word " * 30]
    bars = [Bar(name, 1.0, 1.0, "100.0 %") for name in names]
    drawn = [one for one in ET.fromstring(quick.rows(bars, rtl=rtl)).iter(f"{SVG}text") if not one.get("font-weight")]
    short, long, cut = (re.sub("[\u2066-\u2069]", "", one.text or "") for one in drawn)
    assert (short, long) == tuple(names[:2])
    assert cut.endswith("word…")
    sizes = [int(one.get("font-size", "0")) for one in drawn]
    assert sizes == [quick.SIZE, quick.SMALLEST, quick.SMALLEST]
    numbers = 8 * quick.FIGURE * quick.SIZE
    for text, size in zip((short, long, cut), sizes, strict=True):
        assert len(text) * quick.LETTER * size + numbers <= quick.INNER
