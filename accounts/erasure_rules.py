"""Who may destroy what the log says of a person, and which objects speak of a person."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Invitation, StaffSession
from accounts.roles import Role
from accounts.rules import in_staff_session, may_hold
from audit import erasure as erasures
from audit.events import Event
from audit.log_events import ErasureCarriedOut, ErasureProposed, ErasureWithdrawn
from audit.models import Erasure
from audit.rules import rule_for
from kernel.permissions import Denied, PermissionResult, all_of

SECONDS = (Role.ADMINISTRATOR, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices whose holders may carry out what another proposed."""


@rule_for(ErasureProposed, ErasureWithdrawn)
def may_propose_erasure(erasure: Erasure, *, actor: Any, event: Event) -> PermissionResult:
    """Administrators in a staff session, never about themselves."""
    if actor is not None and actor.pk == erasure.person_id:
        return Denied(_("Nobody erases their own record: another administrator does it."))
    return in_staff_session(actor)


@rule_for(ErasureCarriedOut)
def may_carry_out_erasure(erasure: Erasure, *, actor: Any, event: Event) -> PermissionResult:
    """A second person of these offices, neither who proposed nor whom it is about."""
    if actor is not None and actor.pk == erasure.proposed_by_id:
        return Denied(_("Another person has to confirm: you proposed this yourself."))
    if actor is not None and actor.pk == erasure.person_id:
        return Denied(_("Nobody erases their own record: another administrator does it."))
    return all_of(may_hold(actor, *SECONDS))


@erasures.concern
def offices(person: Any) -> Iterable[UUID]:
    """The offices that a person held, the sessions of an administrator, the invitation that was accepted or waits."""
    yield from Appointment.objects.filter(user=person).values_list("pk", flat=True)
    yield from StaffSession.objects.filter(user=person).values_list("pk", flat=True)
    invited = Q(accepted_by=person) | Q(email__iexact=person.email)
    yield from Invitation.objects.filter(invited).values_list("pk", flat=True)
