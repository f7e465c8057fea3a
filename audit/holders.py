"""Who may hold the record behind a leaf.

Always: the person who acted. Beyond that only on a ground that an app has registered for this kind of event; a vote or a
score has none, so nobody but its author ever opens it.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.models import RecordedEvent
from kernel.permissions import Allowed, Denied, PermissionResult

Ground = Callable[[Any, RecordedEvent], bool]
_grounds: dict[str, list[Ground]] = {}
_audited: set[str] = set()


def ground(*event_types: str) -> Callable[[Ground], Ground]:
    """Register ``fn(user, event) -> bool`` as a ground to hold the records of the given types of event."""

    def decorate(fn: Ground) -> Ground:
        for event_type in event_types:
            _grounds.setdefault(event_type, []).append(fn)
        return fn

    return decorate


def may_hold(user: Any, event: RecordedEvent) -> PermissionResult:
    """Whether ``user`` may take home the record behind ``event``."""
    if user is None or not user.is_authenticated or not user.is_active:
        return Denied(_("Sign in to take the receipt of your own acts home."))
    if event.actor_id == user.pk or any(fn(user, event) for fn in _grounds.get(event.type, ())):
        return Allowed()
    return Denied(_("This record belongs to somebody else."))


def audited(*event_types: str) -> None:
    """Say that auditors examine the given types of event; they list them, and hold them on a registered `ground`."""
    _audited.update(event_types)


def audited_types() -> list[str]:
    """The types of event that auditors examine, in alphabetical order."""
    return sorted(_audited)


def grounds_of(event_type: str) -> tuple[Ground, ...]:
    """The registered grounds of a type of event."""
    return tuple(_grounds.get(event_type, ()))
