"""What stands in the navigation: apps register their entries, nobody edits a template for it.

``poolfund.context.navigation`` hands the entries that a person may see to ``base.html``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise


class Place(StrEnum):
    """Where an entry stands."""

    PUBLIC = "public"
    """Under the header of pages that anyone may open."""
    WORK = "work"
    """Under the header of pages of people at work."""
    FOOTER = "footer"
    """At the end of every page: open data, complaint, about."""


def anyone(user: Any) -> bool:
    """The audience of an entry that all may see."""
    return True


def signed_in(user: Any) -> bool:
    """The audience of an entry for people who are signed in."""
    return bool(user.is_authenticated)


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: a translated label, the URL name it leads to, and who sees it.

    ``audience(user)`` is asked on every page, so it may only use what is cached on the user (roles).
    ``order`` sorts the entries of one place, small numbers first; ``number(user)`` counts what is new behind it.
    """

    label: str | Promise
    url_name: str
    audience: Callable[[Any], bool] = anyone
    place: Place = Place.WORK
    order: int = 50
    number: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as a template shows it; ``current`` when the page shown is this one or below it."""

    label: str | Promise
    url: str
    current: bool
    number: int = 0


_items: list[NavItem] = []


def register(*items: NavItem) -> None:
    """Add ``items`` to the navigation (from ``AppConfig.ready``); an item registered twice counts once."""
    _items.extend(item for item in items if item not in _items)


def entries(place: Place, *, user: Any, path: str) -> list[Entry]:
    """The entries of ``place`` that ``user`` may see, in order; the one nearest to ``path`` is current."""
    seen = [
        (item, url)
        for item in sorted(_items, key=lambda item: item.order)
        if item.place is place
        and item.audience(user)
        and (url := _url(item.url_name, get_urlconf(), get_script_prefix()))
    ]
    current = max((url for _, url in seen if _leads_to(url, path)), key=len, default="")
    return [
        Entry(item.label, url, url == current, item.number(user) if item.number is not None else 0)
        for item, url in seen
    ]


def for_request(request: HttpRequest) -> dict[str, list[Entry]]:
    """All places for the person and the page of ``request``."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {place.value: entries(place, user=user, path=request.path) for place in Place}


def _leads_to(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


@cache
def _url(name: str, urlconf: str | None, prefix: str) -> str:
    """The address of ``name`` below ``prefix``, or nothing where no URL bears it; the same on every page."""
    try:
        return reverse(name, urlconf)
    except NoReverseMatch:
        return ""
