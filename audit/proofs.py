"""Roots and proofs of a stored tree, from its tiles in few queries."""

from collections.abc import Callable, Iterable
from functools import partial as bound
from typing import TypeVar

from django.db.models import Max, Q

from audit import merkle
from audit.models import Leaf, LogTile
from audit.tiles import WIDTH, Tile, hash_in, tile_of

T = TypeVar("T")
Key = tuple[int, int]


class Incomplete(LookupError):
    """The database holds fewer hashes than the tree of the asked size needs."""


class Tree:
    """The tree of one epoch. Each answer takes at most three queries, whatever the size."""

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
        data = self.tile(Tile(level, number, width))
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
        """Bytes of the given tiles: full ones as they are stored, the others from the level below."""
        wanted = set(keys)
        if not wanted:
            return {}
        which = Q()
        for level, number in wanted:
            which |= Q(level=level, number=number)
        stored = LogTile.objects.filter(which, epoch_id=self.epoch).values_list("level", "number", "data")
        found = {(level, number): bytes(data) for level, number, data in stored}
        missing = wanted - found.keys()
        return found | self._from_leaves(missing, size) | self._from_tiles(missing)

    def _from_leaves(self, keys: set[Key], size: int) -> dict[Key, bytes]:
        made = {}
        for _level, number in (key for key in keys if key[0] == 0):
            rows = (
                Leaf.objects.filter(
                    epoch_id=self.epoch, seq__gte=number * WIDTH, seq__lt=min((number + 1) * WIDTH, size)
                )
                .order_by("seq")
                .values_list("seq", "leaf_hash")
            )
            made[0, number] = _without_gaps(number, rows)
        return made

    def _from_tiles(self, keys: set[Key]) -> dict[Key, bytes]:
        above = {key for key in keys if key[0] > 0}
        if not above:
            return {}
        which = Q()
        for level, number in above:
            which |= Q(level=level - 1, number__gte=number * WIDTH, number__lt=(number + 1) * WIDTH)
        rows = (
            LogTile.objects.filter(which, epoch_id=self.epoch)
            .order_by("level", "number")
            .values_list("level", "number", "hash")
        )
        below: dict[Key, list[tuple[int | None, bytes | memoryview]]] = {key: [] for key in above}
        for level, number, hash_ in rows:
            below[level + 1, number // WIDTH].append((number, hash_))
        return {key: _without_gaps(key[1], hashes) for key, hashes in below.items()}


def _without_gaps(number: int, rows: Iterable[tuple[int | None, bytes | memoryview]]) -> bytes:
    """The hashes of a tile up to the first that is missing."""
    parts = []
    for expected, (place, hash_) in enumerate(rows, start=number * WIDTH):
        if place != expected:
            break
        parts.append(bytes(hash_))
    return b"".join(parts)


def inclusion(index: int, size: int, *, epoch: int = 1) -> list[bytes]:
    """Inclusion proof of leaf ``index`` in the first ``size`` leaves of an epoch."""
    return Tree(epoch).inclusion(index, size)


def consistency(old: int, new: int, *, epoch: int = 1) -> list[bytes]:
    """Consistency proof between two sizes of an epoch."""
    return Tree(epoch).consistency(old, new)
