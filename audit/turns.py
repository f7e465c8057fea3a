"""What else the signer's process does: other apps sign with keys that no web process may hold."""

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)
Turn = Callable[[], None]
_turns: list[Turn] = []


def at_every_turn(fn: Turn) -> Turn:
    """Register ``fn()``, which the signer's process calls every second; it does nothing where nothing waits."""
    if fn not in _turns:
        _turns.append(fn)
    return fn


def run() -> None:
    """Take every turn; one that fails is logged, keeps nothing else from happening, and is tried again."""
    for fn in _turns:
        try:
            fn()
        except Exception:
            log.exception("the signer could not do what waits", extra={"turn": fn.__name__})
