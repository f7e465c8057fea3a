"""How often one address may do what anybody may do. Counted in the cache that all processes share, never by name."""

import hashlib
import hmac

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.timezone import now

HOUR = 3600


def within(request: HttpRequest, what: str, *, most: int) -> bool:
    """Count one more ``what`` of the request's address; whether it was at most the ``most``-th of this hour.

    Callers whose address the server does not tell are counted together.
    """
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        address = ""
    return counted(what, address, most=most)


def counted(what: str, whom: str, *, most: int) -> bool:
    """Count one more ``what`` of ``whom`` (an address or a person); whether it was at most the ``most``-th of this hour."""
    secret = hmac.new(settings.SECRET_KEY.encode(), whom.encode(), hashlib.sha256).hexdigest()[:32]
    key = f"{what}:{int(now().timestamp()) // HOUR}:{secret}"
    cache.add(key, 0, HOUR)
    return int(cache.incr(key)) <= most
