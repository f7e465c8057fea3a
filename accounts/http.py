"""The person of a request, as our own type."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.permissions import Refused


def person(request: HttpRequest) -> User:
    """Who is signed in; raises `Refused` where the access table let a stranger through."""
    if not isinstance(request.user, User):
        raise Refused(_("Sign in first."))
    return request.user
