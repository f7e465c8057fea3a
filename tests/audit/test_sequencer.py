"""The sequencer: every committed leaf gets exactly one place, whatever happens beside it."""

import random
import threading
import time
from functools import partial

import pytest
from django.db import connections, transaction

from audit import merkle, sequencer
from audit.models import Leaf, LogEpoch, LogTile
from audit.proofs import Incomplete, Tree
from audit.tiles import Tile, full_tiles, partial_tiles
from tests.factories.log import hashes, leaves
from tests.threads import Beside

pytestmark = pytest.mark.django_db


def test_roots_and_proofs_are_those_of_the_leaves() -> None:
    leaves(700)
    assert sequencer.integrate() == 700
    tree, known = Tree(1), hashes(700)
    assert tree.size() == 700
    for size in (0, 1, 255, 256, 257, 511, 513, 700):
        assert tree.root(size) == merkle.root(known[:size])
    for index, size in ((0, 700), (600, 699), (255, 256), (699, 700), (256, 700)):
        path = tree.inclusion(index, size)
        assert merkle.verify_inclusion(known[index], index, size, path, merkle.root(known[:size]))
    for old, new in ((1, 700), (256, 700), (300, 700), (512, 513), (700, 700)):
        path = tree.consistency(old, new)
        assert merkle.verify_consistency(old, merkle.root(known[:old]), new, merkle.root(known[:new]), path)


def test_a_tree_that_is_not_there_has_no_root() -> None:
    leaves(300)
    sequencer.integrate()
    for size in (301, 513, 70_000):
        with pytest.raises(Incomplete):
            Tree(1).root(size)


def test_a_proof_costs_one_query(django_assert_num_queries: object) -> None:
    leaves(700)
    sequencer.integrate()
    with django_assert_num_queries(1):  # type: ignore[operator]
        Tree(1).inclusion(600, 699)
    with django_assert_num_queries(1):  # type: ignore[operator]
        Tree(1).consistency(300, 699)


def test_growing_in_small_steps_writes_the_tiles_of_growing_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "BATCH", 100)
    for count in (1, 254, 1, 1, 300, 255, 30):
        leaves(count)
        sequencer.integrate()
    known = hashes(842)
    tree = Tree(1)
    assert [(tile.level, tile.number) for tile in LogTile.objects.order_by("id")] == [
        (tile.level, tile.number) for tile in full_tiles(0, 842)
    ]
    for tile in [*full_tiles(0, 842), *partial_tiles(842)]:
        begin = tile.number * 256
        row = known if tile.level == 0 else [merkle.root(known[at : at + 256]) for at in range(0, 768, 256)]
        assert tree.tile(tile) == b"".join(row[begin : begin + tile.width])
    assert tree.tile(Tile(0, 3, 75)) is None
    assert tree.tile(Tile(1, 0)) is None
    assert tree.tile(Tile(63, 10**30)) is None


def test_nobody_waits_for_another_sequencer(transactional_db: None) -> None:
    leaves(3)

    ready, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [sequencer.LOCK])
            ready.set()
            done.wait(10)

    other = Beside(hold)
    assert ready.wait(10)
    assert sequencer.integrate() == 0
    done.set()
    other.come()
    assert sequencer.integrate() == 3


WRITERS, EACH = 16, 40


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_with_delays_before_commit_lose_no_leaf() -> None:
    """A cursor over ids would miss leaves here: ids are given long before the commit."""
    stop = threading.Event()

    def write(writer: int) -> None:
        dice = random.Random(writer)
        for number in range(EACH):
            with transaction.atomic():
                body = b"%d/%d" % (writer, number)
                Leaf.objects.create(kind="a.b.c", body=body, leaf_hash=merkle.leaf_hash(body))
                time.sleep(dice.random() * 0.02)

    def sequence() -> None:
        while not stop.is_set():
            sequencer.integrate()

    sequencers = [Beside(sequence) for _ in range(2)]
    writers = [Beside(partial(write, number)) for number in range(WRITERS)]
    try:
        for one in writers:
            one.come()
    finally:
        stop.set()
    for one in sequencers:
        one.come()
    sequencer.integrate()
    places = Leaf.objects.order_by("seq").values_list("seq", "id", "leaf_hash")
    assert len(places) == WRITERS * EACH
    assert [seq for seq, _id, _hash in places] == list(range(WRITERS * EACH))
    # Otherwise this would be no race: some ids were overtaken by later ones.
    assert [leaf for _seq, leaf, _hash in places] != sorted(leaf for _seq, leaf, _hash in places)
    assert Tree(1).root(WRITERS * EACH) == merkle.root([bytes(hash_) for _seq, _id, hash_ in places])


def test_the_first_epoch_is_named_after_the_fund() -> None:
    assert sequencer.current_epoch() == LogEpoch.objects.get() == sequencer.current_epoch()
    assert LogEpoch.objects.get().origin == "poolfund.example/1"
