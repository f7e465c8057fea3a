"""Pages that a person's own device may keep, to be read and filled in without a line (``static/js/sw.js``).

The server marks them; nothing that is not marked is ever kept, and a mark is good for one person.
"""

from typing import Any, TypeVar

from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

R = TypeVar("R", bound=HttpResponseBase)


def owner_of(user: Any) -> str:
    """What a device knows its owner by: says nothing to anybody else."""
    return salted_hmac("kernel.devices", str(user.pk)).hexdigest()[:16]


def may_keep(response: R, user: Any) -> R:
    """The page, marked as one that a device of this person may keep."""
    response["Kept-For"] = owner_of(user)
    return response


def erase(response: R) -> R:
    """The answer to signing out: the browser forgets the pages and the drafts that it kept."""
    response["Clear-Site-Data"] = '"storage"'
    return response
