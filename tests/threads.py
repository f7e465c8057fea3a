"""Acts at the same moment, each in a thread and a connection of its own; no test waits for them without a limit."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

PATIENCE = 60
"""Seconds that acts may take together on a busy machine; more is a deadlock."""


class Beside(threading.Thread):
    """An act that goes on beside the test; `come` waits for its end, and raises what it raised."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.answer, self.error = act, None, None
        self.start()

    answer: Any
    error: BaseException | None

    def run(self) -> None:
        """Do the act; its connections end with it."""
        try:
            self.answer = self.act()
        except BaseException as error:  # noqa: BLE001 -- told to who comes for the answer
            self.error = error
        finally:
            connections.close_all()

    def outcome(self) -> Any:
        """What the act answered or raised, within the patience."""
        self.join(PATIENCE)
        assert not self.is_alive(), f"{self.act} did not end within {PATIENCE} seconds"
        return self.answer if self.error is None else self.error

    def come(self) -> Any:
        """What the act answered; raises what it raised."""
        outcome = self.outcome()
        if self.error is not None:
            raise self.error
        return outcome


def together(acts: Sequence[Callable[[], Any]], *expected: type[BaseException]) -> list[Any]:
    """What each act answered, in their order, when all began at the same moment; an ``expected`` error is an answer."""
    begin = threading.Barrier(len(acts))

    def at_once(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            begin.wait(PATIENCE)
            return act()

        return run

    outcomes = [one.outcome() for one in [Beside(at_once(act)) for act in acts]]
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, expected):
            raise outcome
    return outcomes


def ends(acts: Sequence[Callable[[], Any]]) -> list[str]:
    """How each act of `together` ended, sorted: what it answered, or the name of its error."""
    outcomes = together(acts, Exception)
    return sorted(type(one).__name__ if isinstance(one, Exception) else str(one) for one in outcomes)
