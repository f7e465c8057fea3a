"""What every template knows beside its own data."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.selectors import roles_of
from kernel.navigation import for_request


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The entries of the navigation that this person may see, and who they are; worked out only where they are shown."""
    return {
        "navigation": SimpleLazyObject(lambda: for_request(request)),
        "who": SimpleLazyObject(lambda: _who(request)),
    }


def _who(request: HttpRequest) -> dict[str, list[str]]:
    """The offices that the person holds today, by name."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"roles": []}
    return {"roles": [str(role.label) for role in roles_of(user)]}


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """In the demonstration every page says that it is one, and the page that asks for a one-time code shows it."""
    if not settings.DEMO:
        return {}
    return {"demonstration": True, "demonstration_code": SimpleLazyObject(lambda: _code(request))}


def _code(request: HttpRequest) -> str:
    from poolfund.demo_sign_in import current_code

    return current_code(request.user)
