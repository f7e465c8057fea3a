"""The tree against RFC 6962's published vectors, and against the definition itself for every size to 700."""

import base64
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from tests.standards import STANDARDS, needs

LARGEST = 700
EXHAUSTIVE = 200
VECTORS = STANDARDS / "tlog" / "rfc6962-merkle-vectors"
LEAVES = [merkle.leaf_hash(b"leaf %d" % number) for number in range(LARGEST)]


@cache
def head(begin: int, end: int) -> bytes:
    """MTH(D[begin:end]) as RFC 6962 §2.1 defines it."""
    if begin == end:
        return merkle.EMPTY_ROOT
    if end - begin == 1:
        return LEAVES[begin]
    half = 1
    while half * 2 < end - begin:
        half *= 2
    return merkle.node_hash(head(begin, begin + half), head(begin + half, end))


def hash_of(level: int, index: int) -> bytes:
    return head(index << level, (index + 1) << level)


def some(size: int) -> list[int]:
    """All indices of a small tree; of a larger one its edges, its powers of two, and two in the middle."""
    if size <= EXHAUSTIVE:
        return list(range(size))
    wanted = {0, 1, size // 3, size // 2, size - 2, size - 1, *(1 << bit for bit in range(10))}
    return sorted(index for index in wanted if 0 <= index < size)


def test_every_head_to_700_is_the_defined_one() -> None:
    for size in range(LARGEST + 1):
        assert merkle.root(LEAVES[:size]) == head(0, size) == merkle.root_of(size, hash_of)


def test_leaves_of_every_tree_to_700_are_in_it_and_in_no_other_place() -> None:
    for size in range(1, LARGEST + 1):
        for index in some(size):
            path = merkle.inclusion_proof(index, size, hash_of)
            assert merkle.verify_inclusion(LEAVES[index], index, size, path, head(0, size))
            other = (index + 1) % size
            assert other == index or not merkle.verify_inclusion(LEAVES[index], other, size, path, head(0, size))


def test_every_tree_to_700_grew_from_the_smaller_ones() -> None:
    for new in range(1, LARGEST + 1):
        for old in [*some(new), new]:
            path = merkle.consistency_proof(old, new, hash_of)
            # The empty tree needs no proof and gives none.
            assert merkle.verify_consistency(old, head(0, old), new, head(0, new), path) is (old > 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 255, 257])
def test_every_flipped_bit_of_a_proof_is_seen(size: int) -> None:
    index = size // 2
    path = merkle.inclusion_proof(index, size, hash_of)
    for at in range(len(path)):
        for bit in range(256):
            changed = bytearray(path[at])
            changed[bit // 8] ^= 1 << bit % 8
            broken = [*path[:at], bytes(changed), *path[at + 1 :]]
            assert not merkle.verify_inclusion(LEAVES[index], index, size, broken, head(0, size))


@given(st.integers(1, LARGEST), st.data())
def test_a_proof_shortened_lengthened_or_of_another_size_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    path = merkle.inclusion_proof(index, size, hash_of)
    root = head(0, size)
    extra = data.draw(st.binary(min_size=32, max_size=32))
    assert not merkle.verify_inclusion(LEAVES[index], index, size, [*path, extra], root)
    assert not path or not merkle.verify_inclusion(LEAVES[index], index, size, path[:-1], root)
    assert not merkle.verify_inclusion(LEAVES[index], index, size, path, head(0, size - 1))
    assert not merkle.verify_inclusion(LEAVES[index], -1, size, path, root)
    assert not merkle.verify_inclusion(LEAVES[index], size, size, path, root)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: merkle.inclusion_proof(5, 5, hash_of),
        lambda: merkle.inclusion_proof(-1, 5, hash_of),
        lambda: merkle.consistency_proof(6, 5, hash_of),
        lambda: merkle.consistency_proof(-1, 5, hash_of),
    ],
)
def test_what_is_not_in_the_tree_has_no_proof(ask: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match="leaves"):
        ask()


def vectors(kind: str) -> list[dict[str, Any]]:
    files = sorted((VECTORS / kind).rglob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) | {"file": str(file)} for file in files]


def decoded(text: str | None) -> bytes:
    return base64.b64decode(text) if text else b""


@needs("tlog/rfc6962-merkle-vectors")
def test_the_published_inclusion_vectors_are_judged_as_they_are_labelled() -> None:
    found = vectors("inclusion")
    assert len(found) == 98
    for vector in found:
        path = [decoded(part) for part in vector["proof"] or []]
        leaf, root = decoded(vector["leafHash"]), decoded(vector["root"])
        accepted = merkle.verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], path, root)
        assert accepted is not vector["wantErr"], vector["file"]


@needs("tlog/rfc6962-merkle-vectors")
def test_the_published_consistency_vectors_are_judged_as_they_are_labelled() -> None:
    found = vectors("consistency")
    assert len(found) == 98
    for vector in found:
        path = [decoded(part) for part in vector["proof"] or []]
        old, new = decoded(vector["root1"]), decoded(vector["root2"])
        accepted = merkle.verify_consistency(vector["size1"], old, vector["size2"], new, path)
        assert accepted is not vector["wantErr"], vector["file"]


@needs("jcs")
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_canonical_json_is_that_of_the_standard(name: str) -> None:
    folder: Path = STANDARDS / "jcs"
    data = json.loads((folder / "input" / f"{name}.json").read_text(encoding="utf-8"))
    assert rfc8785.dumps(data) == (folder / "output" / f"{name}.json").read_bytes().strip()
