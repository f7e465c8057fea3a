"""The transparency log at a million leaves, and what a leaf adds to a decision."""

import random
import statistics
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from time import perf_counter, sleep, thread_time
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from audit import fsck_tree, log, merkle, sequencer
from audit.context import correlation_id
from audit.models import Leaf, Opening, RecordedEvent
from audit.proofs import Tree
from bench import Figure, seconds
from committees import events
from committees.services import votes
from tests.factories import committees as panel
from tests.factories.sealing import seal

MILLION = 1_000_000
PROOFS = 1_000
STREAM_SECONDS, PER_SECOND = 60, 500
WRITERS, EACH = 16, 10
APPLICATIONS = 6


def measure() -> Iterator[Figure]:
    """All figures of the log."""
    yield from stream()
    yield from cost_of_a_leaf()
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
            at=timezone.now(), from_state=from_state, to_state=to_state,
            rules_version=getattr(subject, "rules_version", None), correlation=correlation_id(),
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
            cast = partial(votes.cast_vote, item, seat, "reject", actor=seat.user)
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
    yield from _work_of_a_leaf(case.seats[0])


def _work_of_a_leaf(subject: Any) -> Iterator[Figure]:
    """What the writer's process does for one leaf: record, commitment, body, hashes, one statement."""
    worked = []
    with transaction.atomic():
        for _number in range(300):
            own = thread_time()
            log.append(subject, events.AssignmentCompleted(), actor=None, reason="measuring")
            worked.append(thread_time() - own)
    yield Figure("log", "the writer's processor time for one leaf, median", statistics.median(worked) * 1000, "ms")


# A stream ---------------------------------------------------------------------------------------------------------------

_TEN_LEAVES = """
INSERT INTO audit_leaf (kind, body, leaf_hash, created_at)
SELECT 'bench.leaf.made', body, sha256('\\x00'::bytea || body), now()
FROM (SELECT convert_to(repeat('x', 300) || gen_random_uuid(), 'UTF8') AS body FROM generate_series(1, %s)) bodies
RETURNING id
"""


@dataclass
class Stream:
    """When leaves were committed, and how far the log had come at which moment."""

    begun: float = field(default_factory=perf_counter)
    committed: list[tuple[float, list[int]]] = field(default_factory=list)
    placed: list[tuple[int, float]] = field(default_factory=list)
    signed: list[tuple[int, float]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def write(self, writer: int) -> None:
        """One of the writers: its share of the offered rate, each transaction open for a random moment before it commits."""
        dice = random.Random(writer)
        for turn in range(STREAM_SECONDS * PER_SECOND // EACH // WRITERS):
            due = self.begun + (turn * WRITERS + writer) * EACH / PER_SECOND
            sleep(max(0.0, due - perf_counter()))
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_TEN_LEAVES, [EACH])
                made = [row[0] for row in cursor.fetchall()]
                sleep(dice.random() / 10)
            self.committed.append((perf_counter(), made))

    def keep(self, folder: Path) -> None:
        """The signer's loop: places every second, signs at its cadence."""
        cadence = float(settings.LOG_CHECKPOINT_SECONDS)
        due = perf_counter() + cadence
        while not self.done.wait(1.0):
            sequencer.integrate()
            self.placed.append((Tree(1).size(), perf_counter()))
            if perf_counter() >= due:
                due += cadence
                self.signed.append((seal(folder).size, perf_counter()))

    def waits(self, reached: list[tuple[int, float]]) -> list[float]:
        """How long each leaf waited after its commit until the log had ``reached`` its place."""
        rows = Leaf.objects.filter(kind="bench.leaf.made").values_list("pk", "seq")
        places = {leaf: seq for leaf, seq in rows if seq is not None}
        sizes = [size for size, _ in reached]
        waits = []
        for at, leaves in self.committed:
            for leaf in leaves:
                step = bisect_right(sizes, places[leaf])
                waits.append(reached[step][1] - at)
        return waits


def _closing(work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return run


def stream() -> Iterator[Figure]:
    """Leaves at an offered rate from sixteen writers while the signer's loop runs: until each is under a signed checkpoint."""
    flow = Stream()
    with tempfile.TemporaryDirectory() as folder:
        keeper = threading.Thread(target=_closing(lambda: flow.keep(Path(folder))))
        writers = [threading.Thread(target=_closing(partial(flow.write, writer))) for writer in range(WRITERS)]
        for thread in (keeper, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        count = sum(len(leaves) for _, leaves in flow.committed)
        rate = count / (max(at for at, _ in flow.committed) - flow.begun)
        total = Leaf.objects.count()
        while not flow.signed or flow.signed[-1][0] < total:
            sleep(0.5)
        flow.done.set()
        keeper.join()
    placed, signed = flow.waits(flow.placed), flow.waits(flow.signed)
    yield Figure("log", "leaves offered in a stream", PER_SECOND, "per second", note=f"{WRITERS} writers, {EACH} each")
    yield Figure("log", "leaves committed in it", rate, "per second", note=f"{count:,} leaves")
    yield Figure("log", "until a leaf has its place, 99th percentile", _p99(placed), "s")
    yield Figure("log", "until the last of them has its place", max(placed), "s")
    yield Figure("log", "until a leaf is under a signed checkpoint, median", statistics.median(signed), "s")
    yield Figure("log", "until the last of them is under a signed checkpoint", max(signed), "s", limit=60)


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
