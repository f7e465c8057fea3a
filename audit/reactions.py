"""Effects of an event that belong to a higher layer and to the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from audit.events import Event
from kernel import identity

Reaction = Callable[..., None]
_reactions: defaultdict[type[Event], list[Reaction]] = defaultdict(list)


def reacts_to(*event_classes: type[Event]) -> Callable[[Reaction], Reaction]:
    """Register ``fn(subject, event, *, actor, leaf)`` to run in the transaction of the given events."""

    def decorate(fn: Reaction) -> Reaction:
        for cls in event_classes:
            if fn not in _reactions[cls]:
                _reactions[cls].append(fn)
        return fn

    return decorate


def run(subject: Any, event: Event, *, actor: Any, leaf: Any) -> None:
    """Run all reactions to ``event`` in the order of their registration: the fund acts, not the person."""
    with identity.system("audit.reaction"):
        for reaction in _reactions[type(event)]:
            reaction(subject, event, actor=actor, leaf=leaf)


def registered() -> dict[type[Event], list[Reaction]]:
    """All reactions by event class, for the reference page."""
    return {cls: list(fns) for cls, fns in _reactions.items() if fns}
