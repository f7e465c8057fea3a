"""What upper layers know of money that is about to go to an organisation; they add theirs."""

from collections.abc import Callable
from datetime import date

from organisations.models import Organisation

Watcher = Callable[[Organisation, date], bool]
_watchers: list[Watcher] = []


def watches_money(fn: Watcher) -> Watcher:
    """Register ``fn(organisation, until)``: whether money is to go to the organisation until that day."""
    if fn not in _watchers:
        _watchers.append(fn)
    return fn


def money_is_near(organisation: Organisation, until: date) -> bool:
    """Whether any layer knows of money that is to go to the organisation until that day."""
    return any(fn(organisation, until) for fn in _watchers)
