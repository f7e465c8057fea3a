"""The pieces that pages are put together from: their data, and their drawings as SVG text.

``kernel.templatetags.fund`` puts the pieces into templates; ``templates/_pieces/README.md`` shows each with an example.
"""

from kernel.pieces.data import Chip, NextStep, Task, ThreadLink, Tone
from kernel.pieces.seats import Presence, Seat
from kernel.pieces.tranches import TranchePart, TrancheState

__all__ = ["Chip", "NextStep", "Presence", "Seat", "Task", "ThreadLink", "Tone", "TranchePart", "TrancheState"]
