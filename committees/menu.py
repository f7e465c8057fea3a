"""The entries of committees in the navigation."""

from django.utils.translation import gettext_lazy as _

from kernel.navigation import NavItem, Place, register, signed_in

register(NavItem(_("Committees"), "committees:committee_list", signed_in, Place.WORK, order=40))
