"""Whether the act under way was confirmed with a second factor.

A web request opens its standing here and says so when its person has just confirmed. The door (`audit.log`) and the
books (`ledger.services`) then refuse what a page must not do unconfirmed, so that a page which its author forgot to
mark in the access table fails in its first test and changes nothing. Tasks, commands and consequences of an act have
no person at a browser: they are not asked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


class Unconfirmed(ImproperlyConfigured):
    """A page that stands in the access table without ``confirmed()`` tried to change money, membership or bank details."""


@dataclass
class _Standing:
    confirmed: bool = False


_request: ContextVar[_Standing | None] = ContextVar("standing", default=None)


@contextmanager
def of_request() -> Iterator[None]:
    """Inside, a person acts through a browser and has confirmed nothing yet."""
    token = _request.set(_Standing())
    try:
        yield
    finally:
        _request.reset(token)


def given() -> None:
    """The person of the request has confirmed; without a request there is nothing to say."""
    standing = _request.get()
    if standing is not None:
        standing.confirmed = True


def demand(what: str) -> None:
    """Raise `Unconfirmed` for ``what`` in a request that was not confirmed."""
    standing = _request.get()
    if standing is not None and not standing.confirmed:
        raise Unconfirmed(f"{what}: mark the page with confirmed() in its access table")
