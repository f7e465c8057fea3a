"""Leaves without an act behind them, for tests of the tree alone."""

from audit import merkle
from audit.models import Leaf


def leaves(count: int) -> None:
    """Add ``count`` leaves whose bodies are consecutive numbers."""
    begin = Leaf.objects.count()
    Leaf.objects.bulk_create(
        Leaf(kind="a.b.c", body=b"%d" % number, leaf_hash=merkle.leaf_hash(b"%d" % number))
        for number in range(begin, begin + count)
    )


def hashes(count: int) -> list[bytes]:
    """Leaf hashes of the first ``count`` leaves that `leaves` made."""
    return [merkle.leaf_hash(b"%d" % number) for number in range(count)]
