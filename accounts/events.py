"""What happens to people's offices, invitations and staff sessions."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from audit.events import Event, register


@register
class AppointmentMade(Event):
    type = "accounts.appointment.made"
    needs_second_factor = True
    sentence = _("appointed to the office “%(role)s” from %(starts_on)s")
    labels = {"role": Role}
    role: str
    holder: UUID
    starts_on: date


@register
class AppointmentEnded(Event):
    type = "accounts.appointment.ended"
    needs_second_factor = True
    sentence = _("ended the office “%(role)s” on %(ends_on)s")
    labels = {"role": Role}
    role: str
    ends_on: date


@register
class InvitationSent(Event):
    type = "accounts.invitation.sent"
    needs_second_factor = True
    sentence = _("sent an invitation: %(purpose)s")
    purpose: str


@register
class InvitationAccepted(Event):
    type = "accounts.invitation.accepted"
    sentence = _("accepted the invitation: %(purpose)s")
    purpose: str


@register
class InvitationWithdrawn(Event):
    type = "accounts.invitation.withdrawn"
    sentence = _("withdrew the invitation: %(purpose)s")
    purpose: str


@register
class StaffSessionOpened(Event):
    type = "accounts.staff_session.opened"
    needs_second_factor = True
    sentence = _("opened a staff session of %(minutes)s minutes")
    minutes: int


@register
class StaffSessionClosed(Event):
    type = "accounts.staff_session.closed"
    sentence = _("closed the staff session")


@register
class AccountClosed(Event):
    type = "accounts.account.closed"
    needs_second_factor = True
    sentence = _("closed this account")


@register
class AccountReopened(Event):
    type = "accounts.account.reopened"
    needs_second_factor = True
    sentence = _("opened this account again")
