"""Who signs in begins a session; who signs out leaves the staff session too; who sets up a second factor has used it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import idle, second_factor, selectors, services


@receiver(user_logged_in, dispatch_uid="accounts.begin_session")
def begin_session(sender: Any, request: HttpRequest, **_kwargs: Any) -> None:
    """Count the time of the session from here."""
    idle.begin(request)


@receiver(user_logged_out, dispatch_uid="accounts.leave_staff_session")
def leave_staff_session(sender: Any, user: Any, **_kwargs: Any) -> None:
    """Close the staff session of a person who signs out."""
    session = selectors.open_staff_session(user) if user is not None else None
    if session is not None:
        services.close_staff_session(session, actor=user)


@receiver(authenticator_added, dispatch_uid="accounts.first_use")
def first_use(sender: Any, request: HttpRequest, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Count the enrolment of a passkey or an app as its first use, so that nobody waits for the next code."""
    second_factor.record_enrolment(request, authenticator)
