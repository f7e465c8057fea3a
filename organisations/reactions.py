"""What follows from an act: a membership, and notices to those concerned."""

from typing import Any

from accounts.events import InvitationAccepted
from accounts.models import Invitation
from audit.reactions import reacts_to
from organisations import services
from organisations.rules.profile import PURPOSE


@reacts_to(InvitationAccepted)
def join_organisation(invitation: Invitation, event: InvitationAccepted, *, actor: Any, leaf: Any) -> None:
    """An invitation to an organisation gives the role to the person who accepted."""
    if invitation.purpose == PURPOSE:
        services.add_invited_person(invitation, user=actor)
