"""The tree of RFC 6962: hashes, inclusion and consistency proofs. Plain Python.

A tree of ``size`` leaves is read through ``hash_of(level, index)``, the hash of the complete subtree over the leaves
``index·2^level`` to ``(index + 1)·2^level``. Verification follows RFC 9162 §2.1.3.2 and §2.1.4.2.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without leaves."""

HashOf = Callable[[int, int], bytes]


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 hash of a leaf: SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over the given leaf hashes (or over equal, complete subtrees in their order)."""
    if not hashes:
        return EMPTY_ROOT
    row = list(hashes)
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)] + odd
    return row[0]


def root_of(size: int, hash_of: HashOf) -> bytes:
    """Root of the first ``size`` leaves, from their complete subtrees."""
    return _subtree(0, size, hash_of) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, hash_of: HashOf) -> list[bytes]:
    """Path from leaf ``index`` to the root of ``size`` leaves, the leaf's sibling first; `ValueError` outside the tree."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return [_subtree(begin, end, hash_of) for begin, end in _siblings(index, 0, size)]


def consistency_proof(old: int, new: int, hash_of: HashOf) -> list[bytes]:
    """Proof that the tree of ``new`` leaves begins with that of ``old``; empty for ``old == new`` and for ``old == 0``."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree does not shrink from {old} to {new} leaves")
    if old in {0, new}:
        return []
    return [_subtree(begin, end, hash_of) for begin, end in _steps(old, 0, new, whole=True)]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``path`` leads from the leaf hash at ``index`` to ``root`` of ``size`` leaves."""
    if not 0 <= index < size or not _hashes(leaf, root, *path):
        return False
    position, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if position % 2 or position == last:
            found = node_hash(sibling, found)
            while not position % 2 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether ``path`` shows that the tree of ``new_size`` leaves begins with that of ``old_size``.

    The empty tree says nothing about a later one: with ``old_size`` 0 only equal empty trees are accepted.
    """
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root and (old_size > 0 or old_root == EMPTY_ROOT)
    if old_size == 0 or not path or not _hashes(old_root, new_root, *path):
        return False
    return _grown(old_size, old_root, new_size, new_root, path)


def _grown(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    position, last = old_size - 1, new_size - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    # A complete old tree is its own first hash.
    first, *rest = path if position else [old_root, *path]
    before = after = first
    for sibling in rest:
        if last == 0:
            return False
        if position % 2 or position == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not position % 2 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _siblings(index: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
    if end - begin == 1:
        return
    middle = begin + _split(end - begin)
    if index < middle:
        yield from _siblings(index, begin, middle)
        yield middle, end
    else:
        yield from _siblings(index, middle, end)
        yield begin, middle


def _steps(old: int, begin: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """RFC 6962 §2.1.2: ``whole`` while the old tree is the whole left part, whose hash the reader knows."""
    if old == end:
        if not whole:
            yield begin, end
        return
    middle = begin + _split(end - begin)
    if old <= middle:
        yield from _steps(old, begin, middle, whole=whole)
        yield middle, end
    else:
        yield from _steps(old, middle, end, whole=False)
        yield begin, middle


def _subtree(begin: int, end: int, hash_of: HashOf) -> bytes:
    """Hash of the leaves ``begin`` to ``end`` (a node of some tree), joined from complete subtrees."""
    peaks = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        peaks.append(hash_of(level, begin >> level))
        begin += 1 << level
    return reduce(lambda right, left: node_hash(left, right), reversed(peaks))
