"""Where a decision on an application is appealed; the layer above that hears appeals names the page."""

from collections.abc import Callable
from typing import Any

from grants.models import Application

Way = Callable[[Application, Any], str]
_ways: list[Way] = []


def hears_appeals(fn: Way) -> Way:
    """Register ``fn(application, user)``: the path of the page on which the user may appeal now, empty when not."""
    if fn not in _ways:
        _ways.append(fn)
    return fn


def way_to_appeal(application: Application, user: Any) -> str:
    """The path of the page on which the user may appeal against the decision, empty when he may not."""
    return next((path for fn in _ways if (path := fn(application, user))), "")
