"""The transparency log at a million leaves, and what a leaf adds to a decision."""

import random
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from time import perf_counter, sleep, thread_time
from typing import Any
from unittest import mock

from django.db import connection, connections, transaction

from audit import fsck_tree, log, merkle, sequencer
from audit.models import Leaf, Opening, RecordedEvent
from audit.proofs import Tree
from bench import Figure, seconds
from committees.services import votes
from tests.factories import committees as panel

MILLION = 1_000_000
PROOFS = 1_000
STREAM_SECONDS, PER_SECOND = 20, 500
WRITERS, EACH = 4, 10
APPLICATIONS = 6


def measure() -> Iterator[Figure]:
    """All figures of the log."""
    yield from cost_of_a_leaf()
    yield from stream()
    yield from a_million()


# What a leaf costs ------------------------------------------------------------------------------------------------------


@contextmanager
def _leaves_made_before(count: int) -> Iterator[None]:
    """Inside, the door finds its leaves and openings already written, and writes only what can be searched."""
    made = [_plain_leaf() for _ in range(count)]

    def append(
        subject: Any, event: Any, *, actor: Any, reason: str = "", from_state: str = "", to_state: str = ""
    ) -> Leaf:
        leaf = made.pop()
        RecordedEvent.objects.create(
            leaf=leaf, type=event.type, subject_type=subject._meta.label_lower, subject_id=subject.pk, actor=actor,
            at=log.timezone.now(), from_state=from_state, to_state=to_state,
            rules_version=getattr(subject, "rules_version", None), correlation=log.correlation_id(),
        )  # fmt: skip
        return leaf

    with mock.patch.object(log, "append", append):
        yield


def _plain_leaf() -> Leaf:
    body = random.randbytes(400)
    leaf = Leaf.objects.create(kind="bench.leaf.made", body=body, leaf_hash=merkle.leaf_hash(body))
    Opening.objects.create(leaf=leaf, record=random.randbytes(200), nonce=random.randbytes(32))
    return leaf


def cost_of_a_leaf() -> Iterator[Figure]:
    """Votes of one panel, every second one with its leaf made beforehand: paired in one run."""
    case = panel.deliberating(number=APPLICATIONS)
    meeting = panel.open_meeting(case)
    alone: list[float] = []
    with_leaf: list[float] = []
    for application in case.applications:
        item = panel.voting(meeting, application)
        for number, seat in enumerate(case.seats):
            cast: Callable[[], object] = lambda seat=seat, item=item: votes.cast_vote(  # noqa: E731
                item, seat, "reject", actor=seat.user
            )
            if number % 2:
                with _leaves_made_before(5):
                    alone.append(seconds(cast))
            else:
                with_leaf.append(seconds(cast))
        closed = votes.close_voting(item, actor=panel.presiding(item)).item
        votes.record_decision(closed, panel.reasons("measuring"), actor=panel.presiding(closed))
    less, more = statistics.median(alone), statistics.median(with_leaf)
    yield Figure("log", "a vote without its leaf, median", less * 1000, "ms", note=f"{len(alone)} votes")
    yield Figure("log", "a vote with its leaf, median", more * 1000, "ms", note=f"{len(with_leaf)} votes")
    yield Figure("log", "what the leaf adds to a vote", (more / less - 1) * 100, "%", limit=15)


# A stream ---------------------------------------------------------------------------------------------------------------


