"""Recomputes the tree from its leaves and compares it with the tiles, with every signed checkpoint and with what was kept
outside; names the first index that is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from audit import merkle
from audit.fsck import check_of_the_log
from audit.memory import Memory, MemoryBroken
from audit.models import Leaf, LogCheckpoint, LogEpoch, LogKey, LogTile
from audit.notes import COSIGNATURE_MLDSA44, ED25519, Checkpoint, Malformed, SignedNote, VerifierKey
from audit.tiles import WIDTH

_BATCH = 4096
_SIZE = merkle.HASH_BYTES


@dataclass
class Growing:
    """A tree that grows leaf by leaf and knows its root at every size (a compact range)."""

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf_hash: bytes) -> None:
        """One more leaf."""
        node, rest = leaf_hash, self.size
        while rest % 2:
            node, rest = merkle.node_hash(self._peaks.pop(), node), rest >> 1
        self._peaks.append(node)
        self.size += 1

    @property
    def root(self) -> bytes:
        """Root of the leaves so far."""
        if not self._peaks:
            return merkle.EMPTY_ROOT
        return reduce(lambda right, left: merkle.node_hash(left, right), reversed(self._peaks))


@check_of_the_log
def tree_is_whole() -> Iterator[str]:
    """Leaves, tiles, and roots of all checkpoints agree, in every epoch."""
    for epoch in LogEpoch.objects.order_by("number"):
        yield from _Walk(epoch).findings()
        yield from _upper_tiles(epoch)


@dataclass(frozen=True, slots=True)
class _Root:
    """A root that somebody keeps for a size."""

    size: int
    root: bytes
    source: str


class _Walk:
    """One pass over the leaves of an epoch in their order."""

    def __init__(self, epoch: LogEpoch) -> None:
        self.epoch = epoch
        self.tree = Growing()
        self.row: list[bytes] = []
        self.wrong = False
        self.good = 0
        self.roots = sorted(self._known_roots(), key=lambda known: -known.size)
        self.tail = _tail(epoch)
        self.tiles = iter(_level(epoch, 0).iterator(64))
        self.tile = next(self.tiles, None)

    def _known_roots(self) -> Iterator[_Root]:
        for size, root in self.epoch.checkpoints.values_list("size", "root"):
            yield _Root(size, bytes(root), f"the checkpoint of {size} leaves")
        if settings.LOG_MEMORY_PATH and Path(settings.LOG_MEMORY_PATH).exists():
            try:
                lines = Memory(Path(settings.LOG_MEMORY_PATH)).of(self.epoch.origin)
            except (MemoryBroken, PermissionError):
                return
            for line in lines:
                size = line.checkpoint.size
                yield _Root(size, line.checkpoint.root, f"the signer's memory of {size} leaves")

    def findings(self) -> Iterator[str]:
        """What is wrong, the first wrong index first."""
        leaves = Leaf.objects.filter(epoch=self.epoch).order_by("seq").values_list("seq", "body", "leaf_hash")
        for seq, body, leaf_hash in leaves.iterator(_BATCH):
            if seq != self.tree.size:
                yield from self._gap(seq)
                return
            stored = bytes(leaf_hash)
            if merkle.leaf_hash(bytes(body)) != stored:
                yield self._at(seq, "the body of the leaf does not hash to its leaf hash")
            yield from self._place(stored)
        yield from self._end()

    def _at(self, index: int, what: str) -> str:
        self.wrong = True
        return f"{self.epoch.origin}, index {index}: {what}"

    def _gap(self, seq: int | None) -> Iterator[str]:
        last = (seq or 0) - 1
        missing = f"to {last} " if last > self.tree.size else ""
        yield self._at(self.tree.size, f"{missing}no leaf has this place")

    def _place(self, leaf_hash: bytes) -> Iterator[str]:
        index = self.tree.size
        known = self.tail.get(index)
        if known is not None and known != leaf_hash:
            yield self._at(index, "the leaf is not the one that was signed")
        self.row.append(leaf_hash)
        self.tree.add(leaf_hash)
        if len(self.row) == WIDTH:
            yield from self._compare_tile(index // WIDTH)
            self.row = []
        yield from self._compare_roots()

    def _compare_tile(self, number: int) -> Iterator[str]:
        data = bytes(self.tile.data) if self.tile is not None and self.tile.number == number else b""
        if not data:
            yield self._at(number * WIDTH, f"the full tile 0/{number} is missing")
            return
        for at, leaf_hash in enumerate(self.row):
            if data[at * _SIZE : (at + 1) * _SIZE] != leaf_hash:
                yield self._at(number * WIDTH + at, "the leaf is not the one in the published tile")
        self.tile = next(self.tiles, None)

    def _compare_roots(self) -> Iterator[str]:
        while self.roots and self.roots[-1].size == self.tree.size:
            known = self.roots.pop()
            if self.tree.root == known.root:
                self.good = known.size
            elif self.good == known.size:
                yield f"{self.epoch.origin}, {known.source}: its root is not that of the leaves"
            elif not self.wrong:
                yield self._at(self.good, f"to {known.size - 1} a leaf is not the one under {known.source}")

    def _end(self) -> Iterator[str]:
        if self.wrong:
            return
        size = self.tree.size
        published = self.roots[0] if self.roots else None
        if published is not None and self.epoch == LogEpoch.objects.order_by("number").last():
            yield self._at(size, f"to {published.size - 1} no leaf has this place, under {published.source}")


def _tail(epoch: LogEpoch) -> dict[int, bytes]:
    """Index -> hash of signed leaves that are in no full tile, from the edges of the checkpoints."""
    newest = epoch.checkpoints.order_by("-size").values_list("size", flat=True).first() or 0
    begin = newest - newest % WIDTH
    known: dict[int, bytes] = {}
    for size, edge in epoch.checkpoints.filter(size__gt=begin).values_list("size", "edge"):
        data = bytes(edge)
        first = size - len(data) // _SIZE
        known |= {first + at: data[at * _SIZE : (at + 1) * _SIZE] for at in range(len(data) // _SIZE)}
    return known


def _level(epoch: LogEpoch, level: int) -> "QuerySet[LogTile]":
    return LogTile.objects.filter(epoch=epoch, level=level).order_by("number")


def _upper_tiles(epoch: LogEpoch) -> Iterator[str]:
    """Every tile hashes to its hash, and holds the hashes of the full tiles below it."""
    level, below = 0, b""
    while True:
        hashes: list[bytes] = []
        for tile in _level(epoch, level).iterator(256):
            data = bytes(tile.data)
            where = f"{epoch.origin}, tile {level}/{tile.number}"
            if level and data != below[tile.number * WIDTH * _SIZE : (tile.number + 1) * WIDTH * _SIZE]:
                yield f"{where}: it does not hold the hashes of the tiles below it"
            if merkle.root([data[at : at + _SIZE] for at in range(0, len(data), _SIZE)]) != bytes(tile.hash):
                yield f"{where}: its hash is not the root of what it holds"
            hashes.append(bytes(tile.hash))
        if level and len(hashes) != len(below) // _SIZE // WIDTH:
            yield f"{epoch.origin}, level {level}: {len(hashes)} full tiles where the level below has more or fewer"
        if not hashes:
            return
        level, below = level + 1, b"".join(hashes)


@check_of_the_log
def checkpoints_are_signed() -> Iterator[str]:
    """Every checkpoint's note says the size and root of its row, under both kinds of signature by keys of its epoch."""
    for epoch in LogEpoch.objects.order_by("number"):
        keys = [VerifierKey.parse(text) for text in _keys_of(epoch)]
        for checkpoint in epoch.checkpoints.order_by("size").iterator(_BATCH):
            what = _note_is_wrong(epoch, checkpoint, keys)
            if what:
                yield f"{epoch.origin}, the checkpoint of {checkpoint.size} leaves: {what}"


def _keys_of(epoch: LogEpoch) -> list[str]:
    return list(LogKey.objects.filter(epoch=epoch).values_list("verifier_key", flat=True))


def _note_is_wrong(epoch: LogEpoch, checkpoint: LogCheckpoint, keys: list[VerifierKey]) -> str:
    said = Checkpoint(epoch.origin, checkpoint.size, bytes(checkpoint.root)).text
    try:
        note = SignedNote.parse(checkpoint.note)
        kinds = {key.kind for key in note.opened_by(keys)}
    except Malformed as error:
        return str(error)
    if note.text != said:
        return "the signed note says another size, root or origin"
    return "" if kinds >= {ED25519, COSIGNATURE_MLDSA44} else "a signature of the log's keys is missing"
