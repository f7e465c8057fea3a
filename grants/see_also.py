"""Pages of higher layers that belong to a grant; the grant's page lists them among its documents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from grants.models import Grant


@dataclass(frozen=True, slots=True)
class Page:
    """A page about the grant."""

    title: str | Promise
    url: str


Offer = Callable[[Grant, Any], Page | None]
_offers: list[Offer] = []


def see_also(fn: Offer) -> Offer:
    """Register ``fn(grant, user)`` of a higher layer: the page that it offers this person, or None."""
    if fn not in _offers:
        _offers.append(fn)
    return fn


def pages_about(grant: Grant, user: Any) -> list[Page]:
    """All pages that are offered to the person."""
    return [page for fn in _offers if (page := fn(grant, user)) is not None]
