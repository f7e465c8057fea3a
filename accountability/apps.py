from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountabilityConfig(AppConfig):
    name = "accountability"
    verbose_name = _("Accountability")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register rules, wordings of notices, the source of work and entries of the navigation."""
        from accountability import notice_texts, rules, work  # noqa: F401 -- registered by being imported
        from kernel.navigation import NavItem, Place, anyone, register

        register(
            NavItem(_("Complain or tell us"), "accountability:complain", anyone, Place.FOOTER, order=35),
            NavItem(_("Complaints"), "accountability:complaint_list", rules.handles_some, Place.WORK, order=58),
        )
