"""Gives committed leaves their place in the tree, in batches, and writes the tiles that become full.

Taken are leaves *without* a place: a cursor over ids would miss those whose transaction began early and ended late. One
transaction-wide advisory lock makes any number of callers (worker, scheduler, signer) harmless to each other.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import connection, transaction

from audit import merkle
from audit.models import Leaf, LogEpoch, LogTile
from audit.proofs import Tree
from audit.tiles import WIDTH

LOCK = 6_962_001
"""Advisory lock: one sequencer at a time."""
BATCH = 4096
_TAKE = """
WITH waiting AS (
    SELECT id, row_number() OVER (ORDER BY place, id) - 1 AS n
    FROM (
        (SELECT id, -1 AS place FROM audit_leaf
         WHERE id = %(first)s AND epoch_id IS DISTINCT FROM %(epoch)s)
        UNION ALL
        (SELECT id, seq AS place FROM audit_leaf
         WHERE epoch_id = %(previous)s AND seq >= %(previous_size)s AND id IS DISTINCT FROM %(first)s
         ORDER BY seq LIMIT %(limit)s)
        UNION ALL
        (SELECT id, 9223372036854775807 AS place FROM audit_leaf
         WHERE seq IS NULL AND id IS DISTINCT FROM %(first)s ORDER BY id LIMIT %(limit)s)
    ) candidates
    ORDER BY place, id LIMIT %(limit)s
)
UPDATE audit_leaf leaf SET epoch_id = %(epoch)s, seq = %(size)s + waiting.n
FROM waiting WHERE leaf.id = waiting.id
RETURNING leaf.seq, leaf.leaf_hash
"""


def current_epoch() -> LogEpoch:
    """The epoch in which leaves get their place now; the first one is made when it is first asked for."""
    epoch = LogEpoch.objects.order_by("-number").first()
    if epoch is None:
        LogEpoch.objects.bulk_create([LogEpoch(number=1, origin=origin_of(1))], ignore_conflicts=True)
        epoch = LogEpoch.objects.get(number=1)
    return epoch


def origin_of(number: int) -> str:
    """Origin of an epoch: the fund's name and the epoch's number."""
    return f"{settings.FUND_ID}/{number}"


def integrate(*, batches: int = 100) -> int:
    """Place what waits, at most ``batches`` batches, each its own transaction; returns how many leaves.

    Returns at once when another process is at it.
    """
    placed = 0
    for _batch in range(batches):
        count = _integrate_batch()
        placed += count
        if count < BATCH:
            break
    return placed


@transaction.atomic
def _integrate_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        return 0
    epoch = current_epoch()
    size = Tree(epoch.number).size()
    hashes = _take(epoch, size)
    if hashes:
        _write_tiles(epoch.number, size, hashes)
    return len(hashes)


def _take(epoch: LogEpoch, size: int) -> list[bytes]:
    before = LogEpoch.objects.filter(number__lt=epoch.number).order_by("-number").first()
    parameters = {
        "epoch": epoch.number,
        "size": size,
        "limit": BATCH,
        "first": epoch.first_leaf_id,
        "previous": before.number if before else None,
        "previous_size": epoch.previous_size or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, parameters)
        return [bytes(leaf_hash) for _seq, leaf_hash in sorted(cursor.fetchall())]


def _write_tiles(epoch: int, size: int, hashes: Sequence[bytes]) -> None:
    """Write the tiles that become full when ``hashes`` follow the first ``size`` leaves."""
    tree = Tree(epoch)
    rows: list[LogTile] = []
    level, begin, new = 0, size, list(hashes)
    while new:
        number, offset = divmod(begin, WIDTH)
        kept = tree.partial(level, number, offset) if offset else []
        row = [*kept, *new]
        full = [row[at : at + WIDTH] for at in range(0, len(row) - len(row) % WIDTH, WIDTH)]
        made = [
            LogTile(epoch_id=epoch, level=level, number=number + at, hash=merkle.root(part), data=b"".join(part))
            for at, part in enumerate(full)
        ]
        rows += made
        level, begin, new = level + 1, number, [bytes(tile.hash) for tile in made]
    LogTile.objects.bulk_create(rows, batch_size=200)


def waiting() -> int:
    """How many committed leaves have no place yet."""
    return Leaf.objects.filter(seq__isnull=True).count()
