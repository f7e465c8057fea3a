"""Who makes tokens for a donor's data, who revokes them, and when one still opens anything."""

import hashlib
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules import may_hold
from audit.rules import rule_for
from funds.rules import KEEPERS, donors_of
from kernel.permissions import Allowed, Denied, PermissionResult
from transparency import token_events as events
from transparency.models import DonorToken
from transparency.models.tokens import TokenState


def may_make_tokens(donor: Any, user: Any) -> PermissionResult:
    """Who represents the donor today; officers of the fund have their own pages."""
    if donor.pk in donors_of(user):
        return Allowed()
    return Denied(_("Only people who represent the donor make tokens for its data."))


@rule_for(events.DonorTokenMade)
def may_make(token: DonorToken, *, actor: Any, event: Any) -> PermissionResult:
    """For themselves, and for a donor whom they represent."""
    if actor is None or token.user_id != actor.pk:
        return Denied(_("Everybody makes their own tokens."))
    return may_make_tokens(token.donor, actor)


@rule_for(events.DonorTokenRevoked)
def may_revoke(token: DonorToken, *, actor: Any, event: Any) -> PermissionResult:
    """Who made it, and those who keep donors' mandates."""
    return Allowed() if actor is not None and token.user_id == actor.pk else may_hold(actor, *KEEPERS)


def visible_tokens(user: Any) -> Q:
    """The own ones; those who keep mandates see all."""
    return Q() if may_hold(user, *KEEPERS) else Q(user=user)


def opens(token: DonorToken) -> bool:
    """Whether it is in force, not expired, and its maker an active representative still."""
    in_force = token.state == TokenState.IN_FORCE and timezone.localdate() < token.expires_on
    return in_force and bool(may_make_tokens(token.donor, token.user))


def digest_of(secret: str) -> str:
    """What is kept of a token: it is 256 random bits, so a plain hash tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
