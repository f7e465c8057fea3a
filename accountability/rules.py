"""Who reads a complaint and acts on it: the secretariat ordinary ones, case handlers alone the restricted ones."""

from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accountability import events
from accountability.models import Complaint, Message, RevengeCheck
from accounts.roles import Role
from accounts.rules import may_hold
from accounts.selectors import has_role, users_with_role
from audit.rules import rule_for, system_only
from kernel.permissions import Allowed, Denied, PermissionResult

ORDINARY: Final = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER, Role.CASE_HANDLER)
"""Who handles complaints that can hurt nobody by being read."""

rule_for(events.ComplaintReceived)(system_only)


def visible_complaints(user: Any) -> Q:
    """Beside `may_handle`: ordinary ones for `ORDINARY`; restricted ones for case handlers who are not shut out."""
    if has_role(user, Role.CASE_HANDLER):
        return ~Q(excluded__contains=[user.pk])
    return Q(restricted=False) if has_role(user, *ORDINARY) else Q(pk__in=[])


def offices(*, restricted: bool) -> tuple[Role, ...]:
    """Which offices read such complaints."""
    return (Role.CASE_HANDLER,) if restricted else ORDINARY


def readers(complaint: Complaint, *, restricted: bool | None = None) -> list[Any]:
    """Who may read the complaint and look into it, as it is or as it would be."""
    closed = complaint.restricted if restricted is None else restricted
    found = {one.pk: one for role in offices(restricted=closed) for one in users_with_role(role)}
    return [one for pk, one in found.items() if pk not in complaint.excluded]


@rule_for(events.ComplaintTakenUp, events.ComplaintMoved, events.ComplaintAssigned, events.ComplaintAnswered)
def may_handle(complaint: Complaint, *, actor: Any, event: Any = None) -> PermissionResult:
    """Whoever may read it."""
    if actor is not None and actor.pk in complaint.excluded:
        return Denied(_("This complaint is closed to you."))
    return may_hold(actor, *offices(restricted=complaint.restricted))


@rule_for(events.MessageWritten)
def may_write(message: Message, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who handles it; who complained writes with the code, without a name."""
    return Allowed() if actor is None else may_handle(message.complaint, actor=actor)


@rule_for(events.HandlerExcluded)
def may_exclude(complaint: Complaint, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another case handler, of a restricted complaint."""
    if not complaint.restricted:
        return Denied(_("Only restricted complaints are closed to somebody."))
    return may_handle(complaint, actor=actor)


@rule_for(events.SafetyAsked)
def may_ask(check: RevengeCheck, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who handles it, from the day on which the charter asks; earlier revenge is a complaint of its own."""
    if check.complaint.follow_up_on[check.number - 1] > timezone.localdate():
        return Denied(_("The day on which the fund asks has not come yet."))
    return may_handle(check.complaint, actor=actor)


def others_than(complaint: Complaint, actor: Any) -> list[Any]:
    """Case handlers who can be shut out by ``actor``."""
    gone = {*complaint.excluded, actor.pk}
    return [one for one in users_with_role(Role.CASE_HANDLER) if one.pk not in gone]


def handles_some(user: Any) -> bool:
    """Whether the navigation offers complaints to ``user``."""
    return bool(user.is_authenticated and has_role(user, *ORDINARY))
