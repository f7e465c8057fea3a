from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    name = "charter"
    verbose_name = _("Charter")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audit import needs
        from charter import notice_texts, personal, reactions, rules, work  # noqa: F401 -- register themselves
        from charter.selectors import needs_of_the_log
        from kernel.navigation import NavItem, Place, anyone, register, signed_in

        needs.provided_by(needs_of_the_log)
        register(
            NavItem(_("Charter"), "charter:in_force", anyone, Place.PUBLIC, order=40),
            NavItem(_("Charter"), "charter:in_force", signed_in, Place.WORK, order=80),
        )
