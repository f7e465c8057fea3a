"""Whether the tree in the database is still the one that was published; asked before every signature.

A restored backup is the likeliest way to two trees under one name. What the database itself says is no evidence here: asked
are the signer's memory outside it, and whoever registers an `outside_view` (the witnesses).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from audit.memory import Memory
from audit.models import LogAlarm, LogCheckpoint, LogEpoch
from audit.proofs import Incomplete, Tree
from audit.states import AlarmKind


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody outside saw of an epoch: at least ``size`` leaves, and their root where it is known."""

    source: str
    size: int
    root: bytes | None = None
    note: str = ""
    origin: str = ""


OutsideView = Callable[[LogEpoch], Iterable[Seen]]
_views: list[OutsideView] = []


class NotSigned(Exception):
    """The signer refuses; ``alarm`` says what it saw."""

    def __init__(self, alarm: LogAlarm) -> None:
        super().__init__(
            f"nothing is signed: {AlarmKind(alarm.kind).name.lower()} – {alarm.source} saw {alarm.seen_size} leaves of "
            f"{alarm.seen_origin}, the database has {alarm.own_size} and agrees up to {alarm.agreed_size}. If a backup was "
            "restored, two people acknowledge it on the page “Rollback of the log”; else find the newer database."
        )
        self.alarm = alarm


class MemoryLost(Exception):
    """The database knows checkpoints of which the memory outside it knows none."""


def outside_view(fn: OutsideView) -> OutsideView:
    """Register ``fn(epoch)``: what others outside saw of the epoch."""
    if fn not in _views:
        _views.append(fn)
    return fn


def epoch_number(origin: str) -> int:
    """The number of the epoch that ``origin`` names; 0 when it is not this fund's."""
    name, _slash, number = origin.rpartition("/")
    return int(number) if name == settings.FUND_ID and number.isascii() and number.isdigit() else 0


def examine(epoch: LogEpoch, memory: Memory) -> None:
    """Compare the tree with everything seen outside.

    Raises `NotSigned` (its alarm is stored) when the tree is shorter or another one, `MemoryLost` when there is no memory.
    """
    if not memory.of(epoch.origin) and epoch.checkpoints.exists():
        raise MemoryLost(
            f"{memory.path} remembers nothing of {epoch.origin}, which was signed before: bring the file back, or, when it "
            "is lost for good, ask the witnesses and begin it anew with `manage.py log_memory begin`"
        )
    compare(epoch, memory)


def compare(epoch: LogEpoch, memory: Memory) -> None:
    """The comparison alone; raises `NotSigned`."""
    tree = Tree(epoch.number)
    own_size = tree.size()
    for seen in _seen(epoch, memory):
        kind = _judge(epoch, tree, own_size, seen)
        if kind is not None:
            raise NotSigned(_store(epoch, kind, seen, own_size, agreed(epoch, tree, own_size, memory)))


def _seen(epoch: LogEpoch, memory: Memory) -> Iterator[Seen]:
    for line in memory.lines()[::-1]:
        if epoch_number(line.checkpoint.origin) > epoch.number:
            yield Seen("memory", line.checkpoint.size, line.checkpoint.root, line.note, line.checkpoint.origin)
            break
    for line in memory.of(epoch.origin)[-1:]:
        yield Seen("memory", line.checkpoint.size, line.checkpoint.root, line.note, epoch.origin)
    newest = epoch.checkpoints.order_by("-size").first()
    if newest is not None:
        yield Seen("database", newest.size, bytes(newest.root), newest.note, epoch.origin)
    for view in _views:
        yield from view(epoch)


def _judge(epoch: LogEpoch, tree: Tree, own_size: int, seen: Seen) -> AlarmKind | None:
    if epoch_number(seen.origin) > epoch.number:
        return AlarmKind.LATER_EPOCH
    if seen.size > own_size:
        return AlarmKind.SMALLER
    if seen.root is not None and _root(tree, seen.size) != seen.root:
        return AlarmKind.DIFFERENT
    return None


def _root(tree: Tree, size: int) -> bytes | None:
    try:
        return tree.root(size)
    except Incomplete:
        return None


def agreed(epoch: LogEpoch, tree: Tree, own_size: int, memory: Memory) -> int:
    """The largest published size whose root the database can still show; 0 when there is none."""
    published = [(line.checkpoint.size, line.checkpoint.root) for line in memory.of(epoch.origin)]
    rows = LogCheckpoint.objects.filter(epoch=epoch).values_list("size", "root")
    published += [(size, bytes(root)) for size, root in rows]
    for size, root in sorted(set(published), reverse=True):
        if size <= own_size and _root(tree, size) == root:
            return size
    return 0


def _store(epoch: LogEpoch, kind: AlarmKind, seen: Seen, own_size: int, agreed_size: int) -> LogAlarm:
    alarm, _new = LogAlarm.objects.get_or_create(
        epoch=epoch,
        kind=kind,
        source=seen.source,
        seen_size=seen.size,
        agreed_size=agreed_size,
        defaults={
            "seen_origin": seen.origin or epoch.origin,
            "seen_root": seen.root,
            "seen_note": seen.note,
            "own_size": own_size,
        },
    )
    return alarm
