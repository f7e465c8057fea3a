"""What may stand in the way of ending a call; higher layers add theirs."""

from collections.abc import Callable

from grants.models import Call
from kernel.permissions import PermissionResult, all_of

Blocker = Callable[[Call], PermissionResult]
_blockers: list[Blocker] = []


def blocks_completion(fn: Blocker) -> Blocker:
    """Register ``fn(call)`` of a higher layer: a refusal names what must be done before the call can end."""
    if fn not in _blockers:
        _blockers.append(fn)
    return fn


def nothing_blocks(call: Call) -> PermissionResult:
    """Whether nothing of any higher layer stands in the way."""
    return all_of(*(fn(call) for fn in _blockers))
