"""Offices of the fund: made and ended by administrators, each with its reason."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import events, rules
from accounts.models import Appointment, User
from accounts.roles import Role
from audit import lifecycle
from kernel.database import advisory_lock


@transaction.atomic
def appoint(
    user: User, role: str, *, starts_on: date, actor: User | None, reason: str, ends_on: date | None = None
) -> Appointment:
    """Give ``user`` the office ``role`` from ``starts_on`` (until ``ends_on`` inclusive).

    Raises `Refused` when the actor has no staff session, for oneself, for an office held already, and for an auditor
    beside another office.
    """
    advisory_lock("accounts.offices")
    rules.forget_offices(user)
    appointment = Appointment(user=user, role=Role(role), starts_on=starts_on, ends_on=ends_on, made_by=actor)
    event = events.AppointmentMade(role=str(Role(role)), holder=user.pk, starts_on=starts_on)
    lifecycle.create(appointment, event, actor=actor, reason=reason)
    rules.forget_offices(user)
    return appointment


@transaction.atomic
def end_appointment(
    appointment: Appointment, *, actor: User | None, reason: str, ends_on: date | None = None
) -> Appointment:
    """End the office at once; ``ends_on`` (today when absent) is the last day that is written down.

    Raises `Refused` for the only administrator.
    """
    advisory_lock("accounts.offices")
    last_day = max(ends_on or timezone.localdate(), appointment.starts_on)
    event = events.AppointmentEnded(role=appointment.role, ends_on=last_day)
    ended = lifecycle.move(appointment, event, actor=actor, reason=reason, changes={"ends_on": last_day})
    rules.forget_offices(appointment.user)
    return ended


def appoint_first_administrator(user: User, *, reason: str) -> Appointment:
    """Make the administrator with whom a new fund begins; raises `Refused` once there has been one."""
    return appoint(user, Role.ADMINISTRATOR, starts_on=timezone.localdate(), actor=None, reason=reason)


def appoint_invited(user: Any, role: str, *, invited_by: User) -> Appointment:
    """The office of an invitation that ``user`` accepted; the person who invited stands as its maker."""
    advisory_lock("accounts.offices")
    rules.forget_offices(user)
    starts_on = timezone.localdate()
    appointment = Appointment(user=user, role=Role(role), starts_on=starts_on, made_by=invited_by)
    event = events.AppointmentMade(role=str(Role(role)), holder=user.pk, starts_on=starts_on)
    lifecycle.create(appointment, event, actor=None)
    rules.forget_offices(user)
    return appointment
