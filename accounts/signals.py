"""Who signs out leaves the staff session too."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from accounts import selectors, services


@receiver(user_logged_out, dispatch_uid="accounts.leave_staff_session")
def leave_staff_session(sender: Any, user: Any, **_kwargs: Any) -> None:
    """Close the staff session of a person who signs out."""
    session = selectors.open_staff_session(user) if user is not None else None
    if session is not None:
        services.close_staff_session(session, actor=user)
