"""Roots and proofs of a stored tree, from its tiles in few queries."""

from collections.abc import Callable, Iterable
from functools import partial as bound
from itertools import chain
from typing import TypeVar

from django.db import connection
from django.db.models import Max

from audit import merkle
from audit.models import Leaf
from audit.tiles import BITS, WIDTH, Tile, hash_in, tile_of

T = TypeVar("T")
Key = tuple[int, int]


class Incomplete(LookupError):
    """The database holds fewer hashes than the tree of the asked size needs."""


class Tree:
    """The tree of one epoch. Each answer takes one query, whatever the size."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def size(self) -> int:
        """How many leaves have their place in the tree."""
        last = Leaf.objects.filter(epoch_id=self.epoch).aggregate(last=Max("seq"))["last"]
        return 0 if last is None else int(last) + 1

    def root(self, size: int) -> bytes:
        """Root of the first ``size`` leaves; raises `Incomplete`."""
        return self._read(size, bound(merkle.root_of, size))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Inclusion proof of leaf ``index`` in the first ``size`` leaves; raises `Incomplete`, `ValueError`."""
        return self._read(size, bound(merkle.inclusion_proof, index, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Proof that the first ``new`` leaves begin with the first ``old``; raises `Incomplete`, `ValueError`."""
        return self._read(new, bound(merkle.consistency_proof, old, new))

    def tile(self, tile: Tile) -> bytes | None:
        """The bytes of a tile as it is published, or None when the tree does not reach that far."""
        size = self.size()
        if not tile.exists_at(size):
            return None
        hashes = self._load({(tile.level, tile.number)}, size).get((tile.level, tile.number), b"")
        wanted = tile.width * merkle.HASH_BYTES
        return hashes[:wanted] if len(hashes) >= wanted else None

    def partial(self, level: int, number: int, width: int) -> list[bytes]:
        """The first ``width`` hashes of a tile; raises `Incomplete` when they are not all there."""
        data = self._load({(level, number)}, (number * WIDTH + width) << (BITS * level)).get((level, number))
        if data is None:
            raise Incomplete(f"epoch {self.epoch} has no {width} hashes of tile {level}/{number}")
        size = merkle.HASH_BYTES
        return [data[at : at + size] for at in range(0, len(data), size)]

    def _read(self, size: int, compute: Callable[[merkle.HashOf], T]) -> T:
        """Compute twice: once to learn which tiles are needed, once with them."""
        needed: set[Key] = set()

        def note(level: int, index: int) -> bytes:
            needed.add(tile_of(level, index))
            return bytes(merkle.HASH_BYTES)

        compute(note)
        loaded = self._load(needed, size)

        def look(level: int, index: int) -> bytes:
            data = loaded.get(tile_of(level, index), b"")
            begin = (index << (level % 8)) % WIDTH
            if len(data) < (begin + (1 << (level % 8))) * merkle.HASH_BYTES:
                raise Incomplete(f"epoch {self.epoch}: the hashes for {size} leaves are not all there")
            return hash_in(data, level, index)

        return compute(look)

    def _load(self, keys: Iterable[Key], size: int) -> dict[Key, bytes]:
        """The hashes of the given tiles in a tree of ``size`` leaves, in one query.

        Tiles that are full at this size are read as they are stored; those at the edge are joined from the level below.
        A tile with a gap is left out.
        """
        widths = {key: min(WIDTH, (size >> (BITS * key[0])) - key[1] * WIDTH) for key in keys}
        full = [key for key, width in widths.items() if width == WIDTH]
        edges = [key for key, width in widths.items() if 0 < width < WIDTH]
        queries, parameters = [], []
        if full:
            queries.append(_FULL.format(", ".join(["(%s, %s)"] * len(full))))
            parameters += [self.epoch, *chain.from_iterable(full)]
        for level, number in edges:
            queries.append(_OF_TILES if level else _OF_LEAVES)
            begin = number * WIDTH
            parameters += [level, number, self.epoch, *([level - 1] if level else [])]
            parameters += [begin, begin + widths[level, number]]
        if not queries:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(queries), parameters)
            rows = [((level, number), bytes(data or b"")) for level, number, data in cursor.fetchall()]
        return {key: data for key, data in rows if len(data) == widths[key] * merkle.HASH_BYTES}


_FULL = "(SELECT level, number, data FROM audit_logtile WHERE epoch_id = %s AND (level, number) IN ({}))"
_OF_TILES = """(SELECT %s, %s, string_agg(hash, '' ORDER BY number) FROM audit_logtile
WHERE epoch_id = %s AND level = %s AND number >= %s AND number < %s)"""
_OF_LEAVES = """(SELECT %s, %s, string_agg(leaf_hash, '' ORDER BY seq) FROM audit_leaf
WHERE epoch_id = %s AND seq >= %s AND seq < %s)"""


def inclusion(index: int, size: int, *, epoch: int = 1) -> list[bytes]:
    """Inclusion proof of leaf ``index`` in the first ``size`` leaves of an epoch."""
    return Tree(epoch).inclusion(index, size)


def consistency(old: int, new: int, *, epoch: int = 1) -> list[bytes]:
    """Consistency proof between two sizes of an epoch."""
    return Tree(epoch).consistency(old, new)
