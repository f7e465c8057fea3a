from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CharterConfig(AppConfig):
    name = "charter"
    verbose_name = _("Charter")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from charter import notice_texts, reactions, rules, work  # noqa: F401 -- register themselves
        from kernel.navigation import NavItem, Place, anyone, register, signed_in

        register(
            NavItem(_("Charter"), "charter:in_force", anyone, Place.PUBLIC, order=40),
            NavItem(_("Charter"), "charter:in_force", signed_in, Place.WORK, order=80),
        )
