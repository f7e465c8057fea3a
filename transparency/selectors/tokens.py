"""Reading tokens for donors' data, and what a token stands for."""

from typing import Any

from django.db.models import QuerySet

from funds.models import Donor
from kernel import identity
from transparency.models import DonorToken
from transparency.token_rules import digest_of, opens, visible_tokens


def visible_to(user: Any) -> QuerySet[DonorToken]:
    """The own ones, the latest first; all for those who keep donors' mandates."""
    return DonorToken.objects.filter(visible_tokens(user)).select_related("donor", "user")


def tokens_of(donor: Donor, user: Any) -> QuerySet[DonorToken]:
    """Those of one donor that ``user`` sees."""
    return visible_to(user).filter(donor=donor)


@identity.system("transparency.token")
def bearer(secret: str) -> DonorToken | None:
    """The token that ``secret`` is, None unless it opens something now; nobody is signed in when a program asks."""
    token = DonorToken.objects.select_related("donor", "user").filter(digest=digest_of(secret)).first()
    return token if token is not None and opens(token) else None
