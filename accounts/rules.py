"""Who may appoint, invite and open staff sessions; and the rule that every other app builds on: holding an office."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import Appointment, Invitation, StaffSession
from accounts.roles import Role
from accounts.states import AppointmentState, InvitationState, StaffSessionState
from audit.rules import Rule, rule_for
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from kernel.prepared import Prepared

OFFICE: Final = "accounts.office"
"""Purpose of an invitation that offers an office of the fund (``details["role"]``)."""

InvitationRule = Callable[..., PermissionResult]
_invitation_rules: dict[str, InvitationRule] = {}


def held_on(day: date) -> Q:
    """Appointments that give their office on ``day``; the day of the end still counts, an ended one never."""
    return Q(state=AppointmentState.HELD, starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


_HELD: Final = Prepared(
    lambda day, user: Appointment.objects.filter(held_on(day), user=user).values_list("role"), day=date, user=UUID
)


def offices_of(user: Any) -> frozenset[str]:
    """The offices that ``user`` holds today: one query, kept on the instance (which lives for one request)."""
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    cached: frozenset[str] | None = user.__dict__.get("_offices")
    if cached is None:
        cached = frozenset(role for (role,) in _HELD.ask(day=timezone.localdate(), user=user.pk))
        user.__dict__["_offices"] = cached
    return cached


def forget_offices(user: Any) -> None:
    """Let the next question about ``user``'s offices ask the database again."""
    user.__dict__.pop("_offices", None)


def may_hold(user: Any, *roles: str) -> PermissionResult:
    """Whether ``user`` holds one of the offices ``roles`` today."""
    if offices_of(user).intersection(roles):
        return Allowed()
    names = [Role(role).label for role in roles]
    if len(names) == 1:
        return Denied(format_lazy(_("Only people who hold this office may do this: {office}."), office=names[0]))
    listed = format_lazy("، ".join(["{}"] * len(names)), *names) if names else ""
    return Denied(format_lazy(_("Only people who hold one of these offices may do this: {offices}."), offices=listed))


def role_rule(*roles: str) -> Rule:
    """A rule that consents to people who hold one of ``roles``; never to the system."""

    def rule(_subject: Any, *, actor: Any, event: Any) -> PermissionResult:
        return may_hold(actor, *roles)

    return rule


# Staff sessions --------------------------------------------------------------------------------------------------


def open_at(moment: datetime) -> Q:
    """Staff sessions that are open at ``moment``: neither closed nor past their end."""
    return Q(state=StaffSessionState.OPEN, expires_at__gt=moment)


def in_staff_session(user: Any) -> PermissionResult:
    """Whether ``user`` is an administrator with an open staff session."""
    administrator = may_hold(user, Role.ADMINISTRATOR)
    if not administrator:
        return administrator
    if StaffSession.objects.filter(open_at(timezone.now()), user=user).exists():
        return Allowed()
    return Denied(_("Open a staff session first: it says why you do this, and ends by itself."))


@rule_for(events.StaffSessionOpened)
def may_open_staff_session(session: StaffSession, *, actor: Any, event: events.StaffSessionOpened) -> PermissionResult:
    """Administrators, for themselves."""
    if actor is None or session.user_id != actor.pk:
        return Denied(_("A staff session is opened by the administrator who uses it."))
    return may_hold(actor, Role.ADMINISTRATOR)


@rule_for(events.StaffSessionClosed)
def may_close_staff_session(session: StaffSession, *, actor: Any, event: Any) -> PermissionResult:
    """Its owner by hand; the system when its time is over, its owner signs out or loses the office."""
    if actor is None or session.user_id == actor.pk:
        return Allowed()
    return Denied(_("A staff session is closed by the administrator who opened it."))


# Offices ---------------------------------------------------------------------------------------------------------


def _not_oneself(appointment: Appointment, actor: Any) -> PermissionResult:
    if appointment.user_id == actor.pk:
        return Denied(_("Nobody appoints themselves: another administrator does it."))
    return Allowed()


def fits(appointment: Appointment) -> PermissionResult:
    """Whether the person may hold this office beside what they hold: no office twice, and an auditor no other."""
    offices = offices_of(appointment.user)
    if not appointment.user.is_active:
        return Denied(_("This person's account is closed."))
    if appointment.role in offices:
        return Denied(_("This person already holds this office."))
    if offices and Role.AUDITOR in {appointment.role, *offices}:
        return Denied(_("An auditor holds no other office: nobody audits their own work."))
    return Allowed()


