"""What follows from an accepted invitation to an office of the fund."""

from typing import Any

from accounts import events
from accounts.models import Invitation
from accounts.rules import OFFICE
from accounts.services.offices import appoint_invited
from audit.reactions import reacts_to


@reacts_to(events.InvitationAccepted)
def give_invited_office(invitation: Invitation, event: events.InvitationAccepted, *, actor: Any, leaf: Any) -> None:
    """An invitation to an office gives it to the person who accepted."""
    if invitation.purpose == OFFICE:
        appoint_invited(actor, invitation.details["role"], invited_by=invitation.invited_by)
