"""Pages of higher layers that belong to a waqf; the waqf's page lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from funds.models import Waqf


@dataclass(frozen=True, slots=True)
class Page:
    """A page about the waqf."""

    title: str | Promise
    url: str


Offer = Callable[[Waqf], Page]
_offers: list[Offer] = []


def about_waqf(fn: Offer) -> Offer:
    """Register ``fn(waqf)`` of a higher layer: the page that it offers to whoever sees the waqf."""
    if fn not in _offers:
        _offers.append(fn)
    return fn


def pages_about(waqf: Waqf) -> list[Page]:
    """All pages that are offered."""
    return [fn(waqf) for fn in _offers]
