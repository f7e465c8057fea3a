"""Why a partner may report more often than the schedule says; higher layers name their reasons."""

from collections.abc import Callable

from grants.models import Grant
from kernel.permissions import Denied, PermissionResult

Need = Callable[[Grant], PermissionResult]
_needs: list[Need] = []


def needs_further_reports(fn: Need) -> Need:
    """Register ``fn(grant)`` of a higher layer: it consents while something waits for a further progress report."""
    if fn not in _needs:
        _needs.append(fn)
    return fn


def is_needed(grant: Grant) -> PermissionResult:
    """Whether something waits for a further report; the refusal is that of the first who was asked."""
    answers = [fn(grant) for fn in _needs]
    return next((answer for answer in answers if answer), answers[0] if answers else Denied(""))
