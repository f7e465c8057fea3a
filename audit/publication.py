"""What the log shows to everybody: checkpoints, and the hashes under them."""

from audit.models import LogCheckpoint, LogEpoch
from audit.proofs import Tree
from audit.tiles import Tile


def current_epoch_number() -> int:
    """The number of the newest epoch; 1 before anything was placed."""
    newest = LogEpoch.objects.order_by("-number").values_list("number", flat=True).first()
    return newest or 1


def newest_checkpoint(epoch: int | None = None) -> LogCheckpoint | None:
    """The newest signed checkpoint of an epoch (of the current one by default)."""
    number = current_epoch_number() if epoch is None else epoch
    return LogCheckpoint.objects.filter(epoch__number=number).order_by("-size").first()


def note_of(checkpoint: LogCheckpoint) -> str:
    """The signed note with the cosignatures that came in so far."""
    lines = checkpoint.cosignatures.order_by("id").values_list("line", flat=True)
    return checkpoint.note + "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def published_checkpoint(epoch: int | None = None) -> str | None:
    """The newest checkpoint as it is served."""
    checkpoint = newest_checkpoint(epoch)
    return note_of(checkpoint) if checkpoint is not None else None


def published_tile(epoch: int, tile: Tile) -> bytes | None:
    """A tile under the newest checkpoint; what was placed since then is not shown, so that its moment stays hidden."""
    checkpoint = newest_checkpoint(epoch)
    if checkpoint is None or not tile.exists_at(checkpoint.size):
        return None
    return Tree(epoch).tile(tile)
