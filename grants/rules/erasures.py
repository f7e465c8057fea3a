"""Who erases files that came with applications: the offices that erase what the log says of people, two of them each time."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.erasure_rules import SECONDS
from accounts.roles import Role
from accounts.rules import in_staff_session, may_hold
from audit.rules import rule_for
from grants import events
from grants.guards import WRITTEN
from grants.models import FileErasure
from kernel.permissions import Denied, PermissionResult

LOOKERS = SECONDS
"""Offices that see which files are to be, and were, erased."""


def may_look_for_files(actor: Any) -> PermissionResult:
    """Administrators find a file by the number of its application."""
    return may_hold(actor, Role.ADMINISTRATOR)


@rule_for(events.FileErasureProposed, events.FileErasureWithdrawn)
def may_propose_file_erasure(erasure: FileErasure, *, actor: Any, event: Any = None) -> PermissionResult:
    """Administrators in a staff session; what is still being written its organisation removes itself."""
    if erasure.attachment.application.state in WRITTEN:
        return Denied(
            _(
                "The organisation is still writing this application and removes its files itself; files of a concept note "
                "that was sent can be erased when the application is sent or withdrawn."
            )
        )
    return in_staff_session(actor)


@rule_for(events.FileErased)
def may_erase_file(erasure: FileErasure, *, actor: Any, event: Any = None) -> PermissionResult:
    """A second person of these offices, not who proposed it."""
    if actor is not None and actor.pk == erasure.proposed_by_id:
        return Denied(_("Another person has to confirm: you proposed this yourself."))
    return may_hold(actor, *SECONDS)