@rule_for(events.AppointmentMade)
def may_appoint(appointment: Appointment, *, actor: Any, event: events.AppointmentMade) -> PermissionResult:
    """Administrators in a staff session, never themselves.

    The system makes the very first administrator, and the office of an invitation that was accepted.
    """
    if actor is None:
        return all_of(_system_may_appoint(appointment), fits(appointment))
    return all_of(in_staff_session(actor), _not_oneself(appointment, actor), fits(appointment))


def _system_may_appoint(appointment: Appointment) -> PermissionResult:
    if appointment.role == Role.ADMINISTRATOR and not Appointment.objects.filter(role=Role.ADMINISTRATOR).exists():
        return Allowed()
    invited = Invitation.objects.filter(
        purpose=OFFICE,
        state=InvitationState.ACCEPTED,
        accepted_by=appointment.user_id,
        details__role=appointment.role,
    )
    if invited.exists():
        return Allowed()
    return Denied(_("The fund already has had an administrator: appointments are made by administrators."))


@rule_for(events.AppointmentEnded)
def may_end_appointment(appointment: Appointment, *, actor: Any, event: events.AppointmentEnded) -> PermissionResult:
    """Administrators in a staff session; the last administrator stays until another is appointed."""
    others = Appointment.objects.filter(held_on(timezone.localdate()), role=Role.ADMINISTRATOR).exclude(
        user=appointment.user_id
    )
    if appointment.role == Role.ADMINISTRATOR and not others.exists():
        return Denied(_("This is the only administrator: appoint another one first."))
    return in_staff_session(actor)


@rule_for(events.AccountClosed, events.AccountReopened)
def may_close_account(user: Any, *, actor: Any, event: Any) -> PermissionResult:
    """Administrators in a staff session; not their own account, and nobody's who still holds an office."""
    if actor is not None and user.pk == actor.pk:
        return Denied(_("Another administrator closes your account."))
    if (
        isinstance(event, events.AccountClosed)
        and Appointment.objects.filter(held_on(timezone.localdate()), user=user).exists()
    ):
        return Denied(_("This person holds an office: end it first."))
    return in_staff_session(actor)


# Invitations -----------------------------------------------------------------------------------------------------


def invitation_rule(purpose: str) -> Callable[[InvitationRule], InvitationRule]:
    """Register ``fn(invitation, *, actor) -> PermissionResult``: who may invite (and take back) for ``purpose``."""

    def decorate(rule: InvitationRule) -> InvitationRule:
        if _invitation_rules.setdefault(purpose, rule) is not rule:
            raise ValueError(f"invitations for {purpose!r} have two rules")
        return rule

    return decorate


@invitation_rule(OFFICE)
def may_invite_to_office(invitation: Invitation, *, actor: Any) -> PermissionResult:
    """Administrators in a staff session, and to an address that is not their own."""
    if actor is not None and invitation.email == actor.email:
        return Denied(_("Nobody appoints themselves: another administrator does it."))
    return in_staff_session(actor)


@rule_for(events.InvitationSent, events.InvitationWithdrawn)
def may_invite(invitation: Invitation, *, actor: Any, event: Any) -> PermissionResult:
    """What the app of the invitation's purpose says; never without a person who invites."""
    if actor is None:
        return Denied(_("An invitation comes from a person."))
    rule = _invitation_rules.get(invitation.purpose)
    if rule is None:
        raise LookupError(f"no rule for invitations of purpose {invitation.purpose!r}")
    return rule(invitation, actor=actor)


@rule_for(events.InvitationAccepted)
def may_accept(invitation: Invitation, *, actor: Any, event: Any) -> PermissionResult:
    """The person with the invited address, while the invitation is valid."""
    if actor is None or actor.email != invitation.email:
        return Denied(_("This invitation was sent to another e-mail address. Sign in with that address."))
    if not actor.is_active:
        return Denied(_("This person's account is closed."))
    if invitation.expires_at <= timezone.now():
        return Denied(_("This invitation has expired. Ask the person who invited you for a new one."))
    return Allowed()
