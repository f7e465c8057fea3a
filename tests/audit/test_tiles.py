"""Where tiles are found, and which of them a tree has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.tiles import Tile, full_tiles, partial_tiles


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 1234067), "0/x001/x234/067"),
        (Tile(1, 999, 255), "1/999.p/255"),
        (Tile(63, 1000, 1), "63/x001/000.p/1"),
    ],
)
def test_addresses_are_those_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@given(st.integers(0, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_an_address_has_one_writing(level: int, number: int, width: int) -> None:
    assert Tile.parse(Tile(level, number, width).path) == Tile(level, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "00/000", "64/000", "-1/000", "0/0", "0/00", "0/0000", "0/x000/001", "0/001/002", "0/x001/x234/67",
        "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/1000", "0/000.p", "0/000/", "0/000.p/1/", "a/000", "0/٠٠٠",
        "0/000.p/1\n", "0/000 ", "entries/000", "0/x000/000", "0/X001/000", "0/x001//000", "0/x001/../000", "0/x001/x000", "0/001.p/1.p/1", "0/" + "x001/" * 2000 + "000",
        "0/x01/000", "0/x0001/000", "٠/000", "0/%30%30%30", "+0/000", "0/x-01/000",
    ],
)  # fmt: skip
def test_other_writings_name_nothing(path: str) -> None:
    assert Tile.parse(path) is None


def test_a_tree_of_70000_has_the_tiles_that_the_specification_counts() -> None:
    full = list(full_tiles(0, 70_000))
    assert [sum(tile.level == level for tile in full) for level in range(3)] == [273, 1, 0]
    assert list(partial_tiles(70_000)) == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(partial_tiles(256)) == [Tile(1, 0, 1)]


@given(st.integers(0, 200_000), st.integers(0, 2_000))
def test_growing_by_steps_or_at_once_fills_the_same_tiles(old: int, more: int) -> None:
    at_once = set(full_tiles(0, old + more))
    assert at_once == set(full_tiles(0, old)) | set(full_tiles(old, old + more))
    assert all(tile.exists_at(old + more) for tile in at_once | set(partial_tiles(old + more)))
