"""Making and revoking tokens for a donor's data."""

import secrets
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from audit import lifecycle
from funds.models import Donor
from kernel.texts import clean_line
from transparency import token_events as events
from transparency.models import DonorToken
from transparency.token_rules import digest_of

PREFIX: Final = "pf_"
"""Lets scanners of leaked secrets recognise ours."""
BYTES: Final = 32


def make(donor: Donor, *, name: str, days: int, actor: Any) -> tuple[DonorToken, str]:
    """A token for ``days`` and the secret, which is told here and never again. Raises `Refused`."""
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    expires_on = timezone.localdate() + timedelta(days=days)
    token = DonorToken(donor=donor, user=actor, name=clean_line(name), digest=digest_of(secret), expires_on=expires_on)
    made = lifecycle.create(token, events.DonorTokenMade(donor=donor.pk, expires_on=expires_on), actor=actor)
    return made, secret


def revoke(token: DonorToken, *, actor: Any) -> DonorToken:
    """It opens nothing from now on. Raises `Refused`, `IllegalMove`."""
    return lifecycle.move(token, events.DonorTokenRevoked(donor=token.donor_id), actor=actor)
