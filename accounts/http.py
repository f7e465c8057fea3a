"""The person of a request, as our own type, and what was posted."""

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel.permissions import Refused


def person(request: HttpRequest) -> User:
    """Who is signed in; raises `Refused` where the access table let a stranger through."""
    if not isinstance(request.user, User):
        raise Refused(_("Sign in first."))
    return request.user


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the posted values, also when there are none; None when the page is only opened."""
    return request.POST if request.method == "POST" else None
