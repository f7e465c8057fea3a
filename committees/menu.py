"""The entries of committees in the navigation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import has_role
from committees.selectors.appeals import OVERSEERS
from committees.selectors.committees import sees_any
from committees.selectors.extracts import reads_extracts
from kernel.navigation import NavItem, Place, anyone, register
from organisations.rules.people import memberships_of

register(NavItem(_("What committees decided"), "committees:extract_list", reads_extracts, Place.WORK, order=42))
register(NavItem(_("Committees"), "committees:committee_list", sees_any, Place.WORK, order=40))


def _appeals(user: Any) -> bool:
    return bool(user.is_authenticated) and (
        bool(memberships_of(user)) or has_role(user, *OVERSEERS, Role.APPEALS_PANELIST)
    )


register(NavItem(_("Appeals"), "committees:appeal_list", _appeals, Place.WORK, order=45))
register(
    NavItem(_("Alerts"), "committees:alert_list", lambda user: sees_any(user) or _appeals(user), Place.WORK, order=43)
)
register(NavItem(_("Appeals"), "committees:appeals_published", anyone, Place.FOOTER, order=60))
