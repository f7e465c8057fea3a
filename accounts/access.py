"""Who may open the pages of accounts."""

from accounts.roles import Role
from kernel.access import Access, public, role, signed_in

_administrator = role(Role.ADMINISTRATOR, relation="in an open staff session").confirmed()
_officer = role(*Role, relation="sees all offices")

ACCESS: dict[str, Access] = {
    "accounts:office_list": _officer.reading(),
    "accounts:me": signed_in("the person's own account"),
    "accounts:second_factor": signed_in("the person's own factors").reading(),
    "accounts:second_factor_done": signed_in("the person's own factors").reading(),
    "accounts:go_on": signed_in("who signed in or confirmed in a second window").reading(),
    "accounts:appoint": _administrator,
    "accounts:appointment_detail": signed_in("officers; the person appointed").reading(),
    "accounts:end_appointment": _administrator,
    "accounts:staff_session": role(Role.ADMINISTRATOR).confirmed(),
    "accounts:close_staff_session": role(Role.ADMINISTRATOR, relation="their own session").acting(),
    "accounts:invitation_list": signed_in("invitations they sent; administrators: those to offices").reading(),
    "accounts:invite": _administrator,
    "accounts:withdraw_invitation": signed_in("who may invite for the same purpose").acting(),
    "accounts:invitation": public("the holder of the link in the letter"),
    "accounts:person_list": role(Role.ADMINISTRATOR).reading(),
    "accounts:person_detail": role(Role.ADMINISTRATOR).reading(),
    "accounts:switch_person": _administrator,
}
