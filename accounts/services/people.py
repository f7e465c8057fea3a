"""A person's account: language, and closing it."""

from typing import Any

from django.db import transaction

from accounts import events, rules
from accounts.models import User
from audit import lifecycle


def set_language(user: User, language: str) -> None:
    """Keep the language in which ``user`` reads pages and mail."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def deactivate(user: User, *, actor: Any, reason: str) -> User:
    """Close the account: nothing it is signed in on works from the next request on. Raises `Refused`."""
    lifecycle.note(user, events.AccountClosed(), actor=actor, reason=reason)
    user.is_active = False
    user.save(update_fields=["is_active"])
    rules.forget_offices(user)
    return user


@transaction.atomic
def reactivate(user: User, *, actor: Any, reason: str) -> User:
    """Open a closed account again. Raises `Refused`."""
    lifecycle.note(user, events.AccountReopened(), actor=actor, reason=reason)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user
