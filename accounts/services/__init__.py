"""Writes of the accounts: offices, staff sessions, invitations, the person's own settings."""

from accounts.services.invitations import (
    accept,
    invitation_of,
    invite,
    invite_to_office,
    register_invited,
    token_of,
    withdraw,
)
from accounts.services.offices import appoint, appoint_first_administrator, end_appointment
from accounts.services.people import deactivate, reactivate, set_language
from accounts.services.staff_sessions import close_expired, close_staff_session, open_staff_session

__all__ = [
    "accept",
    "appoint",
    "appoint_first_administrator",
    "close_expired",
    "close_staff_session",
    "deactivate",
    "end_appointment",
    "invitation_of",
    "invite",
    "invite_to_office",
    "open_staff_session",
    "reactivate",
    "register_invited",
    "set_language",
    "token_of",
    "withdraw",
]
