"""For whom the database is being asked: the second wall behind ``visible_to``.

The most dangerous tables carry row-level security (`audit.walls`). PostgreSQL reads from the session's setting
``poolfund.identity`` who asks: ``person:<id>:<day>`` in a web request, ``system:<name>`` for what the fund does itself,
nothing for a stranger. This module says what the setting should be; `poolfund.database.base` tells it to the connection
before each statement that needs it.

A web process begins as nobody: what asks outside a request's person and outside a named act of the fund sees no row.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import UUID

from django.utils import timezone

NOBODY: Final = ""
_NAME = re.compile(r"^[a-z_]+(\.[a-z_]+)*$")
_SYSTEM: Final = "system:"
_default = f"{_SYSTEM}process"
_identity: ContextVar[str | None] = ContextVar("identity", default=None)
_unheeded: ContextVar[bool] = ContextVar("unheeded", default=False)


def current() -> str:
    """What the setting has to be now."""
    identity = _identity.get()
    if identity is None:
        return _default
    # The day is Damascus's and this process's: memberships begin and end by it, here as in the rules.
    return f"{identity}:{timezone.localdate().isoformat()}" if identity.startswith("person:") else identity


def begin_as_nobody() -> None:
    """From now on this process is nobody outside of requests and named acts: for web processes."""
    global _default  # noqa: PLW0603 -- one value for the life of a process
    _default = NOBODY


def is_unheeded() -> bool:
    """Whether nobody needs to be told now (`unheeded`)."""
    return _unheeded.get()


@contextmanager
def unheeded() -> Iterator[None]:
    """Inside, the connection keeps whom it was told last: only for tables without a second wall.

    Of whom a request is stands in such tables; telling the connection first that nobody asks would cost each request a
    question.
    """
    token = _unheeded.set(True)
    try:
        yield
    finally:
        _unheeded.reset(token)


def reads_alike(one: str, other: str) -> bool:
    """Whether PostgreSQL answers both the same: the names of the fund's own acts are for people who read the code."""
    return one == other or (one.startswith(_SYSTEM) and other.startswith(_SYSTEM))


@contextmanager
def _being(identity: str) -> Iterator[None]:
    token = _identity.set(identity)
    try:
        yield
    finally:
        _identity.reset(token)


@contextmanager
def person(user_id: UUID | str | None) -> Iterator[None]:
    """Inside, the database answers what this person may see; None is a stranger."""
    with _being(f"person:{UUID(str(user_id))}" if user_id is not None else NOBODY):
        yield


@contextmanager
def system(name: str) -> Iterator[None]:
    """Inside, the fund itself acts or judges under ``name`` (``audit.door``): a few places, each with its reason."""
    if not _NAME.match(name):
        raise ValueError(f"the name of an act of the fund reads app.act, not {name!r}")
    with _being(f"{_SYSTEM}{name}"):
        yield
