"""The access table: who may open a URL, with which methods and formats.

Every URL name of the project stands in exactly one app's ``access.ACCESS``. The table is the first wall (a coarse
gate by kind of person, enforced by ``poolfund.middleware``); the object itself is fetched through ``visible_to``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Audience(StrEnum):
    """The coarse kinds of people that a URL may be open to."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    ROLE = "role"
    """Holders of one of the named offices of the fund."""


@dataclass(frozen=True, slots=True)
class Access:
    """One row of the access table.

    ``relation`` says in words which relation to the object the view itself demands (``visible_to``).
    """

    audience: Audience
    relation: str = ""
    roles: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset({"GET", "HEAD", "POST"})
    formats: frozenset[str] = frozenset({"html"})
    second_factor: bool = False
    """Whether the page asks for a second factor not older than five minutes: money, membership, bank details."""

    def reading(self) -> "Access":
        """The same row for a page that changes nothing."""
        return replace(self, methods=frozenset({"GET", "HEAD"}))

    def acting(self) -> "Access":
        """The same row for a URL that only takes POST."""
        return replace(self, methods=frozenset({"POST"}))

    def resuming(self) -> "Access":
        """The same row for a file on its way (`kernel.tus`)."""
        return replace(self, methods=frozenset({"OPTIONS", "HEAD", "PATCH", "POST", "DELETE"}))

    def confirmed(self) -> "Access":
        """The same row for a page that changes money, membership or bank details."""
        return replace(self, second_factor=True)

    def giving(self, *formats: str) -> "Access":
        """The same row for a URL that answers in ``formats`` (pdf, csv, …)."""
        return replace(self, formats=frozenset(formats))


def public(relation: str = "anyone") -> Access:
    """Open without sign-in."""
    return Access(Audience.PUBLIC, relation)


def signed_in(relation: str) -> Access:
    """Open to signed-in people; ``relation`` names what the view demands of them."""
    return Access(Audience.SIGNED_IN, relation)


def role(*roles: str, relation: str = "") -> Access:
    """Open to holders of one of the offices ``roles``."""
    return Access(Audience.ROLE, relation, frozenset(roles))


def merge(tables: Iterable[dict[str, Access]]) -> dict[str, Access]:
    """One table of many; a URL name that stands twice is an error."""
    merged: dict[str, Access] = {}
    for table in tables:
        twice = merged.keys() & table.keys()
        if twice:
            raise ValueError(f"in two access tables: {sorted(twice)}")
        merged |= table
    return merged
