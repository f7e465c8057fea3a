"""What may stand in the way of closing a grant; higher layers add theirs."""

from collections.abc import Callable

from grants.models import Grant
from kernel.permissions import PermissionResult, all_of

Blocker = Callable[[Grant], PermissionResult]
_blockers: list[Blocker] = []


def blocks_closure(fn: Blocker) -> Blocker:
    """Register ``fn(grant)`` of a higher layer: a refusal names what must be done before the grant can be closed."""
    if fn not in _blockers:
        _blockers.append(fn)
    return fn


def may_be_closed(grant: Grant) -> PermissionResult:
    """Whether nothing of any layer stands in the way of closing the grant."""
    return all_of(*blockers_of(grant))


def blockers_of(grant: Grant) -> list[PermissionResult]:
    """The answer of every layer, refusals and consents."""
    return [fn(grant) for fn in _blockers]