def stream() -> Iterator[Figure]:
    """500 leaves a second from four writers, ten in a transaction, while the sequencer runs every second: how long until each has its place."""
    begun, committed, placed = perf_counter(), {}, {}
    stop = threading.Event()

    def write(writer: int) -> None:
        try:
            for number in range(STREAM_SECONDS * PER_SECOND // WRITERS // EACH):
                bodies = [random.randbytes(300) for _ in range(EACH)]
                made = Leaf.objects.bulk_create(
                    Leaf(kind="bench.leaf.made", body=body, leaf_hash=merkle.leaf_hash(body)) for body in bodies
                )
                committed.update(dict.fromkeys((leaf.pk for leaf in made), perf_counter()))
                sleep(max(0.0, begun + (number + 1) * WRITERS * EACH / PER_SECOND - perf_counter()))
        finally:
            connections.close_all()

    def sequence() -> None:
        try:
            while not stop.wait(1.0):
                size = Tree(1).size()
                sequencer.integrate()
                now = perf_counter()
                new = Leaf.objects.filter(epoch_id=1, seq__gte=size).values_list("pk", flat=True)
                placed.update(dict.fromkeys(new, now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    keeper = threading.Thread(target=sequence)
    for thread in (*threads, keeper):
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(committed) / (perf_counter() - begun)
    sleep(2.5)
    stop.set()
    keeper.join()
    waits = [placed[leaf] - at for leaf, at in committed.items()]
    yield Figure("log", "leaves written in a stream", rate, "per second")
    yield Figure(
        "log", "until the last of them has its place", max(waits), "s", limit=30, note="then at most one cadence"
    )


# A million --------------------------------------------------------------------------------------------------------------


def a_million() -> Iterator[Figure]:
    """Sealing, proofs and recomputation of a tree of a million leaves."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO audit_leaf (kind, body, leaf_hash, created_at)
            SELECT 'bench.leaf.made', body, sha256('\\x00'::bytea || body), now()
            FROM (SELECT convert_to(repeat('x', 220) || n, 'UTF8') AS body FROM generate_series(1, %s) n) bodies
            """,
            [MILLION - Leaf.objects.count()],
        )
    waiting = sequencer.waiting()
    taken = seconds(lambda: sequencer.integrate(batches=10_000))
    yield Figure(
        "log", "leaves that get their place", waiting / taken, "per second", note=f"{waiting:,} in {taken:.0f} s"
    )
    tree = Tree(1)
    size = tree.size()
    root = tree.root(size)
    yield Figure("log", "leaves in the tree", size, "leaves", expected=MILLION)
    yield from _inclusions(tree, size, root)
    yield from _consistencies(tree, size, root)
    yield Figure("log", "recompute the whole tree (fsck --log)", seconds(_recompute), "s", limit=60)


def _recompute() -> None:
    found = list(chain(fsck_tree.tree_is_whole(), fsck_tree.checkpoints_are_signed()))
    assert found == [], found


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[-1]


def _inclusions(tree: Tree, size: int, root: bytes) -> Iterator[Figure]:
    dice = random.Random(6962)
    indices = [dice.randrange(size) for _ in range(PROOFS)]
    leaves = dict(Leaf.objects.filter(epoch_id=1, seq__in=indices).values_list("seq", "leaf_hash"))
    made, checked, worked = [], [], []
    for index in indices:
        began, own = perf_counter(), thread_time()
        path = tree.inclusion(index, size)
        made.append(perf_counter() - began)
        worked.append(thread_time() - own)
        began = perf_counter()
        right = merkle.verify_inclusion(bytes(leaves[index]), index, size, path, root)
        checked.append(perf_counter() - began)
        assert right
    yield Figure(
        "log", "the processor's time in it, 99th percentile", _p99(worked) * 1000, "ms", note="without the database"
    )
    yield Figure("log", "make an inclusion proof, median", statistics.median(made) * 1000, "ms")
    yield Figure("log", "make an inclusion proof, 99th percentile", _p99(made) * 1000, "ms", limit=10)
    yield Figure("log", "verify an inclusion proof, 99th percentile", _p99(checked) * 1000, "ms", limit=1)


def _consistencies(tree: Tree, size: int, root: bytes) -> Iterator[Figure]:
    dice = random.Random(9162)
    made, checked = [], []
    for old in [dice.randrange(1, size) for _ in range(PROOFS)]:
        old_root = tree.root(old)
        began = perf_counter()
        path = tree.consistency(old, size)
        made.append(perf_counter() - began)
        began = perf_counter()
        right = merkle.verify_consistency(old, old_root, size, root, path)
        checked.append(perf_counter() - began)
        assert right
    yield Figure("log", "make a consistency proof, median", statistics.median(made) * 1000, "ms")
    yield Figure("log", "make a consistency proof, 99th percentile", _p99(made) * 1000, "ms", limit=10)
    yield Figure("log", "verify a consistency proof, 99th percentile", _p99(checked) * 1000, "ms", limit=1)
