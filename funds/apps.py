from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundsConfig(AppConfig):
    name = "funds"
    verbose_name = _("Funds")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from funds import fsck, rules, work  # noqa: F401 -- they register themselves
        from funds.services import certificates, inbox, letters  # noqa: F401 -- what the outbox owes
        from kernel.navigation import NavItem, Place, register

        def sees_donors(user: Any) -> bool:
            return rules.sees_every_donor(user) or bool(rules.donors_of(user))

        register(
            NavItem(_("Donors"), "funds:donor_list", sees_donors, Place.WORK, order=60),
            NavItem(_("Contributions"), "funds:contribution_list", sees_donors, Place.WORK, order=62),
            NavItem(_("Pledges"), "funds:pledge_list", sees_donors, Place.WORK, order=64),
            NavItem(_("Gifts by card"), "funds:gift_list", rules.reads_gifts, Place.WORK, order=66),
            NavItem(_("Give"), "giving:give", place=Place.PUBLIC, order=70),
        )
