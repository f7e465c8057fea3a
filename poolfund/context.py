"""What every template knows beside its own data."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kernel.navigation import for_request


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries of the navigation that this person may see; worked out only where a template shows them."""
    return {"navigation": SimpleLazyObject(lambda: for_request(request))}
